"""The search over every row that was published: by words, STT, form, section, unit and kind."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from indicators.catalogue.spelling import folded, lowered
from indicators.kinds import Kind
from indicators.models import FormVersion, Row
from indicators.queries.editions import Edition, editions
from indicators.queries.versions import SHOWN_TO_ALL

LONGEST = 200
PAGE = 50
# An STT as people type it is digits with dots; what has a letter in it is a row's key.
_STT = re.compile(r"\d+(\.\d+)+\.?|\d+\.")
_KEY = re.compile(r"(?=.*\d)(\d+|[ivxlc]+)(\.[0-9a-z]+)+\.?", re.IGNORECASE)
_WORD = re.compile(r"([\w%/+]+)")
# In NFD a tone follows its vowel: «hóa» o ́ a, «hoá» o a ́.
_TONE_FIRST = re.compile("([ou])([\u0300\u0301\u0303\u0309\u0323])([aey])$")
_TONE_LAST = re.compile("([ou])([aey])([\u0300\u0301\u0303\u0309\u0323])$")
_ENDS_IN_I = re.compile("^([hklmst])([iy])([\u0300\u0301\u0303\u0309\u0323]?)$")
_I_OR_Y = {"i": "y", "y": "i"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person looks for. Empty parts ask for nothing."""

    words: str = ""
    version: str = ""
    section: str = ""
    unit: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return any((self.words, self.version, self.section, self.unit, self.kind))


@dataclass(frozen=True, slots=True)
class Hit:
    """One row that was found, with the version it stands in; label and unit in pieces,
    each with whether it is what was looked for."""

    row: Row
    edition: Edition
    is_stt_wanted: bool
    label: Sequence[tuple[str, bool]]
    unit: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Contents:
    """The sections of one form in force, each with how many rows it has."""

    edition: Edition
    sections: Sequence[tuple[Row, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and what the search can be narrowed by; where nothing was looked
    for, the contents of the forms in force."""

    units: Sequence[str]
    editions: Sequence[Edition]
    hits: Sequence[Hit] = ()
    number: int = 0
    page: int = 1
    pages: int = 1
    sections: Sequence[Row] = ()
    contents: Sequence[Contents] = ()


def search(wanted: Wanted, *, page: int, today: date) -> Found:
    """Return the rows of published and retired versions that have all that is ``wanted``: those of
    versions in force first, then by form and printed order. Five queries at most.

    One pass over the rows serves number, units and order: the store is read through once, not
    three times.
    """
    offered = _shown_editions(today)
    places = {edition.version.pk: place for place, edition in enumerate(offered)}
    chosen = next((e.version for e in offered if e.version.code == wanted.version), None)
    sections = _top_rows([chosen]) if chosen else []
    rows = _narrowed(wanted, chosen, sections)
    found = sorted(
        (places[version], position, pk, unit)
        for pk, version, position, unit in rows.values_list("pk", "version", "position", "unit")
        if version in places
    )
    units = {unit for _, _, _, unit in found}
    if wanted.unit:
        spelled = {unit for unit in units if lowered(unit) == lowered(wanted.unit)}
        found = [line for line in found if line[3] in spelled]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    shown = [pk for _, _, pk, _ in found[(page - 1) * PAGE : page * PAGE]]
    return Found(
        hits=list(_hits(shown, wanted.words, {e.version.pk: e for e in offered})),
        number=len(found),
        page=page,
        pages=pages,
        units=_once([*sorted(units), wanted.unit]),
        editions=offered,
        sections=sections,
    )


def contents(today: date) -> Found:
    """Return what the forms in force hold, section by section, for who looks for nothing in
    particular. Five queries."""
    offered = _shown_editions(today)
    current = [edition for edition in offered if edition.is_current]
    heads: dict[int, list[Row]] = {edition.version.pk: [] for edition in current}
    for row in _top_rows([edition.version for edition in current]):
        heads[row.version_id].append(row)
    ends = dict(
        Row.objects.filter(version__in=heads)
        .order_by()
        .values_list("version")
        .annotate(Max("position"))
    )
    return Found(
        units=_once(Row.objects.order_by("unit").values_list("unit", flat=True).distinct()),
        editions=offered,
        contents=[
            Contents(edition, _counted(heads[edition.version.pk], ends[edition.version.pk]))
            for edition in current
            if edition.version.pk in ends
        ],
    )


def _counted(heads: Sequence[Row], end: int) -> Sequence[tuple[Row, int]]:
    """Return the head of each section with how many rows are printed from it to the next one."""
    starts = [*(row.position for row in heads), end + 1]
    return [(row, after - row.position) for row, after in zip(heads, starts[1:], strict=True)]


def _once(units: Iterable[str]) -> Sequence[str]:
    """Return each unit once, however it is spelt, in alphabetical order."""
    return sorted({lowered(unit): unit for unit in units if unit}.values(), key=folded)


def _shown_editions(today: date) -> Sequence[Edition]:
    """Return the versions that a search looks through, those in force first. Two queries."""
    versions = FormVersion.objects.filter(status__in=SHOWN_TO_ALL).select_related("form")
    return sorted(editions(versions, today), key=lambda edition: not edition.is_current)


def _top_rows(versions: Sequence[FormVersion]) -> Sequence[Row]:
    """Return the rows that begin a section of these versions, in printed order. One query."""
    return list(Row.objects.filter(version__in=versions, parent=None).order_by("position"))


def _narrowed(wanted: Wanted, chosen: FormVersion | None, sections: Sequence[Row]) -> QuerySet[Row]:
    # Words stand between blanks, the first and the last one too.
    said = Concat(Value(" "), "search", Value(" "), output_field=TextField())
    rows = Row.objects.alias(said=said).order_by()
    for word in wanted.words[:LONGEST].split():
        rows = rows.filter(_says(word))
    if wanted.kind in set(Kind):
        rows = rows.filter(kind=wanted.kind)
    if chosen:
        rows = rows.filter(version=chosen)
    # A section is what is printed from its head to the next one.
    start = next((row.position for row in sections if row.key == wanted.section), None)
    if start is not None:
        rows = rows.filter(position__gte=start)
        if after := [row.position for row in sections if row.position > start]:
            rows = rows.filter(position__lt=after[0])
    return rows


def _says(word: str) -> Q:
    """The condition that a row has ``word``: as its STT, as its key, or as one of its words. What
    has no letter or digit asks for nothing that a row could have."""
    number = word.rstrip(".")
    if _STT.fullmatch(word):
        return Q(stt__in=[number, f"{number}."])
    if _KEY.fullmatch(word):
        return Q(key__iexact=number)
    found = Q(pk=None)
    for spelled in _spellings(word):
        found |= Q(said__contains=f" {spelled} ")
    return found


def _is_number(word: str) -> bool:
    return bool(_STT.fullmatch(word) or _KEY.fullmatch(word))


def _spellings(word: str) -> Sequence[str]:
    """Return how ``word`` may stand in a search text: people put the tone on either vowel, and
    write i for y at the end.

    >>> sorted(_spellings("Hoá"))
    ['hoá', 'hóa']
    >>> sorted(_spellings("tỉ"))
    ['tỉ', 'tỷ']
    """
    marks = unicodedata.normalize("NFD", lowered(word))
    found = {marks, _TONE_FIRST.sub(r"\1\3\2", marks), _TONE_LAST.sub(r"\1\3\2", marks)}
    found.add(_ENDS_IN_I.sub(lambda end: end[1] + _I_OR_Y[end[2]] + end[3], marks))
    return [unicodedata.normalize("NFC", said) for said in found if said]


def _hits(shown: Sequence[int], words: str, offered: Mapping[int, Edition]) -> Iterator[Hit]:
    rows = Row.objects.filter(pk__in=shown).select_related("indicator").in_bulk()
    said = words[:LONGEST].split()
    numbers = {word.rstrip(".") for word in said}
    wanted = {
        part
        for word in said
        if not _is_number(word)
        for spelled in _spellings(word)
        for part in spelled.split()
    }
    for pk in shown:
        row = rows[pk]
        yield Hit(
            row,
            offered[row.version_id],
            is_stt_wanted=row.stt.rstrip(".") in numbers,
            label=marked(row.label, wanted),
            unit=marked(row.unit, wanted),
        )


def marked(text: str, wanted: Container[str]) -> Sequence[tuple[str, bool]]:
    """Return ``text`` in pieces, each with whether it is one of the words ``wanted``, which are in
    small letters, with or without diacritics.

    >>> marked("Tổng số hồ sơ", {"ho", "tổng"})
    [('Tổng', True), (' số ', False), ('hồ', True), (' sơ', False)]
    """
    found: list[tuple[str, bool]] = []
    for piece in filter(None, _WORD.split(text)):
        is_hit = lowered(piece) in wanted or folded(piece) in wanted
        if found and not is_hit and not found[-1][1]:
            found[-1] = (found[-1][0] + piece, False)
        else:
            found.append((piece, is_hit))
    return found
