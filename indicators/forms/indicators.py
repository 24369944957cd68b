"""What a catalogue manager says of an indicator: what it means, what it came out of."""

from typing import Any

from django import forms

from indicators.actions.indicators import Description
from indicators.forms.drafts import OneLine, Words
from indicators.kinds import Change, Kind, Meaning
from indicators.models import Indicator
from indicators.words import LONGEST_WORDS


class DescriptionForm(forms.Form):
    """Name, meaning and legal basis; unit and kind as long as no published form uses them."""

    name = OneLine(label="Tên chỉ tiêu", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    unit = OneLine(label="Đơn vị tính", max_length=100, required=False)
    kind = forms.ChoiceField(label="Loại số liệu", choices=Kind.choices())
    definition = Words(
        label="Định nghĩa, cách tính",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Đếm gì, không đếm gì, tính đến thời điểm nào; tỷ lệ thì chia cho số nào.",
    )
    legal_basis = Words(
        label="Căn cứ pháp lý",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Văn bản quy định chỉ tiêu, ví dụ Quyết định số 468/QĐ-TTg ngày 27/3/2021.",
    )
    note = OneLine(
        label="Vì sao sửa",
        max_length=LONGEST_WORDS,
        required=False,
        help_text="Ghi vào lịch sử của chỉ tiêu.",
    )

    def __init__(self, *args: Any, is_published: bool, **kwargs: Any) -> None:
        """A disabled box keeps what is stored, whatever is posted for it."""
        super().__init__(*args, **kwargs)
        for name in ("unit", "kind"):
            self.fields[name].disabled = is_published

    def description(self) -> Description:
        return Description(
            **{name: self.cleaned_data[name] for name in Description.__dataclass_fields__}
        )


class LinkForm(forms.Form):
    """Another indicator, and how the two are related in time."""

    OLDER, NEWER = "older", "newer"
    # It shares a page with the description, which is saved without linking too.
    use_required_attribute = False

    place = forms.ChoiceField(
        label="Chỉ tiêu kia là",
        choices=[(OLDER, "chỉ tiêu cũ, có trước"), (NEWER, "chỉ tiêu mới, có sau")],
    )
    other = OneLine(
        label="Mã chỉ tiêu kia",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "cac-chi-tieu", "autocomplete": "off"}),
        help_text="Gõ vài chữ của mã hoặc tên để chọn.",
        error_messages={"required": "Hãy ghi mã của chỉ tiêu kia."},
    )
    change = forms.ChoiceField(label="Chỉ tiêu cũ", choices=Change.choices())
    meaning = forms.ChoiceField(label="Chuỗi số liệu", choices=Meaning.choices())
    note = OneLine(
        label="Ghi chú",
        max_length=LONGEST_WORDS,
        required=False,
        help_text="Văn bản điều chỉnh; nếu đứt chuỗi thì khác ở chỗ nào.",
    )

    def clean_other(self) -> Indicator:
        code = self.cleaned_data["other"]
        found = Indicator.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(
                f"Danh mục không có chỉ tiêu mang mã «{code}»; hãy tìm ở trang Chỉ tiêu rồi chép"
                " đúng mã."
            )
        return found
