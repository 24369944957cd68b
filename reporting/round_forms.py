"""What the Sở Nội vụ types when it plans, changes, extends or ends a round."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from indicators.forms.drafts import Day, OneLine, Words, code_field
from indicators.models import FormVersion
from indicators.words import LONGEST_WORDS
from reporting.actions.record import Changes, changes_between
from reporting.actions.rounds import BOUND, Plan, require_distinct
from reporting.models import Agency, AgencyKind, Round
from reporting.periods import Period, PeriodKind
from reporting.queries.rounds import FACTS, Suggestion, not_in_force
from reporting.schedule import Days, doubts, faults
from reporting.workflow import RoundStatus

# Who fills a form in; the province prints the totals of theirs.
REPORTERS = tuple(kind for kind in AgencyKind if kind is not AgencyKind.PROVINCE)
DAYS = tuple(Days.__dataclass_fields__)


class PlanForm(forms.Form):
    """What is decided of a round; of an open one, what may still be changed."""

    name = OneLine(
        label="Tên đợt",
        max_length=120,
        help_text="Ví dụ Báo cáo quý I năm 2027. Đơn vị đọc tên này.",
        error_messages={"required": "Hãy ghi tên đợt."},
    )
    period_kind = forms.ChoiceField(
        label="Loại kỳ",
        choices=PeriodKind.choices(),
        help_text="Số cùng kỳ năm trước được tìm ở đợt cùng loại.",
    )
    period_text = OneLine(
        label="Kỳ in trên phụ lục",
        max_length=60,
        help_text="Ví dụ quý I năm 2027.",
        error_messages={"required": "Hãy ghi kỳ như sẽ in trên phụ lục."},
    )
    data_from = Day(label="Số liệu từ ngày")
    data_to = Day(label="Số liệu đến ngày (chốt)")
    opens_on = Day(label="Mở nhập từ ngày")
    due_on = Day(label="Hạn nộp của đơn vị")
    closes_on = Day(label="Đóng sau ngày")
    edit_until = Day(
        label="Sửa báo cáo bị trả lại đến hết ngày",
        required=False,
        help_text="Để trống: báo cáo bị trả lại sửa được cho đến khi duyệt.",
    )
    notice = OneLine(
        label="Lưu ý in kèm",
        max_length=300,
        required=False,
        help_text="Hiện trên mọi trang của đợt và trên phụ lục.",
    )
    splits_capacities = forms.BooleanField(
        label="Cơ quan báo cáo thay toàn tỉnh có một báo cáo riêng cho số của tỉnh", required=False
    )
    sure = forms.BooleanField(
        label="Xác nhận: tôi đã xem những điều trên và vẫn giữ như vậy", required=False
    )

    def __init__(
        self,
        *args: Any,
        versions: Sequence[FormVersion],
        standing: Round | None = None,
        **said: Any,
    ) -> None:
        """``versions`` are the forms to choose from; ``standing`` is the round to be changed."""
        super().__init__(*args, **said)
        self.standing = standing
        self.versions = {version.code: version for version in versions}
        self.doubts: Sequence[str] = ()
        choices = [(version.code, _in_list(version)) for version in versions]
        self.fields["summary_version"] = forms.ChoiceField(
            label="Biểu tổng hợp của tỉnh",
            choices=[("", "–"), *choices],
            help_text="Số của tỉnh được in theo biểu này.",
            error_messages={"required": "Hãy chọn biểu để in số của tỉnh."},
        )
        for kind in REPORTERS:
            self.fields[f"forms_{kind.value}"] = forms.MultipleChoiceField(
                label=kind.label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if standing is not None and standing.status != RoundStatus.PLANNED:
            for name in BOUND & self.fields.keys():
                del self.fields[name]
        if standing is not None and standing.is_archive:
            for name in DAYS:
                self.fields[name].required = False

    @property
    def kinds(self) -> Sequence[forms.BoundField]:
        """The boxes of the forms, one for each kind of agency; none of an open round."""
        return [self[name] for name in self.fields if name.startswith("forms_")]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        days = Days(**{name: said.get(name) for name in DAYS})
        is_archive = self.standing is not None and self.standing.is_archive
        for name, sentences in faults(days, is_archive=is_archive).items():
            if name not in self.errors:
                self.add_error(name, list(sentences))
        for box in self.kinds:
            try:
                require_distinct(self._chosen(box.name))
            except ValidationError as refusal:
                self.add_error(box.name, refusal)
        if not self.errors:
            self._ask_twice(days)
        return said

    def _ask_twice(self, days: Days) -> None:
        """Have what is odd, but may be meant, confirmed by a tick."""
        assigned = [
            one for name in self.fields if name.startswith("forms_") for one in self._chosen(name)
        ]
        distinct = list({version.code: version for version in assigned}.values())
        old = not_in_force(distinct, days.data_to) if days.data_to and distinct else ()
        self.doubts = [*doubts(days), *old]
        if self.doubts and not self.cleaned_data["sure"]:
            self.add_error(
                "sure",
                "Hãy xem những điều nêu ở cuối trang; nếu đúng như vậy, đánh dấu rồi lưu lại.",
            )

    def _chosen(self, name: str) -> Sequence[FormVersion]:
        return [self.versions[code] for code in self.cleaned_data.get(name, ())]

    def plan(self) -> Plan:
        """Return what was decided; what a page of an open round does not ask stays as it stands."""
        said = self.cleaned_data
        common = {
            "name": said["name"],
            "notice": said["notice"],
            "days": Days(**{name: said[name] for name in DAYS}),
        }
        if "summary_version" not in self.fields and self.standing is not None:
            return Plan(
                period_kind=PeriodKind(self.standing.period_kind),
                period_text=self.standing.period_text,
                splits_capacities=self.standing.splits_capacities,
                summary_version=self.standing.summary_version,
                **common,
            )
        return Plan(
            period_kind=PeriodKind(said["period_kind"]),
            period_text=said["period_text"],
            splits_capacities=said["splits_capacities"],
            summary_version=self.versions[said["summary_version"]],
            forms={
                kind: chosen
                for kind in REPORTERS
                if (chosen := self._chosen(f"forms_{kind.value}"))
            },
            **common,
        )

    def unlike(self, standing: Mapping[str, object]) -> Changes:
        """Return where what was typed differs from what stands (queries.rounds.facts)."""
        asked = {name: label for name, label in FACTS.items() if name in self.fields}
        return changes_between(standing, self.plan().facts, asked)


def _in_list(version: FormVersion) -> str:
    ends = f" đến {version.valid_to:%d/%m/%Y}" if version.valid_to else ""
    return f"{version.code} (hiệu lực từ {version.valid_from:%d/%m/%Y}{ends})"


class NewRoundForm(PlanForm):
    """A round that is not there yet."""

    code = code_field("Mã đợt", 40, "Hiện trên địa chỉ trang, không đổi được. Ví dụ MH-2027-Q1.")

    def round_of(self, province: Agency) -> Round:
        """Return the round as planned, not stored yet."""
        found = Round(province=province, code=self.cleaned_data["code"])
        self.plan().give_to(found)
        return found


def standing_values(round_: Round) -> dict[str, object]:
    """Return what the boxes of a round that is there show. One query."""
    assigned: dict[str, list[str]] = {}
    for kind, code in round_.forms.order_by("pk").values_list("agency_kind", "form_version__code"):
        assigned.setdefault(f"forms_{kind}", []).append(code)
    return {
        **{name: getattr(round_, name) for name in DAYS},
        "name": round_.name,
        "notice": round_.notice,
        "period_kind": round_.period_kind,
        "period_text": round_.period_text,
        "splits_capacities": round_.splits_capacities,
        "summary_version": round_.summary_version.code,
        **assigned,
    }


def suggested_values(period: Period | None, suggested: Suggestion) -> Mapping[str, object]:
    """Return what the boxes of a new round are filled in with: the days of the decree."""
    values: dict[str, object] = {
        "period_kind": PeriodKind.OTHER.value,
        "summary_version": suggested.summary.code if suggested.summary else "",
        **{
            f"forms_{kind.value}": [version.code for version in versions]
            for kind, versions in suggested.forms.items()
        },
    }
    if period is None:
        return values
    return values | {
        "code": suggested.code,
        "name": f"Báo cáo {period.in_sentence}",
        "period_kind": period.kind.value,
        "period_text": period.in_sentence,
        "data_from": period.data_from,
        "data_to": period.data_to,
        "opens_on": period.data_to.replace(day=1),
        "due_on": period.due_on,
        "closes_on": period.province_due_on,
    }


class ReasonForm(forms.Form):
    """Why something is done; kept in the record."""

    reason = Words(
        label="Lý do",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Được giữ trong nhật ký của đợt.",
        error_messages={"required": "Hãy ghi lý do; lý do được giữ trong nhật ký của đợt."},
    )


class ClosingForm(ReasonForm):
    """The reason, and the number of unfinished reports that the person has seen."""

    seen = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)

    def __init__(self, *args: Any, left: int, **said: Any) -> None:
        """``left`` is how many reports would be left behind; none, and no reason is needed."""
        super().__init__(*args, **said)
        self.fields["reason"].required = left > 0


class ReopeningForm(ReasonForm):
    """Until when a closed round takes figures again."""

    closes_on = Day(label="Nhận số liệu đến hết ngày")
    edit_until = Day(
        label="Sửa báo cáo bị trả lại đến hết ngày",
        required=False,
        help_text="Để trống: báo cáo bị trả lại sửa được cho đến khi duyệt.",
    )
    field_order = ("closes_on", "edit_until", "reason")


class ExtensionForm(ReasonForm):
    """Which agencies of a round get more time, until when."""

    until = Day(label="Gia hạn đến hết ngày")

    def __init__(self, *args: Any, offered: Sequence[int], **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["agencies"] = forms.MultipleChoiceField(
            label="Đơn vị",
            choices=[(str(pk), str(pk)) for pk in offered],
            error_messages={
                "required": "Chưa chọn đơn vị nào; hãy đánh dấu các đơn vị được gia hạn.",
                "invalid_choice": "Có đơn vị không có báo cáo trong đợt này, hoặc đã duyệt hết.",
            },
        )
