"""The small forms beside the sheet: signing in, handing in, changing the password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils import timezone

from indicators.words import clean
from reporting.actions.submissions import Heading
from reporting.models import Submission

EARLIEST_YEAR = 2000


class SignInForm(AuthenticationForm):
    """Username and password; one sentence for a wrong pair, whichever of the two is wrong."""

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng"
            " Việt rồi thử lại; quên mật khẩu thì liên hệ quản trị của Sở Nội vụ."
        ),
        "inactive": "Tài khoản này đã ngừng hoạt động. Hãy liên hệ quản trị của Sở Nội vụ.",
    }


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    def clean(self) -> dict[str, object] | None:
        """Refuse the same again: of a first password somebody else knows."""
        cleaned = super().clean()
        old, new = self.cleaned_data.get("old_password"), self.cleaned_data.get("new_password1")
        if old and new and old == new:
            self.add_error("new_password1", "Mật khẩu mới phải khác mật khẩu đang dùng.")
        return cleaned


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password twice, chosen by the link of an invitation."""


class HeadingForm(forms.Form):
    """What stands above and below the printed appendix; may be left for the paper."""

    report_number = forms.CharField(
        label="Số báo cáo",
        max_length=60,
        required=False,
        help_text="Ví dụ 31/BC-UBND. Để trống nếu số được ghi sau khi in.",
    )
    report_date = forms.DateField(
        label="Ngày báo cáo",
        required=False,
        help_text="Ngày/tháng/năm, ví dụ 10/3/2022.",
        input_formats=["%d/%m/%Y"],
        # Not the browser's date box: it writes month first where the machine speaks English.
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={"invalid": "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 10/3/2022."},
    )
    signer_title = forms.CharField(
        label="Chức danh người ký",
        max_length=120,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signer_name = forms.CharField(label="Họ và tên người ký", max_length=120, required=False)
    received_on = forms.DateField(
        label="Đã nộp ngoài hệ thống ngày",
        required=False,
        help_text="Chỉ ghi khi báo cáo đã nộp bản giấy hoặc thư điện tử, nay nhập bù.",
        input_formats=["%d/%m/%Y"],
        widget=forms.DateInput(attrs={"autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={"invalid": "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 10/3/2022."},
    )

    def clean(self) -> dict[str, object]:
        """Keep words as all others are kept."""
        return {
            name: clean(value) if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }

    def clean_report_date(self) -> object:
        day = self.cleaned_data["report_date"]
        if day is not None and day.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"Năm {day.year} không phải năm của báo cáo này.")
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} ở sau ngày hôm nay; hãy ghi ngày ký báo cáo."
            )
        return day

    def clean_received_on(self) -> object:
        day = self.cleaned_data["received_on"]
        if day is not None and day.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"Năm {day.year} không phải năm của báo cáo này.")
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} ở sau ngày hôm nay; hãy ghi ngày đã nộp ngoài hệ thống."
            )
        return day

    @classmethod
    def of(cls, submission: Submission) -> "HeadingForm":
        """Return the form filled with what is known, the agency's usual signer included."""
        return cls(
            initial={
                "report_number": submission.report_number,
                "report_date": submission.report_date,
                "signer_title": submission.signer_title,
                "signer_name": submission.signer_name,
            }
        )

    def heading(self) -> Heading:
        return Heading(**self.cleaned_data)
