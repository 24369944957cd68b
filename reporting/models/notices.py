"""What people are told, in the portal and by mail, and the log of what was sent."""

from django.db import models

from reporting.models.agencies import User
from reporting.models.rounds import Round
from reporting.models.submissions import Submission
from reporting.tidings import MailState, NoticeKind


class Mail(models.Model):
    """One letter to one person, with what became of it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="mails")
    address = models.CharField("địa chỉ", max_length=254)
    subject = models.CharField("tiêu đề", max_length=200)
    text = models.TextField("nội dung")
    state = models.CharField(
        "tình trạng", max_length=10, choices=MailState.choices(), default=MailState.WAITING.value
    )
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    error = models.TextField("lỗi", blank=True)
    at = models.DateTimeField("soạn lúc")
    sent_at = models.DateTimeField("gửi lúc", null=True)

    class Meta:
        verbose_name = "thư"
        verbose_name_plural = "thư"
        ordering = ("-pk",)
        indexes = (models.Index(fields=("state", "at"), name="mail_by_state"),)

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"


class Notice(models.Model):
    """One thing that one person is told. ``key`` names what is told: nobody is told it twice."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField("loại", max_length=12, choices=NoticeKind.choices())
    key = models.CharField("khóa", max_length=100)
    subject = models.CharField("tiêu đề", max_length=200)
    text = models.TextField("nội dung", blank=True)
    path = models.CharField("trang", max_length=200)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    read_at = models.DateTimeField("đọc lúc", null=True)
    # The letter it went out with; none while it waits, and for who wants no mail.
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, related_name="notices")

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="notice_once"),)
        indexes = (models.Index(fields=("user", "read_at"), name="notice_unread"),)

    def __str__(self) -> str:
        return self.subject
