"""Indicators, forms, their dated versions and the printed rows of each version."""

from django.db import models
from django.db.models import Q

from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Status


class Indicator(models.Model):
    """What is measured; its code outlives every form and joins them."""

    code = models.CharField("mã", max_length=100, unique=True)
    name = models.CharField("tên", max_length=400)
    unit = models.CharField("đơn vị tính", max_length=100, blank=True)
    kind = models.CharField("loại số liệu", max_length=10, choices=Kind.choices())

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


class Form(models.Model):
    """A printed table that lives through several editions."""

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=300)

    class Meta:
        verbose_name = "biểu mẫu"
        verbose_name_plural = "biểu mẫu"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """One dated edition of a form. Published content is frozen under its hash.

    Change only through ``indicators.actions``: they refuse to touch what is published.
    """

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions", verbose_name="biểu mẫu")
    code = models.CharField("mã phiên bản", max_length=40, unique=True)
    edition = models.CharField("ấn bản", max_length=40)
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("có hiệu lực đến", null=True, blank=True)
    appendix_label = models.CharField("tên phụ lục", max_length=60, blank=True)
    title = models.CharField("tiêu đề", max_length=400)
    legal_line = models.CharField("dòng căn cứ", max_length=400, blank=True)
    label_heading = models.CharField("tiêu đề cột chỉ tiêu", max_length=200)
    last_heading = models.CharField("tiêu đề cột cuối", max_length=100)
    note = models.TextField("ghi chú", blank=True)
    status = models.CharField(
        "trạng thái", max_length=10, choices=Status.choices(), default=Status.DRAFT.value
    )
    content_hash = models.CharField("mã băm nội dung", max_length=64, blank=True)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiên bản biểu mẫu"
        verbose_name_plural = "phiên bản biểu mẫu"
        ordering = ("form__code", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="published_version_has_hash",
                condition=Q(status=Status.DRAFT.value) | ~Q(content_hash=""),
                violation_error_message="Phiên bản đã công bố phải có mã băm nội dung.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form.name} ({self.edition})"


class Row(models.Model):
    """One printed line of a form version."""

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField("thứ tự")
    key = models.CharField("khóa", max_length=40)
    stt = models.CharField("STT in trên giấy", max_length=20, blank=True)
    label = models.TextField("chỉ tiêu")
    unit = models.CharField("đơn vị tính", max_length=200, blank=True)
    who_reports = models.TextField("cột cuối trên giấy", blank=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="parts")
    kind = models.CharField("loại số liệu", max_length=10, choices=Kind.choices())
    choices = models.CharField("các lựa chọn", max_length=400, blank=True)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="rows"
    )
    formula = models.CharField("công thức", max_length=300, blank=True)
    across_agencies = models.CharField(
        "cộng giữa các đơn vị", max_length=12, choices=AcrossAgencies.choices()
    )
    across_periods = models.CharField(
        "qua các kỳ", max_length=12, blank=True, choices=AcrossPeriods.choices()
    )
    reporter = models.CharField("cơ quan được giao", max_length=30, blank=True)
    vertical = models.BooleanField("gồm cả ngành dọc", default=False)
    emphasis = models.CharField("kiểu chữ", max_length=10, blank=True, choices=Emphasis.choices())

    class Meta:
        verbose_name = "dòng chỉ tiêu"
        verbose_name_plural = "dòng chỉ tiêu"
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "key"),
                name="row_key_once_in_version",
                violation_error_message="Khóa dòng bị lặp trong phiên bản.",
            ),
            models.UniqueConstraint(
                fields=("version", "position"),
                name="row_position_once_in_version",
                violation_error_message="Thứ tự dòng bị lặp trong phiên bản.",
            ),
            models.UniqueConstraint(
                fields=("version", "indicator"),
                name="indicator_once_in_version",
                violation_error_message="Một chỉ tiêu chỉ được dùng một lần trong phiên bản.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.label}"
