"""Submissions and the record of every change of their state."""

from django.db import models
from django.db.models import Q

from indicators.kinds import AgencyKind
from indicators.models import FormVersion
from reporting.models.agencies import Agency, User
from reporting.models.rounds import Round
from reporting.workflow import State


class Submission(models.Model):
    """One agency × one round × one form version, bound to that version for ever.

    State and revision are written only by ``reporting.actions``, under the lock of this row.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="submissions")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="submissions")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, related_name="+")
    # The agency as it was when the report was asked for: what is printed and added later reads
    # these, so that a renamed or regrouped agency changes no paper of the past.
    agency_name = models.CharField("tên đơn vị", max_length=200)
    agency_kind = models.CharField("loại đơn vị", max_length=10, choices=AgencyKind.choices())
    agency_functions = models.CharField("chức năng", max_length=120, blank=True)
    place = models.CharField("địa danh", max_length=80, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=State.choices(), default=State.NOT_STARTED.value
    )
    state_at = models.DateTimeField("đổi trạng thái lúc")
    state_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Counts savings and moves; a page posts the revision it was drawn from, so that a second
    # writer is noticed.
    revision = models.PositiveIntegerField("lần lưu", default=0)
    report_number = models.CharField("số báo cáo", max_length=60, blank=True)
    report_date = models.DateField("ngày báo cáo", null=True, blank=True)
    signer_title = models.TextField("chức danh người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    source_document = models.CharField("văn bản nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "agency", "form_version"),
                name="submission_once_in_round",
                violation_error_message="Đơn vị đã có báo cáo theo biểu mẫu này trong đợt.",
            ),
            models.CheckConstraint(
                name="submission_state_known",
                condition=Q(state__in=[state.value for state in State]),
                violation_error_message="Trạng thái báo cáo không có trong bảng trạng thái.",
            ),
        )
        indexes = (models.Index(fields=("round", "state"), name="submission_by_round_state"),)

    def __str__(self) -> str:
        return f"{self.agency_name} – {self.round}"


class Transition(models.Model):
    """One line of the record: a submission changed its state. Never edited, never deleted."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="transitions")
    move = models.CharField("việc", max_length=20)
    source = models.CharField("từ trạng thái", max_length=12, blank=True)
    target = models.CharField("sang trạng thái", max_length=12)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    via = models.CharField("từ đâu", max_length=20)
    reason = models.TextField("lý do", blank=True)

    class Meta:
        verbose_name = "nhật ký trạng thái"
        verbose_name_plural = "nhật ký trạng thái"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.submission}: {self.move}"
