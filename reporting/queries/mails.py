"""The log of letters as its page shows it."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from reporting.models import Mail
from reporting.tidings import MailState

# What stands at a letter from when it leaves until it is known what became of it.
UNKNOWN = "Không rõ đã gửi chưa: việc gửi bị dừng giữa chừng."
# No mail server is waited for as long.
_LONGEST_SENDING = timedelta(minutes=15)


def by_state(mails: QuerySet[Mail]) -> Mapping[str, int]:
    """Return how many of ``mails`` stand in each state. One query."""
    return Counter(dict(mails.order_by().values_list("state").annotate(Count("pk"))))


def is_under_way(mail: Mail) -> bool:
    """Say whether the letter may be leaving at this moment."""
    return (
        mail.state == MailState.FAILED
        and mail.error == UNKNOWN
        and mail.sent_at is not None
        and mail.sent_at > timezone.now() - _LONGEST_SENDING
    )
