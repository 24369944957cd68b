"""The record of what left the portal as a file."""

from django.db import models

from reporting.models.agencies import User
from reporting.models.rounds import Round
from reporting.models.submissions import Submission


class ExportRecord(models.Model):
    """Who took which appendix out, when, in which format, with which content."""

    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="exports")
    round = models.ForeignKey(Round, models.PROTECT, related_name="exports")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    format = models.CharField("định dạng", max_length=10)
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "nhật ký xuất tệp"
        verbose_name_plural = "nhật ký xuất tệp"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.file_name
