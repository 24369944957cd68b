"""What was said of findings, and what the checks found when a report was handed in."""

from django.db import models
from django.db.models import Q

from indicators.kinds import Severity
from indicators.tracing import LONGEST, request_id
from reporting.models.agencies import User
from reporting.models.submissions import Submission
from reporting.rules.answers import AnswerKind


class FindingAnswer(models.Model):
    """An agency explained a finding, or a reviewer waived an error or would not. Never edited,
    never deleted: the last of each side counts, and one without text takes back what was said.

    ``code`` and ``place`` (a row key, or "" for the whole report) name the finding; ``found`` are
    the figures that it was said of.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="finding_answers")
    code = models.CharField("mã quy tắc", max_length=40)
    place = models.CharField("dòng", max_length=40, blank=True)
    found = models.TextField("số khi ấy", blank=True)
    severity = models.CharField("mức", max_length=10, choices=Severity.choices())
    kind = models.CharField("loại", max_length=12, choices=AnswerKind.choices())
    text = models.TextField("nội dung", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "trả lời kết quả kiểm tra"
        verbose_name_plural = "trả lời kết quả kiểm tra"
        ordering = ("pk",)
        indexes = (models.Index(fields=("submission", "code", "place"), name="answer_of_finding"),)

    def __str__(self) -> str:
        return f"{self.submission} {self.code}: {self.text}"


class CheckRun(models.Model):
    """The checks as they stood when a submission was handed in. Never edited, never deleted."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="check_runs")
    revision = models.PositiveIntegerField("lần lưu")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "lần kiểm tra khi gửi"
        verbose_name_plural = "lần kiểm tra khi gửi"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "revision"),
                name="check_run_once_in_revision",
                violation_error_message="Lần gửi này đã có kết quả kiểm tra.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission} lần {self.revision}"


class CheckedFinding(models.Model):
    """One finding as it was told, with the version of its rule and what was said of it."""

    run = models.ForeignKey(CheckRun, models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField("thứ tự")
    code = models.CharField("mã quy tắc", max_length=40)
    version = models.CharField("bản của quy tắc", max_length=16)
    severity = models.CharField("mức", max_length=10, choices=Severity.choices())
    # Row keys hold no space.
    keys = models.TextField("các dòng", blank=True)
    sentence = models.TextField("điều không đúng")
    found = models.TextField("số khi ấy", blank=True)
    expected = models.TextField("phải là", blank=True)
    formula = models.TextField("công thức", blank=True)
    instruction = models.TextField("việc cần làm")
    answers = models.ManyToManyField(FindingAnswer, related_name="+", verbose_name="đã nói")

    class Meta:
        verbose_name = "kết quả kiểm tra khi gửi"
        verbose_name_plural = "kết quả kiểm tra khi gửi"
        ordering = ("run", "position")
        constraints = (
            models.UniqueConstraint(fields=("run", "position"), name="checked_position_once"),
            models.CheckConstraint(
                name="checked_severity_known",
                condition=Q(severity__in=[severity.value for severity in Severity]),
                violation_error_message="Mức của kết quả kiểm tra không có trong danh sách.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run} {self.code}"
