"""The fictional tỉnh Minh Họa: 150 agencies, one finished round and one in all states."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product
from random import Random

from django.db import transaction

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Percent, Ref
from indicators.kinds import AcrossPeriods, Kind, Scope, Severity
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.agencies import enter_agency
from reporting.actions.comments import add_comment
from reporting.actions.figures import save_figures
from reporting.actions.findings import answer_findings
from reporting.actions.publications import publish
from reporting.actions.rounds import (
    close_round,
    extend,
    open_round,
    plan_round,
    reschedule_round,
)
from reporting.actions.submissions import Heading, make_move
from reporting.demo.mending import obey
from reporting.entry import read_cell
from reporting.models import Agency, AgencyKind, Round, Submission, User
from reporting.periods import Period, rhythm
from reporting.publication import mark_of
from reporting.queries.findings import weighed_findings
from reporting.queries.province import round_heading
from reporting.queries.publications import publishable
from reporting.rules import Finding
from reporting.rules.answers import AnswerKind, Said
from reporting.snapshot import EMPTY, Cell
from reporting.workflow import MOVES, State

VIA = "demo"
NOTICE = "Số liệu minh họa, không phải số liệu thật."
CODE = "MH"
COMMUNES = 127
# A year and the current round: what a trend and a comparison need, and no more to wait for.
ROUNDS_BACK = 4

DEPARTMENTS = (
    ("SNV", "Sở Nội vụ", "noi_vu"),
    ("VPUB", "Văn phòng UBND tỉnh", "vp_ubnd"),
    ("STP", "Sở Tư pháp", "tu_phap"),
    ("STC", "Sở Tài chính", "tai_chinh kh_dt"),
    ("SKHCN", "Sở Khoa học và Công nghệ", "tttt"),
    ("SCT", "Sở Công Thương", ""),
    ("SNNMT", "Sở Nông nghiệp và Môi trường", ""),
    ("SXD", "Sở Xây dựng", ""),
    ("SYT", "Sở Y tế", ""),
    ("SGDDT", "Sở Giáo dục và Đào tạo", ""),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", ""),
    ("SDTTG", "Sở Dân tộc và Tôn giáo", ""),
    ("SNGV", "Sở Ngoại vụ", ""),
    ("TTT", "Thanh tra tỉnh", ""),
    ("BQLKKT", "Ban Quản lý Khu kinh tế và các khu công nghiệp", ""),
    ("BQLDADD", "Ban Quản lý dự án đầu tư xây dựng các công trình dân dụng", ""),
    ("BQLDAGT", "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông", ""),
    ("TTPVHCC", "Trung tâm Phục vụ hành chính công tỉnh", ""),
    ("TTXTDT", "Trung tâm Xúc tiến đầu tư, thương mại và du lịch", ""),
    ("CCQLTT", "Chi cục Quản lý thị trường", ""),
)
VERTICALS = (
    ("CA", "Công an tỉnh"),
    ("BHXH", "Bảo hiểm xã hội tỉnh"),
    ("THUE", "Thuế tỉnh"),
)
# Where the head signs before a report leaves the house.
SIGNED = frozenset({"SYT", "SGDDT"})
# The old districts, by which communes are still filtered and added up.
AREAS = ("Sơn Tây cũ", "Minh Long cũ", "Phú Hòa cũ", "An Bình cũ", "Vĩnh Thạnh cũ", "Minh Hải cũ")
_FIRST = ("Minh", "Hòa", "Tân", "An", "Bình", "Phú", "Long", "Xuân", "Đông", "Thạnh", "Vĩnh")
_SECOND = (
    "An", "Lộc", "Sơn", "Hải", "Thịnh", "Đức", "Khánh", "Phước", "Thành", "Hưng", "Tiến", "Mỹ",
)  # fmt: skip
_LARGEST = {
    "Hồ sơ": 6000,
    "Thủ tục": 150,
    "TTHC": 150,
    "Văn bản": 40,
    "Người": 60,
    "Nhiệm vụ": 60,
    "Tin nhắn": 3000,
    "Triệu đồng": 80000,
}
# What seldom happens, and then to few.
_RARE = ("trễ hạn", "tinh giản", "cắt giảm", "kỷ luật", "tuyển dụng", "bổ nhiệm", "vi phạm")
# Words that put a row which the form asks of everybody outside what one kind of agency answers.
_NOT_ASKED = {
    AgencyKind.DEPARTMENT: ("huyện", "cấp xã", "ngành dọc", "HĐND"),
    AgencyKind.VERTICAL: ("huyện", "cấp xã", "sở, ngành", "HĐND", "biên chế", "ĐVSNCL"),
    AgencyKind.COMMUNE: ("huyện", "sở, ngành", "cấp tỉnh", "UBND tỉnh", "tỉnh thành lập"),
}


@transaction.atomic
def enter_agencies() -> Agency:
    """Enter the province and its 150 agencies."""
    province = enter_agency(
        agency=Agency(
            code=CODE,
            name="Tỉnh Minh Họa",
            kind=AgencyKind.PROVINCE.value,
            place="Minh Họa",
            signer_title="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
        )
    )
    for code, name, functions in DEPARTMENTS:
        _enter(province, code, name, AgencyKind.DEPARTMENT, "GIÁM ĐỐC", functions)
    for code, name in VERTICALS:
        _enter(province, code, name, AgencyKind.VERTICAL, "THỦ TRƯỞNG ĐƠN VỊ")
    for number, name in enumerate(islice(_commune_names(), COMMUNES), start=1):
        title = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
        _enter(
            province,
            f"X{number:03d}",
            f"UBND {name}",
            AgencyKind.COMMUNE,
            title,
            area=AREAS[number * len(AREAS) // (COMMUNES + 1)],
        )
    return province


def _enter(
    province: Agency,
    code: str,
    name: str,
    kind: AgencyKind,
    signer: str,
    functions: str = "",
    area: str = "",
) -> None:
    enter_agency(
        agency=Agency(
            code=f"{CODE}.{code}",
            name=name,
            kind=kind.value,
            parent=province,
            functions=functions,
            place="Minh Họa",
            area=area,
            signer_title=signer,
            wants_signature=code in SIGNED,
        )
    )


def _commune_names() -> Iterator[str]:
    for number, (first, second) in enumerate(product(_FIRST, _SECOND)):
        if first != second:
            yield f"{'phường' if number % 6 == 0 else 'xã'} {first} {second}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts for the agencies and who reviews, in the demonstration."""

    clerk: User
    head: User
    reviewer: User


@transaction.atomic
def enter_rounds(province: Agency, desk: Desk, today: date) -> None:
    """Enter the rounds of a year back, nearly all approved and the last of them published, and the
    current one, in all states."""
    periods = [*rhythm(today.year - 1), *rhythm(today.year), *rhythm(today.year + 1)]
    current = next(period for period in periods if period.data_to >= today)
    past = periods[: periods.index(current)][-ROUNDS_BACK:]
    department = FormVersion.objects.select_related("form").get(code="PL2-KH-2022")
    commune = FormVersion.objects.select_related("form").get(code="PL2-XA-QN-2022")
    forms = {
        AgencyKind.DEPARTMENT: [department],
        AgencyKind.VERTICAL: [department],
        AgencyKind.COMMUNE: [commune],
    }
    plans = [*((period, _nearly_all_approved) for period in past), (current, _all_states)]
    for period, plan in plans:
        round_ = plan_round(
            round=Round(
                province=province,
                code=f"{CODE}-{period.code}",
                name=f"Báo cáo {period.name[:1].lower()}{period.name[1:]}",
                period_kind=period.kind.value,
                period_text=f"{period.name[:1].lower()}{period.name[1:]}",
                data_from=period.data_from,
                data_to=period.data_to,
                opens_on=today - timedelta(days=20),
                due_on=max(period.due_on, today),
                closes_on=max(period.due_on, today) + timedelta(days=10),
                notice=NOTICE,
                summary_version=department,
            ),
            forms=forms,
            by=desk.reviewer,
            via=VIA,
        )
        open_round(round=round_, by=desk.reviewer, via=VIA)
        submissions = round_.submissions.select_related("agency__parent", "round", "form_version")
        for number, submission in enumerate(submissions.order_by("agency__code")):
            _fill(submission, plan(number, submission.agency), period, desk)
        if period is not current:
            reschedule_round(
                round=round_,
                opens_on=period.data_to - timedelta(days=30),
                due_on=period.due_on,
                closes_on=period.due_on + timedelta(days=10),
                by=desk.reviewer,
                via=VIA,
            )
            _close(round_, desk)
            if period is past[-1]:
                _publish(round_, department, desk)
        else:
            _give_more_time(round_, desk, today)


def _close(round_: Round, desk: Desk) -> None:
    left = round_.submissions.exclude(state=State.APPROVED.value).count()
    reason = "Các đơn vị còn lại sẽ báo cáo chung ở kỳ sau."
    close_round(round=round_, by=desk.reviewer, reason=reason, seen=left, via=VIA)


def _publish(round_: Round, layout: FormVersion, desk: Desk) -> None:
    seen = mark_of(publishable(round_, layout).content(round_heading(round_, notice=""), 0))
    publish(
        round=round_,
        layout=layout,
        heading=Heading(
            report_number="128/BC-UBND",
            signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
            signer_name="Lê Minh Sơn",
        ),
        seen=seen,
        by=desk.reviewer,
        via=VIA,
    )


def _give_more_time(round_: Round, desk: Desk, today: date) -> None:
    """One commune that has not begun gets five more days after the closing."""
    late = round_.submissions.filter(state=State.NOT_STARTED.value, agency_kind=AgencyKind.COMMUNE)
    extend(
        round=round_,
        agencies=[late.select_related("agency").order_by("agency__code")[0].agency],
        until=max(round_.closes_on or today, today) + timedelta(days=5),
        reason="Trụ sở mất điện do bão, xã đề nghị lùi ngày.",
        by=desk.reviewer,
        via=VIA,
    )


def _scale(period: Period) -> float:
    """The share of a year's work that a period's window holds."""
    return (period.data_to - period.data_from).days / 365


def _nearly_all_approved(number: int, _agency: Agency) -> State:
    return State.DRAFT if number % 50 == 7 else State.APPROVED


# The two agencies whose clerks have an example account find work to do.
_TO_DO = {
    f"{CODE}.SCT": State.DRAFT,
    f"{CODE}.X001": State.RETURNED,
    f"{CODE}.SYT": State.SIGNING,
    f"{CODE}.STP": State.IN_REVIEW,
}


# What the checks find in the report that an example account goes on with: a part above its whole,
# a total that its parts do not make.
_SLIPS: Mapping[str, Mapping[str, str]] = {
    f"{CODE}.SCT": {
        "1.2.a": "27",
        "1.2.b": "8",
        "1.3.2.a": "6",
        "1.3.2.b": "9",
        "3.1.4": "127",
        "3.1.4.a": "111",
        "3.1.4.b": "14",
        "3.1.4.c": "3",
    }
}


def _all_states(number: int, agency: Agency) -> State:
    cycle = (
        State.APPROVED, State.DRAFT, State.APPROVED, State.SUBMITTED, State.APPROVED,
        State.NOT_STARTED, State.APPROVED, State.RETURNED, State.SUBMITTED, State.APPROVED,
    )  # fmt: skip
    return _TO_DO.get(agency.code, cycle[number % len(cycle)])


_MOVES_TO: Mapping[State, Sequence[str]] = {
    State.NOT_STARTED: (),
    State.DRAFT: (),
    State.SIGNING: ("present",),
    State.SUBMITTED: ("submit",),
    State.IN_REVIEW: ("submit", "review"),
    State.RETURNED: ("submit", "return"),
    State.APPROVED: ("submit", "approve"),
}
_REASON = (
    "Số hồ sơ giải quyết đúng hạn chưa khớp với báo cáo tháng của đơn vị;"
    " đề nghị kiểm tra lại mục 3.4."
)

_REMARK = "Số này thấp hơn hẳn kỳ trước; đề nghị đối chiếu với sổ theo dõi của đơn vị."


def _fill(submission: Submission, state: State, period: Period, desk: Desk) -> None:
    """Enter figures as a clerk would, then take the submission to ``state``."""
    if state is State.NOT_STARTED:
        return
    form = form_definition(submission.form_version)
    kind = AgencyKind(submission.agency.kind)
    cells = invented_cells(form, kind, submission.agency, period)
    if state is State.DRAFT:
        cells = dict(islice(cells.items(), len(cells) // 2))
        slips = _SLIPS.get(submission.agency.code, {})
        cells |= {key: read_cell(text, form.by_key[key], EMPTY) for key, text in slips.items()}
    save_figures(submission=submission, cells=cells, by=desk.clerk, via=VIA)
    if _MOVES_TO[state]:
        _answer_findings(submission, desk)
    for name in _MOVES_TO[state]:
        move = MOVES[name]
        if name == "return" and submission.agency.code in _TO_DO:
            asked = next(iter(cells))
            add_comment(submission=submission, row_key=asked, text=_REMARK, by=desk.reviewer)
        submission = make_move(
            submission=submission,
            move=move,
            by=_mover(submission, name, desk),
            revision=submission.revision,
            reason=_REASON if move.needs_reason else "",
            via=VIA,
        )


def _mover(submission: Submission, move: str, desk: Desk) -> User:
    if move not in {"present", "submit"}:
        return desk.reviewer
    signs = move == "submit" and submission.agency.wants_signature
    return desk.head if signs else desk.clerk


_EXPLANATIONS = (
    "Số theo sổ theo dõi của đơn vị; phần chênh là việc của kỳ trước chuyển sang.",
    "Đã đối chiếu với phần mềm một cửa, số đúng như đã ghi.",
    "Các đơn vị trực thuộc mới báo cáo một phần, sẽ bổ sung ở kỳ sau.",
)


def _answer_findings(submission: Submission, desk: Desk) -> None:
    """Say of what the checks find what a clerk and a reviewer would say."""
    found = [one.finding for one in weighed_findings(submission) if one.is_open]
    for kind, severity, by in (
        (AnswerKind.EXPLANATION, Severity.WARNING, desk.clerk),
        (AnswerKind.WAIVER, Severity.ERROR, desk.reviewer),
    ):
        said = {
            finding.name: Said(_explanation(submission, finding), finding.found)
            for finding in found
            if finding.severity is severity
        }
        if said:
            answer_findings(submission=submission, kind=kind, said=said, by=by, via=VIA)


def _explanation(submission: Submission, finding: Finding) -> str:
    return Random(f"{submission.agency_name} {finding.name}").choice(_EXPLANATIONS)


def invented_cells(
    form: FormDefinition, kind: AgencyKind, agency: Agency, period: Period
) -> dict[str, Cell]:
    """Invent figures for one agency: the same agency and row give nearly the same figure, so that
    two rounds resemble each other; parts stay within their wholes."""
    scale = _scale(period) * Random(f"{agency.code} {period.code}").uniform(0.9, 1.1)
    typed = {
        row.key: _invented(row, Random(f"{agency.code} {row.indicator}"), scale)
        for row in form.typed_rows
        if _is_asked(row, form, kind, agency)
    }
    _add_up(form, typed)
    _stay_within(form, typed, f"{agency.code} {period.code}")
    # One agency in nine leaves a slip that is no error, so that there is something to explain.
    is_careless = Random(agency.code).randrange(9) == 0
    obey(form, typed, {Severity.ERROR} if is_careless else set(Severity))
    return {key: read_cell(text, form.by_key[key], EMPTY) for key, text in typed.items()}


def _add_up(form: FormDefinition, typed: dict[str, str]) -> None:
    """Make each counted row the sum of the rows of its unit below it, from the leaves up."""
    for row in reversed(form.rows):
        parts = [
            int(typed[part.key])
            for part in form.rows
            if part.parent == row.key
            and (part.unit == row.unit or "trong đó" in row.label.lower())
            and part.kind is Kind.COUNT
            and typed.get(part.key, "").isdecimal()
        ]
        if parts and row.kind is Kind.COUNT and row.key in typed:
            typed[row.key] = str(sum(parts))


def _stay_within(form: FormDefinition, typed: dict[str, str], whose: str) -> None:
    """Keep what follows a "Tổng số …" of its unit within it, and a rate's part in its whole."""
    wholes: dict[tuple[str, str], str] = {}
    for row in form.rows:
        place = (row.parent, row.unit)
        if "Tổng số" in row.label[:9]:
            wholes[place] = row.key
        elif place in wholes and row.kind is Kind.COUNT:
            _limit(typed, row.key, wholes[place], 0.05 if "quá hạn" in row.label else 0.9, whose)
    for row in form.rows:
        match row.formula:
            case Percent(Ref(part), Ref(whole)):
                _limit(typed, part, whole, 0.98, whose)


def _limit(typed: dict[str, str], part: str, whole: str, share: float, whose: str) -> None:
    if typed.get(part, "").isdecimal() and typed.get(whole, "").isdecimal():
        exact = share * Random(f"{whose} {part}").uniform(0.9, 1)
        typed[part] = str(round(int(typed[whole]) * exact))


def _is_asked(row: RowDefinition, form: FormDefinition, kind: AgencyKind, agency: Agency) -> bool:
    """Follow the form where it names whom it asks, else the words of the row and of those above
    it: the parts of a district's rate too."""
    if row.asked or row.designated:
        return row.scope(kind, agency.functions.split()) is not Scope.OUTSIDE
    line = [row]
    while line[-1].parent:
        line.append(form.by_key[line[-1].parent])
    return not any(word in each.label for each in line for word in _NOT_ASKED[kind])


def _invented(row: RowDefinition, random: Random, scale: float) -> str:
    """Write an invented answer to ``row`` as a clerk would type it."""
    if row.kind is Kind.CHOICE:
        return random.choice(row.options).code
    if random.random() < 0.06:
        return "không phát sinh"
    is_rare = any(word in row.label for word in _RARE)
    largest = 3 if is_rare else _LARGEST.get(row.unit, 6)
    if row.kind is Kind.PERCENT:
        whole = random.randint(10, 400)
        share = random.uniform(0, 0.1) if is_rare else random.uniform(0.7, 1)
        return f"{round(whole * share)}/{whole}"
    base = random.randint(0, largest)
    in_window = row.across_periods is AcrossPeriods.STOCK or base <= 6
    return str(base if in_window else round(base * scale))
