"""Which two numbers beside a rate it is made of, told by their words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.catalogue.spelling import FILLERS, today_called, words

_WHOLE = re.compile(
    r"tổng số|đề ra|phát hiện|đã tiếp nhận|(?:cần|phải) (?:phải )?(?:được )?(?:xử lý|giải quyết)"
    r"|được giao|phải thực hiện|đủ điều kiện|có yêu cầu|kế hoạch"
)
_PART = re.compile(
    r"hoàn thành|thực hiện|xử lý xong|giải quyết|đúng hạn|đang|trực tuyến|tích hợp|(?:đã|được) \w+"
)
_NO_PART = re.compile(r"^tổng số|chưa|quá hạn|trễ hạn|chậm")
_DONE = re.compile(r"giải quyết|hoàn thành|xử lý")
_NOT_DONE = re.compile(r"chưa|đang")
# How a thing was done within its time: a rate and its part say the same.
_IN_TIME = re.compile(r"(?:đúng|trước|quá|trễ) hạn")
# A rate against another year is not made of the numbers beside it.
_AGAINST = re.compile(r"so với")
_RATE = frozenset({"tỷ", "lệ", "%"})
# How much of a rate's words its two numbers must use where they are not its parts.
_SAME_MATTER = 0.6


@dataclass(frozen=True, slots=True)
class Count:
    """A row with a number: key, label and what it is counted in."""

    key: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Said:
    key: str
    text: str

    @property
    def is_whole(self) -> bool:
        return _WHOLE.search(self.text) is not None

    @property
    def is_total(self) -> bool:
        return self.text.startswith("tổng số")

    @property
    def is_part(self) -> bool:
        return _PART.search(self.text) is not None and _NO_PART.search(self.text) is None


def rate_formula(label: str, numbers: Sequence[Count], *, are_parts: bool = True) -> str:
    """Return the formula of the rate called ``label`` out of the ``numbers`` that stand below it
    or, if they are not its parts, beside it, in printed order; "" where none is clear.

    >>> rate_formula("Tỷ lệ hoàn thành kế hoạch", [
    ...     Count("1.a", "- Số nhiệm vụ đề ra trong kế hoạch", "Nhiệm vụ"),
    ...     Count("1.b", "- Số nhiệm vụ đã hoàn thành", "Nhiệm vụ"),
    ... ])
    'percent([1.b], [1.a])'
    """
    rate = _plain(label)
    said = [_Said(number.key, _plain(number.label)) for number in numbers]
    if len(said) < 2 or _AGAINST.search(rate) or len({number.unit for number in numbers}) > 1:
        return ""
    in_time = _IN_TIME.search(rate)
    found = _timely(said, in_time[0]) if in_time else _of_whole(said)
    if found is None or not (are_parts or _is_said_by(rate, found)):
        return ""
    return f"percent([{found[0].key}], [{found[1].key}])"


def _plain(label: str) -> str:
    return " ".join(words(re.sub(r"\([^()]*\)?", " ", today_called(label))))


def _is_said_by(rate: str, numbers: Sequence[_Said]) -> bool:
    matter = set(rate.split()) - FILLERS - _RATE
    used = matter.intersection(word for number in numbers for word in number.text.split())
    return len(used) >= _SAME_MATTER * len(matter)


def _timely(said: Sequence[_Said], in_time: str) -> tuple[_Said, _Said] | None:
    """What was done in time, out of what was done or, where that is not counted, of all."""
    parts = [one for one in said if in_time in one.text]
    others = [one for one in said if not _IN_TIME.search(one.text)]
    done = [one for one in others if _DONE.search(one.text) and not _NOT_DONE.search(one.text)]
    wholes = done or [one for one in others if one.is_whole]
    return (parts[0], wholes[0]) if len(parts) == len(wholes) == 1 else None


def _of_whole(said: Sequence[_Said]) -> tuple[_Said, _Said] | None:
    wholes = [one for one in said if one.is_total] or [one for one in said[:1] if one.is_whole]
    if len(wholes) != 1:
        return None
    parts = [one for one in said if one is not wholes[0] and one.is_part]
    # "… đang cung cấp … có phát sinh hồ sơ" is a part of "… đang cung cấp …".
    widest = [
        one
        for one in parts
        if not any(set(other.text.split()) < set(one.text.split()) for other in parts)
    ]
    return (widest[0], wholes[0]) if len(widest) == 1 else None
