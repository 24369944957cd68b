"""What a published table consists of, as the text that its hash is of; what that prints, what
stands behind it, and whether it follows from that."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.definition import FormDefinition
from indicators.formulas import Ratio
from indicators.kinds import AgencyKind, Capacity
from reporting.calculations.contributions import (
    Contribution,
    Figures,
    Given,
    Reported,
    Source,
    contributions,
)
from reporting.calculations.totals import Total, province_totals
from reporting.filing import sha256_of
from reporting.numbers import write
from reporting.printing.appendix import Appendix, Line, Signature
from reporting.printing.cells import PrintedCell, coverage, printed_total, written_parts
from reporting.snapshot import FigureStatus, decimal_or_none, decimal_text
from reporting.workflow import State

# The first thing that the text says, so that a later way of writing it is known by it.
SCHEME = 1


@dataclass(frozen=True, slots=True)
class Behind:
    """One report as it stands behind a publication: its agency's code, its saving, its handing in
    with the hash of that, and who approved it; "" and None where it has none of these."""

    source: Source
    code: str
    within: str = ""
    revision: int = 0
    filing: int | None = None
    sha256: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a report's figures come from: the number of its last handing in and who approved it."""

    filing: int | None = None
    approved_by: str = ""


def content_of(
    about: Mapping[str, str],
    appendix: Appendix,
    totals: Sequence[Total],
    behind: Sequence[Behind],
    figures: Figures,
) -> str:
    """Return the canonical text of a publication: the same figures give the same bytes on any
    database. It names nothing by the numbers that one database gives."""
    order = sorted(one.source.sent for one in behind if one.source.sent)
    places = {sent: place for place, sent in enumerate(order, start=1)}
    return json.dumps(
        {
            "scheme": SCHEME,
            "about": dict(about),
            "appendix": _appendix_written(appendix),
            "totals": {total.row.key: _total_written(total) for total in totals},
            "reports": sorted(
                (_report_written(one, figures, places) for one in behind),
                key=lambda report: (report["agency"], report["form"], report["capacity"]),
            ),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _appendix_written(appendix: Appendix) -> Mapping[str, Any]:
    heading = {name: getattr(appendix, name) for name in _HEADING}
    signature = {name: getattr(appendix.signature, name) for name in Signature.__dataclass_fields__}
    return heading | {"signature": signature, "lines": [_line_written(x) for x in appendix.lines]}


_HEADING = ("label", "title", "legal_line", "notice", "label_heading", "last_heading")
_LINE = ("key", "stt", "label", "unit", "remark", "depth", "is_bold", "is_italic")


def _line_written(line: Line) -> Mapping[str, Any]:
    figure = {"text": line.figure.text, "number": decimal_text(line.figure.number)}
    return {name: getattr(line, name) for name in _LINE} | figure


def _total_written(total: Total) -> Mapping[str, Any]:
    """What a total comes to, unrounded, and what it stands on."""
    parts = total.parts or Ratio(None, None)
    return {
        "number": decimal_text(total.number),
        "part": decimal_text(parts.part),
        "whole": decimal_text(parts.whole),
        "answers": [[answer.label, answer.agencies] for answer in total.answers],
        "reported": total.reported,
        "expected": total.expected,
        "nil": total.all_nil,
        "without": list(total.without),
    }


def _report_written(one: Behind, figures: Figures, places: Mapping[int, int]) -> Mapping[str, Any]:
    source = one.source
    taken = {
        row.key: _figure_written(figure)
        for row in source.form.rows
        if (figure := figures.get(row.id, {}).get(source.submission_id)) is not None
    }
    return {
        "agency": one.code,
        "name": source.agency,
        "kind": source.kind.value,
        "functions": sorted(source.functions),
        "area": source.area,
        "district": source.district,
        "within": one.within,
        "form": source.form.code,
        "form_hash": source.form.content_hash,
        "capacity": source.capacity.value,
        "state": source.state.value,
        "is_taken": source.is_taken,
        "sent": places.get(source.sent, 0),
        "revision": one.revision,
        "filing": one.filing,
        "sha256": one.sha256,
        "approved_by": one.approved_by,
        "figures": taken if source.is_taken else {},
    }


def _figure_written(figure: Given) -> str | Mapping[str, str]:
    if isinstance(figure, Decimal):
        return decimal_text(figure) or ""
    said = {
        "status": figure.status,
        "number": decimal_text(figure.number),
        "numerator": decimal_text(figure.numerator),
        "denominator": decimal_text(figure.denominator),
        "choice": figure.choice,
    }
    return {name: text for name, text in said.items() if text}


def mark_of(content: str) -> str:
    """Return a mark of the totals and of the reports that they are made of, whatever stands above
    and below them: what a page posts back of the table that it showed. Who goes on typing changes
    nothing of it."""
    found = json.loads(content)
    taken = [report for report in found["reports"] if report["is_taken"]]
    return sha256_of(json.dumps([found["totals"], taken], ensure_ascii=False, sort_keys=True))


# Reading it again


class Published:
    """A publication read back from its text, and from nothing else but the forms it names."""

    def __init__(self, content: str) -> None:
        self._text: Mapping[str, Any] = json.loads(content)

    @property
    def about(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._text["about"]
        return found

    @property
    def reports(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._text["reports"]
        return found

    @property
    def forms(self) -> frozenset[tuple[str, str]]:
        """The code and content hash of every form that it needs to be added up again."""
        layout = (self.about["layout"], self.about["layout_hash"])
        return frozenset({layout, *((one["form"], one["form_hash"]) for one in self.reports)})

    @property
    def appendix(self) -> Appendix:
        """The table as it was printed: nothing of it is computed again."""
        found = self._text["appendix"]
        return Appendix(
            **{name: found[name] for name in _HEADING},
            lines=[_line(line) for line in found["lines"]],
            signature=Signature(**found["signature"]),
        )

    def totals(self, forms: Mapping[str, FormDefinition]) -> Sequence[Total]:
        """Add the frozen figures up again."""
        sources, figures = self.behind(forms)
        return province_totals(forms[self.about["layout"]], sources, figures)

    def contributions(self, key: str, forms: Mapping[str, FormDefinition]) -> list[Contribution]:
        """Return what each report adds to the row ``key``. A source's ``submission_id`` is its
        place among ``reports``."""
        layout = forms[self.about["layout"]]
        return contributions(layout.by_key[key], layout, *self.behind(forms))

    def behind(self, forms: Mapping[str, FormDefinition]) -> tuple[Sequence[Source], Figures]:
        """Return the reports and their figures as adding up reads them."""
        agencies = {one["agency"]: number for number, one in enumerate(self.reports)}
        sources, figures = [], dict[int, dict[int, Given]]()
        for place, one in enumerate(self.reports):
            form = forms[one["form"]]
            sources.append(
                Source(
                    submission_id=place,
                    code=one["agency"],
                    agency_id=agencies[one["agency"]],
                    agency=one["name"],
                    kind=AgencyKind(one["kind"]),
                    functions=frozenset(one["functions"]),
                    form=form,
                    state=State(one["state"]),
                    is_taken=one["is_taken"],
                    capacity=Capacity(one["capacity"]),
                    area=one["area"],
                    district=one["district"],
                    within=agencies.get(one["within"]),
                    sent=one["sent"],
                )
            )
            for key, said in one["figures"].items():
                row = form.by_key[key].id
                figures.setdefault(row, {})[place] = _figure(said, place, row)
        return sources, figures

    def mismatches(self, forms: Mapping[str, FormDefinition]) -> Iterator[str]:
        """Yield a sentence for each row whose published figure is not what its figures come to."""
        lines = {line["key"]: line for line in self._text["appendix"]["lines"]}
        for total in self.totals(forms):
            key = total.row.key
            if self._text["totals"].get(key) != _total_written(total):
                yield f"Dòng {key}: tổng đã công bố không bằng tổng tính lại từ các báo cáo."
            printed = printed_total(total)
            shown = {"text": printed.text, "number": decimal_text(printed.number)}
            stands_on = "; ".join(filter(None, (written_parts(total.parts), coverage(total))))
            line = lines.get(key, {})
            if {name: line.get(name) for name in shown} != shown or line["remark"] != stands_on:
                yield (
                    f"Dòng {key}: đã in «{line.get('text')}» ({line.get('remark')}), tính lại là"
                    f" «{printed.text}» ({stands_on})."
                )


def _line(found: Mapping[str, Any]) -> Line:
    figure = PrintedCell(found["text"], decimal_or_none(found["number"]))
    return Line(figure=figure, **{name: found[name] for name in _LINE})


def _figure(said: str | Mapping[str, str], place: int, row: int) -> Given:
    if isinstance(said, str):
        return Decimal(said)
    return Reported(
        place,
        row,
        said.get("status", FigureStatus.REPORTED.value),
        decimal_or_none(said.get("number")),
        decimal_or_none(said.get("numerator")),
        decimal_or_none(said.get("denominator")),
        said.get("choice", ""),
    )


# Two publications compared


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """One row that two publications print otherwise; None where one has no such row."""

    stt: str
    label: str
    before: Line | None
    after: Line | None


@dataclass(frozen=True, slots=True)
class ChangedReport:
    """One report that stands otherwise behind two publications, with what changed in words and, of
    a few figures, which."""

    agency: str
    what: str
    rows: tuple[str, ...] = ()


def changed_lines(before: Appendix, after: Appendix) -> Sequence[ChangedLine]:
    """Return the rows whose figure or coverage is another, in the order of the later table."""
    old = {line.key: line for line in before.lines}
    new = {line.key: line for line in after.lines}
    gone = [key for key in old if key not in new]
    return [
        ChangedLine(line.stt, line.label, old.get(key), new.get(key))
        for key in (*new, *gone)
        for line in [new.get(key) or old[key]]
        if _said(old.get(key)) != _said(new.get(key))
    ]


def _said(line: Line | None) -> tuple[str, str] | None:
    return None if line is None else (line.figure.text, line.remark)


def changed_reports(before: Published, after: Published) -> Sequence[ChangedReport]:
    """Return the reports that are new in the later publication, gone from it, or saved since."""
    old, new = _by_name(before), _by_name(after)
    found = []
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        what, rows = _what_changed(was, now)
        if what:
            found.append(ChangedReport((now or was or {})["name"], what, rows))
    return found


# Of more figures than these only how many were changed is told.
MOST_TOLD = 5


def _by_name(published: Published) -> Mapping[tuple[str, ...], Mapping[str, Any]]:
    return {(one["agency"], one["form"], one["capacity"]): one for one in published.reports}


def _what_changed(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None
) -> tuple[str, tuple[str, ...]]:
    if was is None or now is None:
        return ("thêm vào đợt" if was is None else "không còn trong đợt"), ()
    if was["is_taken"] is not now["is_taken"]:
        if now["is_taken"]:
            return "mới được cộng", ()
        return f"không còn được cộng, {State(now['state']).label.lower()}", ()
    before, after = was["figures"], now["figures"]
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    if not changed:
        return "", ()
    told = changed if len(changed) <= MOST_TOLD else []
    return f"sửa {len(changed)} số liệu", tuple(
        f"dòng {key}: {_shown(before.get(key))} → {_shown(after.get(key))}" for key in told
    )


def _shown(said: str | Mapping[str, str] | None) -> str:
    """Write a frozen figure as a sentence tells it."""
    if said is None:
        return "trống"
    if isinstance(said, str):
        return write(Decimal(said))
    status = FigureStatus(said["status"])
    if status in {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}:
        return status.label.lower()
    if "numerator" in said and "denominator" in said:
        return f"{write(Decimal(said['numerator']))}/{write(Decimal(said['denominator']))}"
    return f"mã {said['choice']}" if "choice" in said else write(Decimal(said.get("number", "0")))
