"""The acts on rounds: plan, change, open, extend, close, reopen, cancel; each with its line in the
record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.kinds import Capacity, Status
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.access import roles_at
from reporting.actions.notices import (
    tell_of_cancelling,
    tell_of_extension,
    tell_of_new_days,
    tell_of_opening,
)
from reporting.actions.record import About, Changes, changes_between, in_words, remember
from reporting.models import (
    Agency,
    AgencyKind,
    Round,
    RoundForm,
    Submission,
    Transition,
    User,
)
from reporting.periods import LATEST_YEAR, PeriodKind
from reporting.queries.rounds import (
    FACTS,
    Expected,
    Unfinished,
    facts,
    last_act,
    opening_of,
    seen_as,
    unfinished_in,
)
from reporting.refusals import (
    NotConfirmed,
    NotExpected,
    NotYours,
    ReasonMissing,
    Refused,
    StaleRound,
    WrongStatus,
)
from reporting.schedule import Days, in_stages, stage
from reporting.tidings import Subject
from reporting.workflow import ROUND_ACTS, Role, RoundAct, RoundStatus, State

# How many agencies a sentence names before it only counts.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided of a round. Reports are bound to all but name, days and notice: those stay
    once the round is open."""

    name: str
    days: Days
    period_kind: PeriodKind
    period_text: str
    summary_version: FormVersion
    notice: str = ""
    splits_capacities: bool = False
    forms: Mapping[AgencyKind, Sequence[FormVersion]] = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, object]:
        """What is decided, as queries.rounds.facts tells it of a round that stands."""
        codes = {
            f"forms_{kind.value}": ", ".join(sorted(version.code for version in versions))
            for kind, versions in self.forms.items()
            if versions
        }
        return {
            "name": self.name,
            "period_kind": self.period_kind.label,
            "period_text": self.period_text,
            "notice": self.notice,
            "splits_capacities": self.splits_capacities,
            "summary_version": self.summary_version.code,
            **{day.name: getattr(self.days, day.name) for day in fields(self.days)},
            **codes,
        }

    def give_to(self, round_: Round) -> None:
        """Set everything but the forms."""
        for day in fields(self.days):
            setattr(round_, day.name, getattr(self.days, day.name))
        round_.name, round_.notice = self.name, self.notice
        round_.period_kind, round_.period_text = self.period_kind.value, self.period_text
        round_.splits_capacities = self.splits_capacities
        round_.summary_version = self.summary_version


# Once reports hang on a round, what they were asked under stays.
BOUND = frozenset(
    {"period_kind", "period_text", "splits_capacities", "is_archive", "summary_version"}
    | {name for name in FACTS if name.startswith("forms_")}
)


@transaction.atomic
def plan_round(
    *,
    round: Round,
    forms: Mapping[AgencyKind, Sequence[FormVersion]],
    by: User | None,
    via: str = "page",
) -> Round:
    """Store a new round with the forms that each kind of agency fills in; check its dates.

    ``by`` is None for a command. Raises NotYours, or django's ValidationError with a sentence for
    each wrong date.
    """
    _require_runs(round.province, by, "plan")
    round.full_clean()
    for versions in forms.values():
        require_distinct(versions)
    round.save()
    _assign(round, forms)
    remember_plan(round, {}, by=by, via=via)
    return round


@transaction.atomic
def change_round(
    *, round: Round, plan: Plan, seen: str, by: User | None, via: str = "page"
) -> Changes:
    """Give a round other days, words or, before it opens, forms; return what changed, in words.

    ``seen`` is what the person was shown (queries.rounds.seen_as). Raises NotYours, WrongStatus,
    StaleRound, or django's ValidationError with a sentence for each fault.
    """
    current = held(round, ROUND_ACTS["change"], by=by)
    before = facts(current)
    if seen_as(current.status, before) != seen:
        raise StaleRound(
            f"Đợt đã thay đổi sau khi ông/bà mở trang này{by_whom(current)}. Hãy xem chỗ khác"
            " nhau dưới đây rồi lưu lại."
        )
    is_open = current.status != RoundStatus.PLANNED
    plan.give_to(current)
    # A form that was retired meanwhile is still the one of the reports that were asked for.
    current.full_clean(exclude={"province", *(BOUND if is_open else ())})
    if not is_open:
        for versions in plan.forms.values():
            require_distinct(versions)
        RoundForm.objects.filter(round=current).delete()
        _assign(current, plan.forms)
    current.save()
    changes = remember_plan(current, before, by=by, via=via)
    if is_open and any(change["label"] in _BOUND_LABELS for change in changes):
        raise WrongStatus(
            "Đợt đã mở: loại kỳ, kỳ in trên phụ lục và biểu mẫu giữ nguyên như khi giao báo cáo."
        )
    tell_of_new_days(current, before, by=by)
    return changes


_BOUND_LABELS = frozenset(FACTS[name] for name in BOUND)


def remember_plan(
    round_: Round, before: Mapping[str, object], *, by: User | None, via: str
) -> Changes:
    """Record what differs between ``before`` and the round as it stands; nothing where nothing
    does. A round without a ``before`` is new."""
    changes = changes_between(before, facts(round_), FACTS)
    if changes:
        act, what = ("change", "sửa") if before else ("plan", "lập")
        _remember(round_, act, f"{what} đợt «{round_.name}»", by=by, via=via, changes=changes)
    return changes


def _assign(round_: Round, forms: Mapping[AgencyKind, Sequence[FormVersion]]) -> None:
    RoundForm.objects.bulk_create(
        RoundForm(round=round_, agency_kind=kind.value, form_version=version)
        for kind, versions in forms.items()
        for version in versions
    )


def require_distinct(versions: Sequence[FormVersion]) -> None:
    """Raise ValidationError unless one agency may fill in all of ``versions`` in a round: they are
    published, and ask for no indicator twice, which would add the agency's figure twice."""
    asked: dict[str, str] = {}
    for version in versions:
        if version.status != Status.PUBLISHED:
            raise ValidationError(f"Biểu mẫu {version.code} chưa công bố nên chưa giao được.")
        for row in form_definition(version).rows:
            if not row.is_added:
                continue
            other = asked.setdefault(row.indicator, version.code)
            if other != version.code:
                raise ValidationError(
                    f"Biểu mẫu {version.code} và {other} cùng hỏi chỉ tiêu «{row.label}» nên không"
                    " giao cho cùng một loại đơn vị: số của đơn vị sẽ bị cộng hai lần."
                )


@transaction.atomic
def open_round(*, round: Round, by: User | None, via: str = "page") -> int:
    """Create the submissions that the round expects and lacks; return how many were made.

    Running it again makes only what is missing, so an agency added later gets its own. Raises
    NotYours or WrongStatus.
    """
    current = held(round, ROUND_ACTS["open"], by=by)
    return expect(round=round, asked=opening_of(current).missing, by=by, via=via)


@transaction.atomic
def expect(
    *,
    round: Round,
    asked: Iterable[tuple[Agency, FormVersion, Capacity]],
    by: User | None,
    via: str = "page",
) -> int:
    """Create the submissions of ``asked`` that are not there yet, and open the round. Raises as
    ``open_round``."""
    # Two openings at once take turns, so that each makes what the other has left.
    current = held(round, ROUND_ACTS["open"], by=by)
    standing = Expected.of(current)
    now = timezone.now()
    made = Submission.objects.bulk_create(
        Submission(
            round=round,
            agency=agency,
            form_version=version,
            capacity=capacity.value,
            agency_name=agency.name,
            agency_kind=agency.kind,
            agency_functions=agency.functions,
            agency_area=agency.area,
            agency_district=_district(agency),
            within=agency.parent if _is_below_a_district(agency) else None,
            place=agency.place,
            signer_title=agency.signer_title,
            state_at=now,
        )
        for agency, version, capacity in asked
        if not standing.answers(agency, version, capacity)
    )
    Transition.objects.bulk_create(
        Transition(
            submission=submission,
            move="open",
            target=State.NOT_STARTED.value,
            by=by,
            at=now,
            via=via,
        )
        for submission in made
    )
    if current.status == RoundStatus.PLANNED:
        _set_status(round, RoundStatus.OPEN)
        _remember(round, "open", f"mở đợt, giao {len(made)} báo cáo", by=by, via=via)
    elif made:
        _remember(round, "open", f"giao bổ sung {len(made)} báo cáo", by=by, via=via)
    tell_of_opening(current, made, by=by)
    return len(made)


def _district(agency: Agency) -> str:
    """Name the district that ``agency`` is or stands in; "" where there is none."""
    if agency.kind == AgencyKind.DISTRICT:
        return agency.name
    above = agency.parent
    return above.name if above is not None and above.kind == AgencyKind.DISTRICT else ""


def _is_below_a_district(agency: Agency) -> bool:
    above = agency.parent
    is_commune = agency.kind == AgencyKind.COMMUNE
    return is_commune and above is not None and above.kind == AgencyKind.DISTRICT


@transaction.atomic
def reschedule_round(
    *,
    round: Round,
    opens_on: date,
    due_on: date,
    closes_on: date,
    by: User | None = None,
    via: str = "page",
) -> None:
    """Set the days of entry of a round, whatever they were; raises as ``change_round``."""
    before = facts(held(round, ROUND_ACTS["change"], by=by))
    round.opens_on, round.due_on, round.closes_on = opens_on, due_on, closes_on
    round.full_clean(exclude=BOUND)
    round.save(update_fields=["opens_on", "due_on", "closes_on"])
    remember_plan(round, before, by=by, via=via)


@transaction.atomic
def extend(
    *,
    round: Round,
    agencies: Sequence[Agency],
    until: date,
    reason: str,
    by: User,
    via: str = "page",
) -> None:
    """Let all reports of ``agencies`` in a round that are not approved take figures to the end of
    ``until``; what is said last counts. One line of the record for each agency.

    Raises NotYours, WrongStatus, ReasonMissing, NotExpected, or ValidationError for a day that is
    over; then nobody gets more time.
    """
    current = held(round, ROUND_ACTS["extend"], by=by)
    why = _reason(reason, ROUND_ACTS["extend"])
    _require_to_come({"until": until})
    reports = Submission.objects.select_for_update(no_key=True).filter(
        round=current, agency__in=agencies
    )
    standing: dict[int, list[Submission]] = {agency.pk: [] for agency in agencies}
    for report in reports.order_by("pk"):
        standing[report.agency_id].append(report)
    _require_unapproved(agencies, standing)
    reports.exclude(state=State.APPROVED.value).update(extended_until=until)
    granted = []
    for agency in agencies:
        mine = [report for report in standing[agency.pk] if report.state != State.APPROVED]
        granted += mine
        [first, *_] = mine
        change = {
            "label": "Gia hạn đến hết ngày",
            "before": in_words(first.extended_until),
            "after": in_words(until),
        }
        remember(
            Subject.ROUND,
            "extend",
            f"gia hạn cho {first.agency_name} đến hết ngày {until:%d/%m/%Y}",
            by=by,
            via=via,
            about=About(province=current.province, round=current, agency=agency),
            changes=[change],
            reason=why,
        )
    tell_of_extension(current, granted, until, why, by=by)


def _require_unapproved(
    agencies: Sequence[Agency], standing: Mapping[int, Sequence[Submission]]
) -> None:
    if not agencies:
        raise NotExpected("Chưa chọn đơn vị nào để gia hạn.")
    strange = [agency.name for agency in agencies if not standing[agency.pk]]
    if strange:
        raise NotExpected(f"Không có báo cáo nào trong đợt này của {_named(strange)}.")
    done = [
        agency.name
        for agency in agencies
        if all(report.state == State.APPROVED for report in standing[agency.pk])
    ]
    if done:
        raise NotExpected(
            f"Mọi báo cáo đã được duyệt nên không cần gia hạn: {_named(done)}. Muốn đơn vị sửa, hãy"
            " mở lại báo cáo đã duyệt."
        )


@transaction.atomic
def close_round(
    *, round: Round, by: User, reason: str = "", seen: int = 0, via: str = "page"
) -> None:
    """Take no more figures but of agencies with more time, and corrections.

    What is not approved is left behind only where the person says that they have seen how many
    (``seen``), and why. Raises NotYours, WrongStatus, NotConfirmed or ReasonMissing.
    """
    act = ROUND_ACTS["close"]
    current = held(round, act, by=by)
    left = unfinished_in(current)
    count = sum(len(one.whose) for one in left)
    if count and seen != count:
        raise NotConfirmed(f"{_left_behind(left)} Hãy xác nhận đã xem con số này rồi đóng đợt.")
    why = _reason(reason, act) if count else reason.strip()
    _set_status(round, RoundStatus.CLOSED)
    told = f"đóng đợt khi còn {count} báo cáo chưa duyệt" if count else "đóng đợt"
    _remember(current, "close", told, by=by, via=via, reason=why)


def _left_behind(left: Sequence[Unfinished]) -> str:
    count = sum(len(one.whose) for one in left)
    told = (f"{len(one.whose)} «{one.state.label}»: {_named(one.whose)}" for one in left)
    return f"Còn {count} báo cáo chưa duyệt ({'; '.join(told)})."


@transaction.atomic
def reopen_round(
    *,
    round: Round,
    closes_on: date,
    edit_until: date | None,
    reason: str,
    by: User,
    via: str = "page",
) -> None:
    """Let a closed round take figures again until ``closes_on``.

    Raises NotYours, WrongStatus, ReasonMissing, or ValidationError for days that cannot be.
    """
    act = ROUND_ACTS["reopen"]
    current = held(round, act, by=by)
    why = _reason(reason, act)
    before = facts(current)
    _require_to_come({"closes_on": closes_on})
    current.closes_on, current.edit_until = closes_on, edit_until
    current.full_clean(exclude={"province", *BOUND})
    current.save(update_fields=["closes_on", "edit_until"])
    changes = changes_between(before, facts(current), FACTS)
    _set_status(round, RoundStatus.OPEN)
    told = f"mở lại đợt, đóng sau ngày {closes_on:%d/%m/%Y}"
    _remember(current, "reopen", told, by=by, via=via, changes=changes, reason=why)
    tell_of_new_days(current, before, by=by, is_reopened=True)


@transaction.atomic
def cancel_round(*, round: Round, reason: str, by: User, via: str = "page") -> None:
    """End a round for good: what was entered is kept, nothing is entered or moved any more.

    Raises NotYours, WrongStatus or ReasonMissing.
    """
    act = ROUND_ACTS["cancel"]
    current = held(round, act, by=by)
    _require_unjudged(current)
    why = _reason(reason, act)
    _set_status(round, RoundStatus.CANCELLED)
    _remember(current, "cancel", f"hủy đợt «{current.name}»", by=by, via=via, reason=why)
    tell_of_cancelling(current, why, by=by)


def why_no_act(round_: Round, act: RoundAct) -> str:
    """Return the sentence why nobody can do ``act`` with the round now; empty if it can be done."""
    try:
        _require_status(round_, act)
        if act.name == "cancel":
            _require_unjudged(round_)
    except Refused as refusal:
        return str(refusal)
    return ""


def _require_unjudged(round_: Round) -> None:
    """Raise where a report was approved: such a round is closed, never undone."""
    approved = round_.submissions.filter(state=State.APPROVED.value).count()
    if approved:
        instead = " Hãy đóng đợt." if round_.status == RoundStatus.OPEN else ""
        raise WrongStatus(f"Đợt đã có {approved} báo cáo được duyệt nên không hủy được.{instead}")


def held(round_: Round, act: RoundAct, *, by: User | None) -> Round:
    """Return the round as stored, locked until the transaction ends; raise unless ``by`` may do
    ``act`` with it as it stands."""
    _require_runs(round_.province, by, act.name)
    current = Round.objects.select_for_update(of=("self",), no_key=True).select_related(
        "province", "summary_version"
    )
    found = current.get(pk=round_.pk)
    _require_status(found, act)
    return found


# What the operators' pages and commands do, too; a command has no name.
_OPERATORS_TOO = frozenset({"plan", "change", "open"})


def _require_runs(province: Agency, by: User | None, act: str) -> None:
    """Raise unless ``by`` runs the rounds of the province, or is an operator who may do ``act``."""
    is_operator = by is None or by.is_superuser
    if is_operator and act in _OPERATORS_TOO:
        return
    if by is None or Role.REVIEWER not in roles_at(by, province):
        raise NotYours(f"Chỉ chuyên viên Sở Nội vụ của {province.name} mới làm được việc này.")


def _require_status(round_: Round, act: RoundAct) -> None:
    status = RoundStatus(round_.status)
    if status in act.sources:
        return
    needed = " hoặc ".join(
        f"«{in_stages(source)}»" for source in RoundStatus if source in act.sources
    )
    stands = stage(status, round_.days, timezone.localdate(), is_archive=round_.is_archive)
    raise WrongStatus(
        f"{round_.name} đang ở tình trạng «{stands.label}»{by_whom(round_)}; chỉ {act.verb} được"
        f" khi đợt ở tình trạng {needed}."
    )


def by_whom(round_: Round) -> str:
    """Say who did what with the round last, in brackets; nothing where the record is silent."""
    line = last_act(round_)
    if line is None:
        return ""
    at = timezone.localtime(line.at)
    who = f"{line.by} " if line.by else ""
    return f" ({who}{line.what} lúc {at:%H:%M ngày %d/%m/%Y})"


def _reason(text: str, act: RoundAct) -> str:
    if not text.strip():
        raise ReasonMissing(f"Cần ghi lý do để {act.verb}; lý do được giữ trong nhật ký.")
    return text.strip()


def _require_to_come(days: Mapping[str, date]) -> None:
    today = timezone.localdate()
    wrong = {
        name: f"Ngày {day:%d/%m/%Y} không dùng được; hãy ghi một ngày từ hôm nay {today:%d/%m/%Y}"
        f" đến năm {LATEST_YEAR}."
        for name, day in days.items()
        if day < today or day.year > LATEST_YEAR
    }
    if wrong:
        raise ValidationError(wrong)


def _named(names: Sequence[str]) -> str:
    """Name the first few, and count the rest."""
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")


def _set_status(round_: Round, status: RoundStatus) -> None:
    round_.status = status.value
    round_.save(update_fields=["status"])


def _remember(
    round_: Round,
    act: str,
    what: str,
    *,
    by: User | None,
    via: str,
    changes: Changes = (),
    reason: str = "",
) -> None:
    about = About(province=round_.province, round=round_)
    remember(Subject.ROUND, act, what, by=by, via=via, about=about, changes=changes, reason=reason)
