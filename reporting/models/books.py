"""Books: all agencies' appendices of a round in one file, made in the background."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from indicators.models import FormVersion
from reporting.books import PATIENCE, UNDER_WAY, Binding, BookState
from reporting.models.agencies import User
from reporting.models.rounds import Round


class Book(models.Model):
    """The appendices of a round's reports by one form, or by all of its forms (none named).

    State and progress are written only by ``reporting.actions.books``, each time by who still holds
    the book: ``attempts``, which only grows, tells one making from the next; of itself the portal
    makes no more than ``most_attempts``. ``path`` is where the file lies under
    MEDIA_ROOT; books of the same content share it.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="books")
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, related_name="+")
    binding = models.CharField("cách đóng", max_length=10, choices=Binding.choices())
    # Of the appendices in it.
    format = models.CharField("định dạng", max_length=10)
    basis = models.CharField("báo cáo đưa vào", max_length=10)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField("đặt lúc")
    state = models.CharField(
        "tình trạng", max_length=10, choices=BookState.choices(), default=BookState.WAITING.value
    )
    # When it was last heard of: whoever makes it says so with every appendix.
    moved_at = models.DateTimeField("đổi lúc")
    attempts = models.PositiveSmallIntegerField("số lần làm", default=0)
    most_attempts = models.PositiveSmallIntegerField("số lần tự làm", default=PATIENCE)
    done = models.PositiveIntegerField("số phụ lục đã xong", default=0)
    total = models.PositiveIntegerField("số phụ lục", default=0)
    error = models.TextField("lỗi", blank=True)
    name = models.CharField("tên tệp", max_length=200, blank=True)
    path = models.CharField("tệp", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("số byte", default=0)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    expires_at = models.DateTimeField("tải được đến", null=True)
    # Of a zip the files in it, as the export record will name them: [{"submission", "code", "name",
    # "sha256"}].
    files = models.JSONField("các tệp trong đó", default=list)

    class Meta:
        verbose_name = "quyển phụ lục"
        verbose_name_plural = "quyển phụ lục"
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                F("round"),
                Coalesce("form_version", Value(0, models.BigIntegerField())),
                F("binding"),
                F("format"),
                F("basis"),
                condition=Q(state__in=sorted(state.value for state in UNDER_WAY)),
                name="book_made_once_at_a_time",
                violation_error_message="Quyển này đang được làm.",
            ),
            models.CheckConstraint(
                name="book_state_known",
                condition=Q(state__in=[state.value for state in BookState]),
                violation_error_message="Tình trạng quyển không có trong danh sách.",
            ),
            models.CheckConstraint(
                name="book_done_has_a_file",
                condition=~Q(state=BookState.DONE.value)
                | (~Q(path="") & ~Q(sha256="") & Q(expires_at__isnull=False)),
                violation_error_message="Quyển đã xong phải có tệp, mã băm và hạn tải.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} – {self.round}"

    @property
    def what(self) -> str:
        """What the book is, as people ask for it."""
        of = self.form_version.code if self.form_version else "mọi biểu mẫu"
        if self.binding == Binding.BOUND:
            return f"quyển phụ lục PDF, {of}"
        return f"tệp nén phụ lục {self.format.upper()}, {of}"
