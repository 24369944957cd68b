"""The record of what no other table tells: files that left the portal, and acts on rounds,
agencies, people and the portal itself."""

from django.db import models

from indicators.tracing import LONGEST, request_id
from reporting.models.agencies import Agency, User
from reporting.models.rounds import Round
from reporting.models.submissions import Submission
from reporting.models.verification import VerificationCode
from reporting.tidings import Subject


class ExportRecord(models.Model):
    """Who took which file out, when, in which format, with which content; of an appendix under
    which code and how it was laid out, in words."""

    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="exports")
    round = models.ForeignKey(Round, models.PROTECT, related_name="exports")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    format = models.CharField("định dạng", max_length=10)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    code = models.ForeignKey(VerificationCode, models.PROTECT, null=True, related_name="exports")
    layout = models.CharField("phần in, khổ giấy", max_length=200, blank=True)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký xuất tệp"
        verbose_name_plural = "nhật ký xuất tệp"
        ordering = ("pk",)
        # A file brought back to be verified is known by its bytes.
        indexes = (models.Index(fields=("sha256",), name="export_by_bytes"),)

    def __str__(self) -> str:
        return self.file_name


class RecordLine(models.Model):
    """One act on a round, an agency, a person, a sign-in or the portal. Never edited or deleted.

    ``what`` is the act in words; ``changes`` are [{"label", "before", "after"}], in words too. Who
    may read it follows from ``province``; one of no province is the operators'.
    """

    subject = models.CharField("về", max_length=12, choices=Subject.choices())
    act = models.CharField("việc", max_length=30)
    what = models.TextField("đã làm gì")
    changes = models.JSONField("thay đổi", default=list)
    reason = models.TextField("lý do", blank=True)
    province = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name="tỉnh"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="record", verbose_name="đơn vị"
    )
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, related_name="record", verbose_name="đợt"
    )
    person = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="record", verbose_name="người được nói đến"
    )
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="người làm"
    )
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ("pk",)
        indexes = (models.Index(fields=("province", "at"), name="record_by_province_time"),)

    def __str__(self) -> str:
        return self.what
