"""Submissions and the record of every change of their state."""

from django.db import models
from django.db.models import Q

from indicators.kinds import AgencyKind, Capacity
from indicators.models import FormVersion
from indicators.tracing import LONGEST, request_id
from reporting.filing import whose
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
    agency_area = models.CharField("địa bàn", max_length=80, blank=True)
    # The district above a commune, or the district itself: what its report holds, communes below it
    # do not add to a total once more.
    agency_district = models.CharField("huyện", max_length=200, blank=True)
    within = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name="thuộc huyện"
    )
    capacity = models.CharField(
        "số liệu", max_length=10, choices=Capacity.choices(), default=Capacity.BOTH.value
    )
    place = models.CharField("địa danh", max_length=80, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=State.choices(), default=State.NOT_STARTED.value
    )
    state_at = models.DateTimeField("đổi trạng thái lúc")
    state_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Counts savings and moves; a page posts the revision it was drawn from, so that a second
    # writer is noticed.
    revision = models.PositiveIntegerField("lần lưu", default=0)
    # It was handed in and sent back: corrected after the round has closed, too.
    mends = models.BooleanField("đang sửa theo trả lại", default=False)
    extended_until = models.DateField("gia hạn đến hết ngày", null=True, blank=True)
    # How many of the rows asked of the agency are answered; counted by each saving, because a
    # board of thousands of reports cannot count their figures.
    answered = models.PositiveIntegerField("số dòng đã trả lời", default=0)
    report_number = models.CharField("số báo cáo", max_length=60, blank=True)
    report_date = models.DateField("ngày báo cáo", null=True, blank=True)
    signer_title = models.TextField("chức danh người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    # The day on which it was handed in outside the portal, where it is only entered afterwards.
    received_on = models.DateField("nhận ngoài hệ thống ngày", null=True, blank=True)
    source_document = models.CharField("văn bản nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "agency", "form_version", "capacity"),
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
        return f"{self.whose} – {self.round}"

    @property
    def whose(self) -> str:
        """Whose figures these are: the agency, or the province as the agency reports it."""
        return whose(self.agency_name, self.capacity)


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
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "nhật ký trạng thái"
        verbose_name_plural = "nhật ký trạng thái"
        ordering = ("pk",)
        indexes = (models.Index(fields=("at",), name="transition_by_time"),)

    def __str__(self) -> str:
        return f"{self.submission}: {self.move}"


class Filing(models.Model):
    """One official handing in of a submission, numbered from 1 and frozen. Never edited, never
    deleted.

    ``content`` is the canonical text that ``sha256`` is the hash of (reporting.filing): heading,
    form version and every figure as it was handed in.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField("lần gửi")
    revision = models.PositiveIntegerField("lần lưu")
    at = models.DateTimeField("gửi lúc")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Handed in on paper or by mail while the portal could not be used, and entered afterwards.
    received_on = models.DateField("nhận ngoài hệ thống ngày", null=True, blank=True)
    due_on = models.DateField("hạn khi gửi", null=True, blank=True)
    is_late = models.BooleanField("quá hạn")
    is_nil = models.BooleanField("không phát sinh cả báo cáo")
    figures = models.PositiveIntegerField("số ô có nội dung")
    content = models.TextField("nội dung")
    sha256 = models.CharField("mã băm", max_length=64)
    request_id = models.CharField("mã yêu cầu", max_length=LONGEST, blank=True, default=request_id)

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "lần gửi"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "number"),
                name="filing_number_once",
                violation_error_message="Báo cáo đã có lần gửi mang số này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.submission}, lần {self.number}"


class Look(models.Model):
    """How far a person who judges a submission has seen it; what came later is marked for them."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="looks")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField("lần lưu")
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "lần xem"
        verbose_name_plural = "lần xem"
        constraints = (models.UniqueConstraint(fields=("submission", "user"), name="look_once"),)

    def __str__(self) -> str:
        return f"{self.user}: {self.submission} lần {self.revision}"
