"""What a keeper of a province's agencies types: an agency, a decision, a move, a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing

from indicators.forms.boxes import DayWithin, offer
from indicators.forms.drafts import OneLine, Words
from indicators.queries.functions import called
from indicators.words import LONGEST_WORDS
from reporting.actions.agencies import Placing
from reporting.actions.agency_files import Brought
from reporting.collation import vietnamese
from reporting.models import Agency, AgencyKind
from reporting.roster.columns import KINDS, LONGEST
from reporting.roster.problems import CODE, EARLIEST, LATEST
from reporting.roster.tree import DEEPEST

LARGEST_FILE = 5 * 1024 * 1024
_SALT = "reporting.agency_file"
_HIGHEST = {AgencyKind.PROVINCE.value: 0, AgencyKind.DISTRICT.value: 1}


class DayOfRecord(DayWithin):
    """A day on which a body began, ended or was changed."""

    def __init__(self, **said: Any) -> None:
        wrong = f"Năm phải từ {EARLIEST} đến {LATEST}."
        super().__init__(earliest=EARLIEST, latest=LATEST, wrong=wrong, **said)


def may_stand_above(tree: Iterable[Agency], also: int | None = None) -> list[Agency]:
    """Return the agencies that another one may be put below: the province, districts, others; of
    those that have ended only ``also``, below which it stands already."""
    found = [
        agency
        for agency in tree
        if _level(agency) < DEEPEST and (agency.valid_to is None or agency.pk == also)
    ]
    return sorted(found, key=lambda one: (_HIGHEST.get(one.kind, 2), vietnamese(one.name)))


def _level(agency: Agency) -> int:
    return 1 if agency.parent is None else 1 + _level(agency.parent)


def named(agency: Agency) -> str:
    return f"{agency.name} ({agency.code})"


class AgencyForm(forms.Form):
    """One agency. ``tree`` are the agencies of its province by their ids."""

    code = OneLine(
        label="Mã",
        max_length=LONGEST["code"],
        help_text="Chữ không dấu, số và các dấu . _ - ở giữa, ví dụ MH.X001 hoặc H61.10.",
    )
    name = OneLine(label="Tên", max_length=LONGEST["name"])
    kind = forms.ChoiceField(
        label="Loại",
        choices=[("", "Chọn loại"), *((kind.value, kind.label) for kind in KINDS)],
        help_text="Loại đơn vị quyết định đơn vị điền biểu nào trong một đợt.",
    )
    parent = forms.TypedChoiceField(label="Cấp trên", coerce=int)
    functions = forms.MultipleChoiceField(
        label="Chức năng",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Biểu mẫu giao một số dòng theo chức năng, dù đơn vị mang tên gì.",
    )
    area = OneLine(
        label="Địa bàn",
        max_length=LONGEST["area"],
        required=False,
        help_text="Để lọc và cộng riêng, ví dụ tên huyện trước 1/7/2025.",
        widget=forms.TextInput(attrs={"list": "dia-ban"}),
    )
    place = OneLine(
        label="Địa danh",
        max_length=LONGEST["place"],
        required=False,
        help_text="In trước ngày tháng trên phụ lục.",
    )
    signer_title = Words(
        label="Chức danh người ký",
        max_length=LONGEST["signer_title"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    wants_signature = forms.BooleanField(
        label="Lãnh đạo đơn vị ký trước khi gửi Sở Nội vụ", required=False
    )
    valid_from = DayOfRecord(label="Hoạt động từ ngày", required=False)
    valid_to = DayOfRecord(label="Hoạt động đến hết ngày", required=False)
    reason = Words(
        label="Lý do, văn bản",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, tree: Mapping[int, Agency], above: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tree = tree
        offered = may_stand_above(tree.values(), above)
        offer(self, "parent", [(str(agency.pk), named(agency)) for agency in offered])
        offer(self, "functions", [(code, f"{name} ({code})") for code, name in called().items()])

    def into(self, agency: Agency) -> tuple[Agency, str]:
        """Return ``agency`` with what was typed, not stored yet, and the reason given."""
        said = dict(self.cleaned_data)
        reason = str(said.pop("reason", ""))
        said["parent"] = self.tree[said["parent"]]
        said["functions"] = " ".join(said["functions"])
        for name, value in said.items():
            setattr(agency, name, value)
        return agency, reason

    @classmethod
    def of(cls, agency: Agency, tree: Mapping[int, Agency]) -> "AgencyForm":
        """Return the form filled with an agency as it stands."""
        filled = {name: getattr(agency, name) for name in cls.base_fields if name != "reason"}
        return cls(
            initial={
                **filled,
                "parent": agency.parent_id,
                "functions": agency.functions.split(),
            },
            tree=tree,
            above=agency.parent_id,
        )


class NewAgencyForm(AgencyForm):
    """An agency that is not there yet: its code is free."""

    valid_to = None  # type: ignore[assignment]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not CODE.fullmatch(code):
            raise forms.ValidationError(
                "Mã chỉ gồm chữ không dấu, số và các dấu . _ - ở giữa, ví dụ MH.X001."
            )
        if Agency.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(f"Mã {code} đã có đơn vị dùng; hãy đặt mã khác.")
        return code


class SuccessorForm(NewAgencyForm):
    """An agency that a decision makes: it begins on the decision's day. Its boxes may be left where
    another agency is chosen, so a browser must not insist on them."""

    use_required_attribute = False
    valid_from = None  # type: ignore[assignment]
    reason = None  # type: ignore[assignment]


class ShortSuccessorForm(forms.Form):
    """One of several that an agency is split into; all else it takes from the old one."""

    code = OneLine(label="Mã", max_length=LONGEST["code"], required=False)
    name = OneLine(label="Tên", max_length=LONGEST["name"], required=False)
    functions = OneLine(
        label="Mã chức năng, cách nhau dấu cách", max_length=LONGEST["functions"], required=False
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code and not CODE.fullmatch(code):
            raise forms.ValidationError("Mã chỉ gồm chữ không dấu, số và các dấu . _ - ở giữa.")
        if code and Agency.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(f"Mã {code} đã có đơn vị dùng; hãy đặt mã khác.")
        return code

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for name, other in (("code", "name"), ("name", "code")):
            if not said.get(name) and name not in self.errors and said.get(other):
                self.add_error(name, "Đơn vị mới cần cả mã và tên.")
        return said

    def agency(self, old: Agency) -> Agency | None:
        """Return the agency typed here, like ``old`` in all else; None where nothing is typed."""
        said = self.cleaned_data
        if not said.get("code"):
            return None
        return Agency(
            code=said["code"],
            name=said["name"],
            functions=" ".join(said["functions"].split()),
            kind=old.kind,
            parent=old.parent,
            area=old.area,
            place=old.place,
            signer_title=old.signer_title,
            wants_signature=old.wants_signature,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Agencies of one kind, to choose from."""

    kind: AgencyKind
    agencies: Sequence[Agency]


def by_kind(agencies: Iterable[Agency]) -> list[Group]:
    """Return agencies grouped by kind, in Vietnamese order."""
    found: dict[str, list[Agency]] = {}
    for agency in sorted(agencies, key=lambda one: vietnamese(one.name)):
        found.setdefault(agency.kind, []).append(agency)
    return [Group(kind, found[kind.value]) for kind in AgencyKind if kind.value in found]


class ChosenForm(forms.Form):
    """Agencies chosen in a list; ``tree`` are those of the province."""

    chon = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Hãy chọn ít nhất một đơn vị."}
    )

    def __init__(self, *args: Any, tree: Mapping[int, Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "chon", [(str(pk), named(agency)) for pk, agency in tree.items()])


class DecisionForm(forms.Form):
    """The day and the ground of a decision."""

    on = DayOfRecord(
        label="Từ ngày",
        help_text="Ngày đầu tiên theo tổ chức mới; đơn vị cũ hoạt động đến hết ngày trước đó.",
    )
    legal_basis = OneLine(
        label="Căn cứ",
        max_length=200,
        help_text="Số, ngày văn bản, ví dụ Nghị quyết 1668/NQ-UBTVQH15 ngày 16/6/2025.",
    )


class MergerForm(DecisionForm):
    """A merger into an agency that is there, or into a new one typed below."""

    into = forms.TypedChoiceField(
        label="Đơn vị tiếp nhận",
        coerce=int,
        help_text="Đơn vị đang có, kể cả khi giữ tên cũ, thì chọn ở đây và không đánh dấu ở danh"
        " sách các đơn vị kết thúc.",
    )

    def __init__(self, *args: Any, going_on: Sequence[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = sorted(going_on, key=lambda one: vietnamese(one.name))
        offered = [(str(agency.pk), named(agency)) for agency in old]
        offer(self, "into", [("0", "Lập đơn vị mới (ghi ở dưới)"), *offered])


class SplitForm(DecisionForm):
    """A split: whether the old agency ends, and which of the new ones are there already."""

    way = forms.ChoiceField(
        label="Cách",
        choices=[
            ("divide", "Chia: đơn vị cũ kết thúc"),
            ("split_off", "Tách: đơn vị cũ vẫn hoạt động"),
        ],
        widget=forms.RadioSelect,
        initial="divide",
    )


class EndForm(forms.Form):
    """An agency that ends with none in its place."""

    on = DayOfRecord(
        label="Không còn hoạt động từ ngày",
        help_text="Đơn vị hoạt động đến hết ngày trước đó.",
    )
    reason = Words(
        label="Lý do, văn bản",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do hoặc văn bản kết thúc hoạt động."},
    )


class MoveForm(forms.Form):
    """Where many agencies are moved to; what is left blank stays as each of them has it."""

    parent = forms.TypedChoiceField(
        label="Cấp trên mới", coerce=int, required=False, empty_value=None
    )
    kind = forms.ChoiceField(
        label="Loại mới",
        choices=[("", "Giữ nguyên"), *((kind.value, kind.label) for kind in KINDS)],
        required=False,
    )
    area = OneLine(
        label="Địa bàn mới",
        max_length=LONGEST["area"],
        required=False,
        widget=forms.TextInput(attrs={"list": "dia-ban"}),
        help_text="Để trống: giữ nguyên.",
    )
    on = DayOfRecord(label="Từ ngày", help_text="Ngày theo quyết định, không sau hôm nay.")
    reason = Words(
        label="Lý do, văn bản",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do hoặc văn bản."},
    )

    def __init__(self, *args: Any, tree: Mapping[int, Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = tree
        above = [(str(agency.pk), named(agency)) for agency in may_stand_above(tree.values())]
        offer(self, "parent", [("", "Giữ nguyên"), *above])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not (said.get("parent") or said.get("kind") or said.get("area")):
            raise forms.ValidationError("Hãy chọn cấp trên, loại hoặc ghi địa bàn mới.")
        return said

    def placing(self) -> Placing:
        said = self.cleaned_data
        return Placing(
            parent=self.tree[said["parent"]] if said["parent"] else None,
            kind=AgencyKind(said["kind"]) if said["kind"] else None,
            area=said["area"] or None,
        )


class RosterForm(forms.Form):
    """A file with a list of agencies."""

    file = forms.FileField(
        label="Tệp Excel (.xlsx) hoặc CSV",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Hãy chọn tệp danh sách đơn vị."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                f"Tệp nặng {file.size // 1024 // 1024} MB; nhiều nhất 5 MB. Hãy bỏ hình ảnh và các"
                " trang không cần."
            )
        return file


def signed(brought: Brought) -> str:
    """Return what was previewed as a text for a hidden box, which nobody can alter unseen."""
    return signing.dumps(
        [brought.file_name, brought.sha256, brought.text, brought.seen], salt=_SALT, compress=True
    )


def unsigned(text: str) -> Brought | None:
    """Return what a hidden box holds; None where it is not what a page has put there."""
    try:
        return Brought(*signing.loads(text, salt=_SALT))
    except signing.BadSignature:
        return None


def posted_roles(texts: Iterable[str]) -> Collection[tuple[int, int]]:
    """Return the ticked pairs of a role and the place of a successor, "12-0"; others are nothing.

    >>> posted_roles(["12-0", "x", "7-"])
    [(12, 0)]
    """
    pairs = [text.split("-") for text in texts]
    return [
        (int(pair[0]), int(pair[1]))
        for pair in pairs
        if len(pair) == 2 and all(part.isdecimal() and len(part) < 10 for part in pair)
    ]
