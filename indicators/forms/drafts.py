"""What a catalogue manager types: the head of a version, one row, rules, notes, a file."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict

from indicators.catalogue.conditions import next_code
from indicators.catalogue.problems import LONGEST, LONGEST_LABEL
from indicators.catalogue.written import (
    PLACEHOLDERS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Line,
    VersionHead,
)
from indicators.definition import options
from indicators.formulas import LONGEST as LONGEST_FORMULA
from indicators.formulas import BadFormula, Percent, Ref, When, parse, parse_check
from indicators.kinds import (
    AcrossAgencies,
    AcrossPeriods,
    AgencyKind,
    Emphasis,
    Kind,
    Labelled,
    Missing,
    Severity,
)
from indicators.words import LONGEST_WORDS, clean

LARGEST_FILE = 5 * 1024 * 1024
# A form of a thousand rows has some 150,000 characters.
LONGEST_PASTE = 200_000
MOST_RULES = 200
_IN_BRACES = re.compile(r"\{[^{}]*\}?|\}")


class Words(forms.CharField):
    """Text kept as all words are kept: NFC, no unseen signs."""

    def to_python(self, value: Any) -> Any:
        return clean(super().to_python(value) or "")


class OneLine(Words):
    """Words on one line."""

    def to_python(self, value: Any) -> Any:
        return " ".join(super().to_python(value).split())


class Day(forms.DateField):
    """A date as Vietnamese write it; not the browser's box, which may put the month first."""

    def __init__(self, **said: Any) -> None:
        super().__init__(
            input_formats=["%d/%m/%Y"],
            widget=forms.DateInput(
                attrs={"autocomplete": "off", "placeholder": "ngày/tháng/năm"}, format="%d/%m/%Y"
            ),
            error_messages={
                "invalid": "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 01/01/2027.",
                "required": "Hãy ghi ngày/tháng/năm, ví dụ 01/01/2027.",
            },
            **said,
        )


def code_field(label: str, longest: int, help_text: str) -> forms.RegexField:
    return forms.RegexField(
        r"\A[A-Za-z0-9]+(-[A-Za-z0-9]+)*\Z",
        label=label,
        max_length=longest,
        help_text=help_text,
        error_messages={
            "invalid": "Mã chỉ gồm chữ không dấu, số và gạch nối ở giữa, ví dụ PL2-MH-2027."
        },
    )


class HeadForm(forms.Form):
    """What is said of a form version beside its rows, and printed around them."""

    code = code_field("Mã phiên bản", 40, "Không đổi được sau khi công bố. Ví dụ PL2-MH-2027.")
    form = code_field(
        "Mã biểu mẫu", 30, "Các phiên bản của cùng một biểu dùng chung mã này. Ví dụ PL2-MH."
    )
    form_name = OneLine(
        label="Tên biểu mẫu",
        max_length=300,
        required=False,
        help_text="Chỉ cần khi mã biểu mẫu là mã mới.",
    )
    edition = OneLine(label="Ấn bản", max_length=40, help_text="Ví dụ 2027.")
    valid_from = Day(label="Có hiệu lực từ ngày")
    valid_to = Day(label="Có hiệu lực đến hết ngày", required=False)
    appendix_label = OneLine(
        label="Tên phụ lục", max_length=60, required=False, help_text="Ví dụ Phụ lục 2."
    )
    title = OneLine(
        label="Tiêu đề",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In trên bảng. {PERIOD} là kỳ báo cáo, {AGENCY} là tên đơn vị, viết hoa.",
    )
    legal_line = OneLine(
        label="Dòng căn cứ",
        max_length=400,
        required=False,
        help_text="Ví dụ (Kèm theo Báo cáo số {number} ngày {date} của {agency}).",
    )
    label_heading = OneLine(
        label="Tiêu đề cột chỉ tiêu", max_length=200, initial="Chỉ tiêu thống kê"
    )
    last_heading = OneLine(label="Tiêu đề cột cuối", max_length=100, initial="Ghi chú")
    note = Words(
        label="Ghi chú về phiên bản",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Văn bản ban hành, điều khác với bản trước.",
    )

    def __init__(self, *args: Any, known_forms: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known_forms = known_forms
        self.fields["form"].widget.attrs["list"] = "known-forms"

    def clean_code(self) -> str:
        """Refuse the words that stand at this place in the portal's own addresses."""
        code = str(self.cleaned_data["code"])
        if code.lower() in {"moi", "so-sanh"}:
            raise forms.ValidationError(f"«{code}» là địa chỉ của cổng; hãy lấy mã khác.")
        return code

    def clean_title(self) -> str:
        return self._known_blanks("title")

    def clean_legal_line(self) -> str:
        return self._known_blanks("legal_line")

    def _known_blanks(self, name: str) -> str:
        """Refuse what nothing will fill in: it would be printed as it stands."""
        text = str(self.cleaned_data[name])
        strange = [found for found in _IN_BRACES.findall(text) if found not in PLACEHOLDERS]
        if strange:
            raise forms.ValidationError(
                f"«{strange[0]}» không có nghĩa; chỗ trống chỉ gồm {' '.join(PLACEHOLDERS)}."
            )
        return text

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("form") in self.known_forms:
            said["form_name"] = self.known_forms[said["form"]]
        elif "form" in said and not said.get("form_name"):
            self.add_error("form_name", f"Biểu mẫu {said['form']} là mã mới; hãy ghi tên biểu.")
        first, last = said.get("valid_from"), said.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày cuối phải từ ngày có hiệu lực trở đi.")
        return said

    def head(self) -> VersionHead:
        return VersionHead(**self.cleaned_data)


class SourceForm(forms.Form):
    """Where the rows of a draft come from: a file, or a table pasted; neither for none."""

    file = forms.FileField(
        label="Tệp Excel, Word hoặc CSV",
        required=False,
        allow_empty_file=True,
        help_text="Bảng danh mục tải từ cổng này, hoặc bảng in của văn bản (STT, Chỉ tiêu, Đơn vị"
        " tính, cột cuối).",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.docx,.csv,.txt"}),
    )
    pasted = forms.CharField(
        label="Hoặc dán bảng chép từ Word, Excel",
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        file = said.get("file")
        if file and file.size > LARGEST_FILE:
            self.add_error(
                "file",
                f"Tệp nặng {file.size // 1024:_} KB; nhiều nhất 5 MB. Hãy bỏ hình ảnh và các trang"
                " không cần.".replace("_", "."),
            )
        if file and said.get("pasted", "").strip():
            self.add_error("pasted", "Hãy chọn một: tải tệp lên, hoặc dán bảng.")
        return said


class RowForm(forms.Form):
    """One row of a draft: what the paper prints, what the row holds, who is asked."""

    stt = OneLine(label="STT", max_length=LONGEST["stt"], required=False)
    label = Words(
        label="Chỉ tiêu",
        max_length=LONGEST_LABEL,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi tên chỉ tiêu."},
    )
    unit = OneLine(label="Đơn vị tính", max_length=LONGEST["unit"], required=False)
    who_reports = Words(
        label="Cột cuối trên giấy",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    emphasis = forms.ChoiceField(label="Kiểu chữ", required=False)
    kind = forms.ChoiceField(label="Loại số liệu")
    choices = Words(
        label="Các lựa chọn",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một lựa chọn, ví dụ 0 = Không.",
    )
    indicator = forms.RegexField(
        r"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\Z",
        label="Chỉ tiêu gốc",
        max_length=LONGEST["indicator"],
        required=False,
        help_text="Mã để nối với biểu khác và kỳ trước; gõ vài chữ của tên để chọn.",
        widget=forms.TextInput(attrs={"list": "known-indicators", "autocomplete": "off"}),
        error_messages={
            "invalid": "Mã chỉ gồm chữ không dấu, số và dấu chấm. Hãy chọn trong danh sách gợi ý,"
            " hoặc để trống và đánh dấu lập chỉ tiêu gốc mới."
        },
    )
    is_new = forms.BooleanField(
        label="Lập chỉ tiêu gốc mới nếu danh mục chưa có; để trống mã thì trang tự đặt",
        required=False,
    )
    # A rate of two rows is chosen by its rows; any other formula is written.
    part = forms.ChoiceField(label="Tỷ lệ tính từ: tử số là dòng", required=False)
    whole = forms.ChoiceField(label="Mẫu số là dòng", required=False)
    formula = OneLine(
        label="Công thức viết tay",
        max_length=LONGEST["formula"],
        required=False,
        help_text="Chỉ khi tử số hoặc mẫu số cộng từ nhiều dòng, ví dụ percent([1.a] + [1.b], [1])."
        " Để trống thì dùng hai dòng chọn ở trên.",
    )
    across_agencies = forms.ChoiceField(label="Cộng giữa các đơn vị")
    across_periods = forms.ChoiceField(label="Qua các kỳ", required=False)
    asked = forms.MultipleChoiceField(
        label="Ai báo cáo số của mình",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn: mọi đơn vị; với dòng có cơ quan được giao: chỉ cơ quan ấy.",
    )
    reporter = forms.MultipleChoiceField(
        label="Ai báo cáo số của cả tỉnh",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    vertical = forms.BooleanField(label="Gồm cả cơ quan ngành dọc", required=False)
    key = forms.RegexField(
        r"\A[^\s\[\]|/?#%\"\\]+\Z",
        label="Khóa",
        max_length=LONGEST["key"],
        help_text="Tên của dòng trong công thức; mỗi dòng một khóa.",
        error_messages={"invalid": 'Khóa không có dấu cách và các dấu [ ] | / ? # %% " \\.'},
    )

    def __init__(
        self,
        *args: Any,
        functions: Mapping[str, str],
        numbers: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        """``numbers`` are the rows that a rate may be computed from: key and words."""
        super().__init__(*args, **kwargs)
        named = list(functions.items())
        kinds = [(k.value, k.label) for k in AgencyKind if k is not AgencyKind.PROVINCE]
        vocabularies: Mapping[str, type[Labelled]] = {
            "kind": Kind,
            "across_agencies": AcrossAgencies,
            "across_periods": AcrossPeriods,
            "emphasis": Emphasis,
        }
        offered = {name: words.choices() for name, words in vocabularies.items()}
        self.fields["label"].widget.attrs["autofocus"] = True
        rows = [("", "–"), *numbers]
        offered |= {"asked": [*kinds, *named], "reporter": [*named], "part": rows, "whole": rows}
        for name in ("asked", "reporter"):
            # A code that nobody offers is shown and kept until a person takes its tick away.
            known = {code for code, _ in offered[name]}
            own = [code for code in self._said(name) if code not in known]
            offered[name] = [
                *offered[name],
                *((code, f"{code} (chưa có trong danh mục)") for code in own),
            ]
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def _said(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict) and self.is_bound:
            return self.data.getlist(name)
        return list(self.initial.get(name, ()))

    def clean_key(self) -> str:
        return clean(str(self.cleaned_data["key"]))

    def clean_choices(self) -> str:
        """Read one option a line, or the catalogue's own writing, into the latter."""
        text = str(self.cleaned_data["choices"]).replace("\n", "|")
        try:
            return "|".join(f"{option.code}={option.label}" for option in options(text))
        except ValueError as error:
            raise forms.ValidationError(f"{error}; ví dụ 0 = Không.") from error

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        part, whole = said.get("part"), said.get("whole")
        if bool(part) != bool(whole):
            missing = "whole" if part else "part"
            self.add_error(missing, "Một tỷ lệ cần cả hai dòng: tử số và mẫu số.")
        elif part and said.get("formula"):
            self.add_error(
                "formula", "Hãy chọn một: hai dòng tử số và mẫu số, hoặc công thức viết tay."
            )
        return said

    def values(self) -> dict[str, str]:
        """Return the row's columns as the catalogue writes them."""
        said = {name: text for name, text in self.cleaned_data.items() if name in ROW_COLUMNS}
        part, whole = self.cleaned_data["part"], self.cleaned_data["whole"]
        return {
            **said,
            "formula": said["formula"] or (f"percent([{part}], [{whole}])" if part else ""),
            "asked": " ".join(said["asked"]),
            "reporter": " ".join(said["reporter"]),
            "vertical": "1" if said["vertical"] else "",
        }

    @classmethod
    def of(
        cls, row: Line, *, functions: Mapping[str, str], numbers: Sequence[tuple[str, str]]
    ) -> "RowForm":
        """Return the form filled with a row of a draft."""
        part, whole = _two_rows(row["formula"], {key for key, _ in numbers})
        initial: dict[str, Any] = {
            **row,
            "is_new": False,
            "part": part,
            "whole": whole,
            "formula": "" if part else row["formula"],
            "choices": "\n".join(part.replace("=", " = ", 1) for part in row["choices"].split("|")),
            "asked": row["asked"].split(),
            "reporter": row["reporter"].split(),
            "vertical": row["vertical"] == "1",
        }
        return cls(initial=initial, functions=functions, numbers=numbers)


def _two_rows(formula: str, offered: Collection[str]) -> tuple[str, str]:
    """Return the rows of a rate that is one row divided by another; two empty texts otherwise.

    >>> _two_rows("percent([b], [a])", {"a", "b"}), _two_rows("percent([b], [c])", {"a", "b"})
    (('b', 'a'), ('', ''))
    """
    try:
        match parse(formula):
            case Percent(Ref(part, When.NOW), Ref(whole, When.NOW)) if {part, whole} <= set(
                offered
            ):
                return part, whole
    except BadFormula:
        pass
    return "", ""


class RuleForm(forms.Form):
    """One thing that the figures of a report should satisfy."""

    code = OneLine(label="Mã", max_length=40)
    severity = forms.ChoiceField(
        label="Mức", choices=Severity.choices(), initial=Severity.WARNING.value
    )
    missing = forms.ChoiceField(label="Khi thiếu số", choices=Missing.choices(), required=False)
    condition = OneLine(
        label="Điều phải đúng",
        max_length=LONGEST_FORMULA,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    sentence = Words(
        label="Câu báo khi sai",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    instruction = Words(
        label="Việc cần làm",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def has_changed(self) -> bool:
        """A blank rule is one when something is written beside the code that it is offered."""
        if self.empty_permitted:
            return not {"condition", "sentence", "instruction"}.isdisjoint(self.changed_data)
        return super().has_changed()

    def clean_condition(self) -> str:
        text = str(self.cleaned_data["condition"])
        try:
            parse_check(text)
        except BadFormula as error:
            raise forms.ValidationError(str(error)) from error
        return text


if TYPE_CHECKING:
    _RuleForms = forms.BaseFormSet[RuleForm]
else:  # the class takes no parameter when it runs
    _RuleForms = forms.BaseFormSet


class _Rules(_RuleForms):
    """The rules of a draft, and one blank one that offers the code that comes next."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": f"Một biểu có nhiều nhất {MOST_RULES} quy tắc.",
    }

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        said = super().get_form_kwargs(index)
        if index is not None and index >= self.initial_form_count():
            taken = [str(rule["code"]) for rule in self.initial or ()]
            said["initial"] = {"code": next_code(taken), "severity": Severity.WARNING.value}
        return said

    def clean(self) -> None:
        """Refuse a code of two rules: the record tells changes of rules by their codes."""
        taken: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("code") if not form.errors else None
            if not code or form.cleaned_data.get("DELETE"):
                continue
            if code in taken:
                form.add_error("code", f"Mã {code} đã dùng cho một quy tắc khác.")
            taken.add(code)


RuleFormSet = forms.formset_factory(
    RuleForm,
    formset=_Rules,
    extra=1,
    can_delete=True,
    max_num=MOST_RULES,
    validate_max=True,
)


def rules_of(formset: Any) -> list[dict[str, str]]:
    """Return the rules that a posted formset leaves, in its order."""
    return [
        {column: form.cleaned_data[column] for column in RULE_COLUMNS}
        for form in formset
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]


class NoteForm(forms.Form):
    """Why a version is published or retired."""

    note = Words(
        label="Ghi chú",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Bắt buộc: văn bản ban hành; nếu còn cảnh báo, vì sao chấp nhận.",
        error_messages={"required": "Hãy ghi chú: văn bản ban hành, điều gì thay đổi và vì sao."},
    )


class RetireForm(NoteForm):
    """The last day of a version, and why."""

    last_day = Day(label="Dùng đến hết ngày")

    field_order = ("last_day", "note")


def suggested_code(code: str, taken: Collection[str], year: int) -> str:
    """Return a free code for a later version of ``code``: its year replaced by ``year``.

    >>> suggested_code("PL2-KH-2022", {"PL2-KH-2022"}, 2027)
    'PL2-KH-2027'
    >>> suggested_code("PL2-KH-2022", {"PL2-KH-2027"}, 2027)
    'PL2-KH-2027-2'
    """
    stem = f"{re.sub(r'-[0-9]{4}$', '', code)}-{year}"
    wanted = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
    return next(found for found in wanted if found not in taken)
