"""The list of a province's agencies brought in a file: previewed, then taken in as previewed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import tablib
from django.db import transaction

from reporting.actions.agencies import locked_tree
from reporting.actions.record import About, Changes, line_of, remember
from reporting.models import Agency, RecordLine, User
from reporting.queries.agencies import known_in, mark_of, tree_of
from reporting.refusals import AgencyUnfit, StaleAgencies
from reporting.resources import AgencyResource
from reporting.roster.columns import COLUMNS, TITLES, Line, shown, write_csv
from reporting.roster.comparison import BLANK, Comparison, compare
from reporting.roster.problems import completed, faults_in
from reporting.roster.reading import Fault, Roster, read_roster
from reporting.tidings import Subject


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as previewed: its name, hash and content, and the mark of the tree it was compared
    with. This and nothing else is taken in."""

    file_name: str
    sha256: str
    text: str
    seen: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What a file would do. With ``faults`` it can't be taken in, and there is no comparison."""

    faults: Sequence[Fault]
    brought: Brought
    comparison: Comparison | None


def judge_file(*, province: Agency, file_name: str, content: bytes) -> Judged:
    """Say what is wrong with a file, or what it would change. Raises BadFile where it can't be
    read. A fixed number of queries."""
    seen = mark_of(tree_of(province).values())
    faults, lines, found = _judge(province, read_roster(file_name, content))
    sha256 = hashlib.sha256(content).hexdigest()
    text = "" if faults else write_csv(lines)
    return Judged(faults, Brought(file_name, sha256, text, seen), found)


def judge_again(*, province: Agency, brought: Brought) -> Judged:
    """Say what a file that was previewed would change now."""
    seen = mark_of(tree_of(province).values())
    faults, _, found = _judge(province, _reread(brought))
    return Judged(faults, Brought(brought.file_name, brought.sha256, brought.text, seen), found)


def _judge(
    province: Agency, roster: Roster
) -> tuple[Sequence[Fault], Sequence[Line], Comparison | None]:
    known = known_in(province, [line["code"] for line in roster.lines])
    lines = completed(roster, known)
    faults = faults_in(roster, known)
    return faults, lines, None if faults else compare(lines, known.tree)


def _reread(brought: Brought) -> Roster:
    return read_roster(brought.file_name, brought.text.encode())


@transaction.atomic
def take_in(*, province: Agency, brought: Brought, by: User, via: str = "file") -> Comparison:
    """Write what was previewed, all of it or nothing, if the agencies still stand as they did then.

    Raises NotYours, StaleAgencies or AgencyUnfit. A fixed number of queries.
    """
    tree = locked_tree(province, by=by)
    if mark_of(tree.values()) != brought.seen:
        raise StaleAgencies(
            "Danh sách đơn vị đã thay đổi sau khi ông/bà xem trước tệp. Chưa ghi gì; hãy xem lại"
            " thay đổi dưới đây rồi xác nhận lại."
        )
    faults, _, found = _judge(province, _reread(brought))
    if found is None:
        raise AgencyUnfit(f"Tệp không còn nhận được: dòng {faults[0].line}, {faults[0].expected}.")
    if found.is_empty:
        raise AgencyUnfit("Tệp không thay đổi gì: mọi đơn vị trong tệp đang đúng như thế.")
    written = [*found.new, *(one.line for one in found.changed)]
    resource = AgencyResource(province)
    resource.import_data(
        tablib.Dataset(*([line[name] for name in COLUMNS] for line in written), headers=COLUMNS),
        raise_errors=True,
        use_transactions=False,
    )
    _record(province, brought, found, resource, by=by, via=via)
    return found


def _record(
    province: Agency,
    brought: Brought,
    found: Comparison,
    resource: AgencyResource,
    *,
    by: User,
    via: str,
) -> None:
    reason = f"Theo tệp {brought.file_name}, SHA-256 {brought.sha256}"
    remember(
        Subject.AGENCY,
        "import",
        f"nạp danh sách đơn vị từ tệp {brought.file_name}: {len(found.new)} đơn vị mới,"
        f" {len(found.changed)} đơn vị thay đổi",
        by=by,
        via=via,
        about=About(province=province),
        reason=reason,
    )
    told = [(line, "enter", "nhập", _of_new(line)) for line in found.new]
    told += [(one.line, "change", "sửa", list(one.cells)) for one in found.changed]
    RecordLine.objects.bulk_create(
        line_of(
            Subject.AGENCY,
            act,
            f"{verb} đơn vị {line['name']} ({line['code']})",
            by=by,
            via=via,
            about=About(province=province, agency=resource.kept[line["code"]]),
            changes=_changes(cells),
            reason=reason,
        )
        for line, act, verb, cells in told
    )


def _of_new(line: Line) -> list[tuple[str, str, str]]:
    return [
        (TITLES[column], BLANK, shown(column, value)) for column, value in line.items() if value
    ]


def _changes(cells: Sequence[tuple[str, str, str]]) -> Changes:
    return [{"label": label, "before": before, "after": after} for label, before, after in cells]
