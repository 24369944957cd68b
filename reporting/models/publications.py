"""A province's figures made public, what was said of its differences, and which matter most."""

from django.db import models

from indicators.models import FormVersion, Indicator
from indicators.tracing import LONGEST, request_id
from reporting.models.agencies import Agency, User
from reporting.models.rounds import Round


class Publication(models.Model):
    """The province's appendix of a round by one form, numbered from 1 and frozen. Never edited,
    never deleted.

    ``content`` is the canonical text that ``sha256`` is the hash of (reporting.publication): every
    printed line, and every figure behind it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="publications")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("lần công bố")
    at = models.DateTimeField("công bố lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    report_number = models.CharField("số báo cáo", max_length=60, blank=True)
    report_date = models.DateField("ngày báo cáo", null=True, blank=True)
    signer_title = models.TextField("chức danh người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    reason = models.TextField("lý do", blank=True)
    approved = models.PositiveIntegerField("số báo cáo đã cộng")
    expected = models.PositiveIntegerField("số báo cáo phải có")
    content = models.TextField("nội dung")
    sha256 = models.CharField("mã băm", max_length=64)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "bảng tổng hợp đã công bố"
        verbose_name_plural = "bảng tổng hợp đã công bố"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("round", "form_version", "number"),
                name="publication_number_once",
                violation_error_message="Đợt đã có lần công bố mang số này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round}, công bố lần {self.number}"


class Settlement(models.Model):
    """What was said of a difference between figures of a province. Never edited, never deleted: the
    last one counts, and one without text takes back what was said.

    ``name`` names the difference within the round, ``found`` are the figures that it was said of.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="settlements")
    name = models.CharField("chỗ lệch", max_length=400)
    found = models.CharField("số khi ấy", max_length=200)
    text = models.TextField("nội dung", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "ghi chú đối chiếu"
        verbose_name_plural = "ghi chú đối chiếu"
        ordering = ("pk",)
        indexes = (models.Index(fields=("round", "name"), name="settlement_of_difference"),)

    def __str__(self) -> str:
        return f"{self.round} {self.name}: {self.text}"


class KeyIndicator(models.Model):
    """One of the figures that a province's leaders see first."""

    province = models.ForeignKey(Agency, models.PROTECT, related_name="key_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "chỉ tiêu trọng tâm"
        verbose_name_plural = "chỉ tiêu trọng tâm"
        ordering = ("province", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("province", "indicator"),
                name="key_indicator_once",
                violation_error_message="Chỉ tiêu này đã được chọn.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.province}: {self.indicator}"
