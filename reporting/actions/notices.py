"""What people are told when something happens, kept in the transaction of the act."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from reporting.models import Notice, Round, Submission, User
from reporting.tidings import NoticeKind


@dataclass(frozen=True, slots=True)
class Tiding:
    """One thing to tell. ``key`` names it: nobody is told it twice. ``path`` is the page that it
    leads to; ``text`` may be longer, the reason of a return for instance."""

    kind: NoticeKind
    key: str
    subject: str
    path: str
    text: str = ""
    round: Round | None = None
    submission: Submission | None = None


def tell(tiding: Tiding, people: Iterable[User]) -> None:
    """Tell each of ``people``; who has been told under this key already is passed over."""
    now = timezone.now()
    Notice.objects.bulk_create(
        (
            Notice(
                user=person,
                kind=tiding.kind.value,
                key=tiding.key,
                subject=tiding.subject,
                text=tiding.text,
                path=tiding.path,
                round=tiding.round,
                submission=tiding.submission,
                at=now,
            )
            for person in people
        ),
        ignore_conflicts=True,
    )
