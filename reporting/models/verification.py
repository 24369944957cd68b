"""The codes under which printed tables are known again."""

from django.db import models
from django.db.models import Q

from indicators.models import FormVersion
from reporting.models.publications import Publication
from reporting.models.rounds import Round
from reporting.models.submissions import Filing, Submission
from reporting.workflow import State


class VerificationCode(models.Model):
    """One printed table under the code that its papers carry: the same content always has the same
    code. Never edited, never deleted.

    It is of a publication; or of a report, then ``filing`` is the handing in that it stood by, if
    any, and ``state`` is of when it was first printed; or of a round's table at a moment, added up
    on ``basis``. ``content`` is the canonical text that ``sha256`` is the hash of
    (reporting.verification.content).
    """

    code = models.CharField("mã kiểm chứng", max_length=20, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="codes")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="codes")
    filing = models.ForeignKey(Filing, models.PROTECT, null=True, related_name="codes")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="codes")
    state = models.CharField("trạng thái", max_length=12, choices=State.choices(), blank=True)
    basis = models.CharField("cộng từ", max_length=12, blank=True)
    content = models.TextField("nội dung")
    sha256 = models.CharField("mã băm", max_length=64)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "mã kiểm chứng"
        verbose_name_plural = "mã kiểm chứng"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("publication", "sha256"),
                condition=Q(publication__isnull=False),
                name="code_of_publication_once",
                violation_error_message="Bảng đã công bố này đã có mã kiểm chứng.",
            ),
            models.UniqueConstraint(
                fields=("filing", "sha256"),
                condition=Q(filing__isnull=False),
                name="code_of_filing_once",
                violation_error_message="Lần gửi này đã có mã kiểm chứng.",
            ),
            models.UniqueConstraint(
                fields=("submission", "sha256"),
                condition=Q(submission__isnull=False, filing__isnull=True),
                name="code_of_report_once",
                violation_error_message="Nội dung này của báo cáo đã có mã kiểm chứng.",
            ),
            models.UniqueConstraint(
                fields=("round", "form_version", "sha256"),
                condition=Q(submission__isnull=True, publication__isnull=True),
                name="code_of_round_once",
                violation_error_message="Bảng này của đợt đã có mã kiểm chứng.",
            ),
        )

    def __str__(self) -> str:
        return self.code
