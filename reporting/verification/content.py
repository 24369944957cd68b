"""What a printed table says, as the text that its hash is of, whatever paper it is laid out on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reporting.filing import sha256_of
from reporting.printing.appendix import Appendix, Line
from reporting.snapshot import decimal_or_none, decimal_text

# The first thing that the text says, so that a later way of writing it is known by it.
SCHEME = 1
_ABOVE = ("label", "title", "legal_line", "notice")


@dataclass(frozen=True, slots=True)
class Kept:
    """One printed row as the text keeps it; ``number`` is the figure where that is a number.
    ``place`` says which row it is, as far as an STT can."""

    key: str
    stt: str
    label: str
    unit: str
    figure: str
    number: Decimal | None
    remark: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A printed table read back: what stands above it, who signs, its rows, and its hash."""

    above: Sequence[str]
    signature: Sequence[str]
    label_heading: str
    last_heading: str
    lines: Sequence[Kept]
    sha256: str


def content_text(appendix: Appendix) -> str:
    """Return what ``appendix`` says as canonical text: letterhead, direction of the paper and mark
    are no part of it, and the checks beside it stand in no other format than Excel."""
    return json.dumps(
        {
            "scheme": SCHEME,
            "above": [getattr(appendix, name) for name in _ABOVE],
            "headings": [appendix.label_heading, appendix.last_heading],
            "lines": [_written(line) for line in appendix.lines],
            "signature": [
                appendix.signature.place_and_date,
                appendix.signature.signer_title,
                appendix.signature.signer_name,
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _written(line: Line) -> Sequence[str | None]:
    figure = line.figure
    return [
        line.key,
        line.stt,
        line.label,
        line.unit,
        figure.text,
        decimal_text(figure.number),
        line.remark,
    ]


def content_of(text: str) -> Content:
    """Return what a canonical text says."""
    found: Mapping[str, Any] = json.loads(text)
    return Content(
        above=list(filter(None, found["above"])),
        signature=list(filter(None, found["signature"])),
        label_heading=found["headings"][0],
        last_heading=found["headings"][1],
        lines=[_kept(*line) for line in found["lines"]],
        sha256=sha256_of(text),
    )


def _kept(  # the seven of ``_written``
    key: str, stt: str, label: str, unit: str, figure: str, number: str | None, remark: str
) -> Kept:
    return Kept(key, stt, label, unit, figure, decimal_or_none(number), remark)
