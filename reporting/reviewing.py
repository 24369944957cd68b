"""What is said about a report: a remark, the letter that sends the report back with all of them,
and which reports are so plain that they are approved many at once."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.kinds import Severity
from reporting.workflow import WAITING, State


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment that is still open; ``at`` is the hour where people are."""

    id: int
    text: str
    by: str
    at: datetime

    @property
    def signed(self) -> str:
        return f"{self.by}, {self.at:%H:%M %d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Point:
    """One remark as a letter tells it: its place as messages call it, and the figure that stands
    there ("" where there is none to stand)."""

    place: str
    figure: str
    remark: Remark


# What the reason says where the remarks say all; the reviewer may write it anew.
USUAL_REASON = (
    "Đề nghị đơn vị xem lại các ý kiến dưới đây, sửa số liệu hoặc trả lời từng ý kiến rồi gửi lại."
)


def letter(reason: str, points: Sequence[Point]) -> str:
    """Return the text that goes back to the agency: the reason, then every open remark.

    >>> print(letter("Còn sai.", [Point("dòng 1.1 Số văn bản", "12", Remark(
    ...     7, "Sao ít thế?", "Trần Minh Hạnh", datetime(2026, 12, 3, 10, 12)))]))
    Còn sai.
    <BLANKLINE>
    Ý kiến cần xử lý (1):
    1. Dòng 1.1 Số văn bản (đang ghi: 12): Sao ít thế? – Trần Minh Hạnh, 10:12 03/12/2026
    """
    if not points:
        return reason
    told = [f"{number}. {_told(point)}" for number, point in enumerate(points, start=1)]
    return "\n".join([reason, "", f"Ý kiến cần xử lý ({len(points)}):", *told])


def _told(point: Point) -> str:
    place = point.place[:1].upper() + point.place[1:]
    stands = f" (đang ghi: {point.figure})" if point.figure else ""
    return f"{place}{stands}: {point.remark.text} – {point.remark.signed}"


@dataclass(frozen=True, slots=True)
class ToldPoint:
    """One remark as it was told in a letter that went back."""

    place: str
    figure: str
    text: str
    signed: str


_REMARKS = re.compile(r"\n\nÝ kiến cần xử lý \((\d+)\):(?=\n1\. )")
_SIGNED = re.compile(r"(.*) – (.+, \d\d:\d\d \d\d/\d\d/\d{4})", re.DOTALL)


def read_letter(text: str, names: Collection[str]) -> tuple[str, Sequence[ToldPoint]]:
    """Return the reason and the remarks of a letter that ``letter`` wrote about a form whose rows
    are called ``names``. One that is written otherwise is all reason: nothing of it is guessed at.

    >>> told = letter("Còn sai.", [Point("dòng 1.1 Số văn bản", "12", Remark(
    ...     7, "Sao ít thế?", "Trần Minh Hạnh", datetime(2026, 12, 3, 10, 12)))])
    >>> reason, points = read_letter(told, ["1.1 Số văn bản"])
    >>> reason, points[0].place, points[0].figure, points[0].text
    ('Còn sai.', 'Dòng 1.1 Số văn bản', '12', 'Sao ít thế?')
    >>> read_letter(told, ["1.2 Số khác"])[0] == told
    True
    """
    head = _REMARKS.search(text)
    if head is None:
        return text, ()
    told = list(_points_told(text[head.end() :], int(head[1]), names))
    return (text[: head.start()], told) if len(told) == int(head[1]) else (text, ())


def _points_told(text: str, count: int, names: Collection[str]) -> Iterator[ToldPoint]:
    """Yield the remarks one after another, as far as they can be told apart for certain."""
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    place = "|".join(("Cả báo cáo", *(f"(?:Dòng|Phần) {name}" for name in longest_first)))
    heads = [
        re.compile(rf"\n{number}\. ({place})(?: \(đang ghi: (.*?)\))?: ")
        for number in range(1, count + 1)
    ]
    found = heads[0].match(text)
    for following in [*heads[1:], None]:
        if found is None:
            return
        after = following.search(text, found.end()) if following else None
        end = after.start() if after else len(text)
        said = _SIGNED.fullmatch(text[found.end() : end])
        if said is None or (following and after is None):
            return
        yield ToldPoint(found[1], found[2] or "", said[1], said[2])
        found = after


def why_not_at_once(
    state: State, checked: Mapping[Severity, int] | None, comments: int, held_by: str
) -> str | None:
    """Say why a report that waits is looked at by itself; "" where it may be approved together with
    others, None where it does not wait. ``checked`` counts what it was handed in with, ``comments``
    what is open, ``held_by`` names another person who is reviewing it.

    >>> why_not_at_once(State.SUBMITTED, {Severity.WARNING: 2}, 1, "")
    'có 2 cảnh báo, còn 1 ý kiến'
    >>> why_not_at_once(State.IN_REVIEW, {Severity.NOTE: 1}, 0, "")
    ''
    """
    if state not in WAITING:
        return None
    found = checked or {}
    reasons = ["chưa được kiểm tra khi gửi"] * (checked is None)
    reasons += [
        f"có {count} {severity.label}"
        for severity in (Severity.ERROR, Severity.WARNING)
        if (count := found.get(severity, 0))
    ]
    reasons += [f"còn {comments} ý kiến"] * bool(comments)
    reasons += [f"{held_by} đang xem xét"] * bool(held_by)
    return ", ".join(reasons)
