"""Figures, their detail lines, and the record of every change of a figure."""

from django.db import models
from django.db.models import Q

from indicators.models import Row
from indicators.tracing import LONGEST, request_id
from reporting.models.agencies import User
from reporting.models.submissions import Submission
from reporting.numbers import PLACES, SIGNIFICANT_DIGITS
from reporting.snapshot import FigureStatus, Reading


class Figure(models.Model):
    """What an agency put in one cell. No row here means: not reported, which is not zero."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="figures")
    row = models.ForeignKey(Row, models.PROTECT, related_name="figures")
    status = models.CharField(
        "tình trạng",
        max_length=12,
        choices=FigureStatus.choices(),
        default=FigureStatus.REPORTED.value,
    )
    number = models.DecimalField(
        "giá trị", null=True, blank=True, max_digits=SIGNIFICANT_DIGITS, decimal_places=PLACES
    )
    numerator = models.DecimalField(
        "tử số", null=True, blank=True, max_digits=SIGNIFICANT_DIGITS, decimal_places=PLACES
    )
    denominator = models.DecimalField(
        "mẫu số", null=True, blank=True, max_digits=SIGNIFICANT_DIGITS, decimal_places=PLACES
    )
    choice = models.CharField("mã lựa chọn", max_length=10, blank=True)
    text = models.TextField("trả lời bằng chữ", blank=True)
    note = models.TextField("ghi chú", blank=True)
    written = models.CharField("chữ đã ghi", max_length=200, blank=True)
    written_unit = models.CharField("chữ ghi ở cột đơn vị tính", max_length=100, blank=True)
    reading = models.CharField(
        "cách đọc", max_length=12, choices=Reading.choices(), default=Reading.AS_IS.value
    )

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "row"),
                name="figure_once_in_submission",
                violation_error_message="Dòng này đã có số liệu trong báo cáo.",
            ),
            models.CheckConstraint(
                name="figure_silent_without_value",
                condition=Q(status=FigureStatus.REPORTED.value)
                | Q(number__isnull=True, choice="", text=""),
                violation_error_message="«Không phát sinh» và «không thuộc phạm vi» không kèm số.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission} {self.row.key}"


class DetailLine(models.Model):
    """One line of an agency's own breakdown under a figure."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="details")
    position = models.PositiveSmallIntegerField("thứ tự")
    label = models.CharField("nội dung", max_length=300)
    number = models.DecimalField(
        "giá trị", null=True, blank=True, max_digits=SIGNIFICANT_DIGITS, decimal_places=PLACES
    )
    written = models.CharField("chữ đã ghi", max_length=60, blank=True)

    class Meta:
        verbose_name = "dòng chi tiết"
        verbose_name_plural = "dòng chi tiết"
        ordering = ("figure", "position")
        constraints = (
            models.UniqueConstraint(fields=("figure", "position"), name="detail_position_once"),
        )

    def __str__(self) -> str:
        return self.label


class FigureChange(models.Model):
    """One line of the record: a cell changed. Never edited, never deleted.

    ``before`` and ``after`` hold the whole cell with numbers as decimal text; None is "not there".
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="changes")
    row = models.ForeignKey(Row, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField("lần lưu")
    before = models.JSONField("trước", null=True)
    after = models.JSONField("sau", null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    source = models.CharField("nguồn", max_length=300, blank=True)
    reason = models.TextField("lý do", blank=True)
    # Which entry of which open page this was, "PAGE.NUMBER": one that is sent again, because its
    # answer was lost on the way, is known by it and not made twice.
    entry = models.CharField("mã lần ghi", max_length=60, blank=True)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký số liệu"
        verbose_name_plural = "nhật ký số liệu"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("submission", "revision"), name="change_by_revision"),
            models.Index(fields=("submission", "row"), name="change_by_row"),
            models.Index(fields=("at",), name="change_by_time"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "by", "entry"),
                condition=~Q(entry=""),
                name="change_entry_once",
                violation_error_message="Lần ghi này đã có trong nhật ký.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission} {self.row.key} lần {self.revision}"
