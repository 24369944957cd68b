"""Indicators, forms, their dated versions with rows and rules, and the record of versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.catalogue.written import SCHEME
from indicators.kinds import (
    AcrossAgencies,
    AcrossPeriods,
    Act,
    Change,
    Emphasis,
    Kind,
    Meaning,
    Missing,
    Severity,
    Status,
)
from indicators.tracing import LONGEST, request_id


class Function(models.Model):
    """A task that a form names an agency by ("Sở Tư pháp"), whatever body holds it today."""

    code = models.SlugField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=120)
    called = models.CharField(
        "cách gọi trên biểu",
        max_length=400,
        blank=True,
        help_text="Những tên mà biểu giấy dùng, cách nhau dấu |.",
    )

    class Meta:
        verbose_name = "chức năng"
        verbose_name_plural = "chức năng"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """What is measured; its code outlives every form and joins them."""

    code = models.CharField("mã", max_length=100, unique=True)
    name = models.CharField("tên", max_length=400)
    unit = models.CharField("đơn vị tính", max_length=100, blank=True)
    kind = models.CharField("loại số liệu", max_length=10, choices=Kind.choices())
    definition = models.TextField("định nghĩa, cách tính", blank=True)
    legal_basis = models.TextField("căn cứ pháp lý", blank=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code}: {self.name}"


class IndicatorLink(models.Model):
    """A newer indicator came out of an older one: renamed, merged into, split off."""

    older = models.ForeignKey(
        Indicator, models.PROTECT, related_name="successors", verbose_name="chỉ tiêu cũ"
    )
    newer = models.ForeignKey(
        Indicator, models.PROTECT, related_name="predecessors", verbose_name="chỉ tiêu mới"
    )
    change = models.CharField("thay đổi", max_length=10, choices=Change.choices())
    meaning = models.CharField("ý nghĩa", max_length=10, choices=Meaning.choices())
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "liên hệ chỉ tiêu"
        verbose_name_plural = "liên hệ chỉ tiêu"
        ordering = ("older__code", "newer__code")
        constraints = (
            models.UniqueConstraint(
                fields=("older", "newer"),
                name="indicator_link_once",
                violation_error_message="Hai chỉ tiêu này đã được nối với nhau.",
            ),
            models.CheckConstraint(
                name="indicator_link_of_two",
                condition=~Q(older=models.F("newer")),
                violation_error_message="Một chỉ tiêu không nối với chính nó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.older.code} {Change(self.change).label} {self.newer.code}"


class IndicatorEvent(models.Model):
    """One line of the record of an indicator. Never edited, never deleted.

    ``changes`` says in words what was changed.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    changes = models.JSONField("thay đổi", default=list)
    note = models.TextField("ghi chú", blank=True)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký chỉ tiêu"
        verbose_name_plural = "nhật ký chỉ tiêu"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.indicator.code}: {'; '.join(self.changes)}"


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

    A draft keeps its rows as written, faults and all, in ``draft``; only publishing makes them
    ``Row``s. Change only through ``indicators.actions``: they refuse to touch what is published.
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
    scheme = models.PositiveSmallIntegerField("cách băm", default=SCHEME)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    # The last day on which a retired version was in force.
    retired_on = models.DateField("dùng đến hết ngày", null=True, blank=True)
    draft = models.JSONField("nội dung bản thảo", null=True, blank=True)
    # Counts the acts on a draft; a page posts the one it was drawn from, so that a second writer
    # is noticed.
    revision = models.PositiveIntegerField("lần lưu", default=0)

    class Meta:
        verbose_name = "phiên bản biểu mẫu"
        verbose_name_plural = "phiên bản biểu mẫu"
        ordering = ("form__code", "valid_from")
        constraints = (
            models.CheckConstraint(
                name="published_version_has_hash",
                condition=Q(status__in=[Status.DRAFT.value, Status.DISCARDED.value])
                | ~Q(content_hash=""),
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
    asked = models.CharField("đơn vị báo cáo số của mình", max_length=120, blank=True)
    reporter = models.CharField("cơ quan báo cáo số của cả tỉnh", max_length=120, blank=True)
    vertical = models.BooleanField("gồm cả ngành dọc", default=False)
    emphasis = models.CharField("kiểu chữ", max_length=10, blank=True, choices=Emphasis.choices())
    # STT, label and unit for searching, with and without diacritics; written with the row.
    search = models.TextField(editable=False, default="")

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


class Rule(models.Model):
    """What the figures of one report should satisfy."""

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField("thứ tự")
    code = models.CharField("mã", max_length=40)
    severity = models.CharField("mức", max_length=10, choices=Severity.choices())
    condition = models.CharField("điều phải đúng", max_length=800)
    missing = models.CharField(
        "khi thiếu số",
        max_length=10,
        choices=Missing.choices(),
        blank=True,
        default=Missing.SKIP_ANY.value,
    )
    sentence = models.TextField("câu báo khi sai")
    instruction = models.TextField("việc cần làm")

    class Meta:
        verbose_name = "quy tắc kiểm tra"
        verbose_name_plural = "quy tắc kiểm tra"
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "code"),
                name="rule_code_once_in_version",
                violation_error_message="Mã quy tắc bị lặp trong phiên bản.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class VersionEvent(models.Model):
    """One line of the record of a form version. Never edited, never deleted.

    ``changes`` says in words what the act changed; ``content`` is the draft as the act left it, so
    that any earlier state can be taken up again.
    """

    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="events")
    act = models.CharField("việc", max_length=20, choices=Act.choices())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    note = models.TextField("ghi chú", blank=True)
    changes = models.JSONField("thay đổi", default=list)
    content = models.JSONField("nội dung", null=True)
    revision = models.PositiveIntegerField("lần lưu")
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký biểu mẫu"
        verbose_name_plural = "nhật ký biểu mẫu"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.version.code}: {self.act}"


class Upload(models.Model):
    """A file read for a draft, kept as it came, with what was read from it. It changes nothing
    until a person who has seen the preview applies it."""

    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    original = models.BinaryField("tệp gốc")
    content = models.JSONField("nội dung đọc được", null=True)
    # The draft that the preview was compared with.
    revision = models.PositiveIntegerField("so với lần lưu")
    applied_at = models.DateTimeField("nhận lúc", null=True)

    class Meta:
        verbose_name = "tệp tải lên"
        verbose_name_plural = "tệp tải lên"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.file_name
