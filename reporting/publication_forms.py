"""What the Sở Nội vụ types when it publishes the province's table."""

from collections.abc import Sequence
from typing import Any

from django import forms

from indicators.forms.drafts import Words
from indicators.words import LONGEST_WORDS
from reporting.actions.submissions import Heading
from reporting.forms import HeadingForm


class PublicationForm(HeadingForm):
    """What stands above and below a table to be published, and why again where it was before."""

    received_on = None  # type: ignore[assignment]
    reason = Words(
        label="Vì sao công bố lại",
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In trong danh sách các lần công bố và giữ trong nhật ký của đợt.",
    )
    sure = forms.BooleanField(label="Tôi đã xem những điều trên và vẫn công bố", required=False)

    def __init__(self, *args: Any, before: str, doubts: Sequence[str], **said: Any) -> None:
        """``before`` says who published last, "" where nobody did; ``doubts`` are what has to be
        confirmed before publishing."""
        super().__init__(*args, **said)
        if not before:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = (
                f"{before}; hãy xem lần ấy, rồi ghi vì sao công bố lại."
            )
        if not doubts:
            del self.fields["sure"]
        else:
            self.fields["sure"].required = True
            self.fields["sure"].error_messages["required"] = (
                "Hãy đánh dấu là đã xem những điều cần lưu ý."
            )

    def heading(self) -> Heading:
        given = self.cleaned_data
        return Heading(
            report_number=given["report_number"],
            report_date=given["report_date"],
            signer_title=given["signer_title"],
            signer_name=given["signer_name"],
        )
