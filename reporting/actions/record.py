"""The record of acts on rounds, agencies, people and the portal: one line for each act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from reporting.models import Agency, RecordLine, Round, User
from reporting.tidings import Subject

BLANK = "trống"


@dataclass(frozen=True, slots=True)
class About:
    """What an act was on. Its line is found by each of these; ``province`` says who reads it."""

    province: Agency | None = None
    agency: Agency | None = None
    round: Round | None = None
    person: User | None = None


Changes = Sequence[Mapping[str, str]]


def remember(
    subject: Subject,
    act: str,
    what: str,
    *,
    by: User | None,
    via: str,
    about: About,
    changes: Changes = (),
    reason: str = "",
) -> RecordLine:
    """Write one line of the record, in the transaction of the act. ``act`` is its name for the
    portal, ``what`` tells it to people as what ``by`` did: «gia hạn cho Sở Y tế đến 20/12/2026»."""
    line = line_of(subject, act, what, by=by, via=via, about=about, changes=changes, reason=reason)
    line.save()
    return line


def line_of(
    subject: Subject,
    act: str,
    what: str,
    *,
    by: User | None,
    via: str,
    about: About,
    changes: Changes = (),
    reason: str = "",
) -> RecordLine:
    """Return a line of the record, not written yet, for an act that writes many at once."""
    return RecordLine(
        subject=subject.value,
        act=act,
        what=what,
        changes=list(changes),
        reason=reason,
        province=about.province,
        agency=about.agency,
        round=about.round,
        person=about.person,
        by=by,
        at=timezone.now(),
        via=via,
    )


def changes_between(
    before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, str]
) -> Changes:
    """Return what differs, in words, in the order of ``labels`` (name → what people call it)."""
    return [
        {"label": label, "before": in_words(before.get(name)), "after": in_words(after.get(name))}
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def in_words(value: object) -> str:
    """Return a value as the record tells it."""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace("\n", " ") if value not in (None, "") else BLANK
