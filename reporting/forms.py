"""The small forms beside the sheet: signing in, handing in, changing the password, looking back."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils import timezone

from indicators.forms.boxes import DayWithin, box, offer
from indicators.forms.drafts import Day, OneLine, Words
from indicators.words import clean
from reporting.actions.submissions import Heading
from reporting.models import Round, Submission, User
from reporting.periods import EARLIEST_YEAR, LATEST_YEAR
from reporting.queries.names import agencies_named, people_named, rounds_read
from reporting.queries.record import Reads, Wanted
from reporting.queries.single_sign_on import has_password_of_own
from reporting.tidings import RecordKind
from reporting.workflow import State

# More people or agencies than this under one name are no choice.
MOST_NAMED = 50


class SignInForm(AuthenticationForm):
    """Username and password; one sentence for a wrong pair, whichever of the two is wrong."""

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra phím Caps Lock và bộ gõ tiếng"
            " Việt rồi thử lại; không nhớ thì bấm «Quên mật khẩu» ở dưới."
        ),
        "inactive": "Tài khoản này đã ngừng hoạt động. Hãy liên hệ quản trị của Sở Nội vụ.",
    }

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not has_password_of_own(user):
            raise forms.ValidationError(
                f"Tài khoản này đăng nhập bằng {settings.OIDC_NAME}: hãy bấm nút ở dưới, không dùng"
                " mật khẩu của cổng.",
                code="elsewhere",
            )

    def get_invalid_login_error(self) -> forms.ValidationError:
        until: datetime | None = getattr(self.request, "locked_until", None)
        if until is None:
            return super().get_invalid_login_error()
        ways = ["bấm «Quên mật khẩu» ở dưới để chọn mật khẩu mới qua e-mail"]
        if not getattr(self.request, "is_at_home", False):
            ways.append("dùng máy vẫn thường đăng nhập")
        # Where too much has failed from the whole address, unlocking one account changes nothing.
        if not getattr(self.request, "is_address_shut", False):
            ways.append("nhờ Sở Nội vụ mở khóa")
        *first, last = ways
        at_once = f"{', '.join(first)}, hoặc {last}" if first else last
        return forms.ValidationError(
            "Đã nhập sai quá nhiều lần nên việc đăng nhập từ đây bị tạm khóa đến"
            f" {timezone.localtime(until):%H:%M}; trước giờ đó mật khẩu đúng cũng chưa vào được."
            f" Cần vào ngay: {at_once}. Không phải ông/bà nhập sai thì hãy báo Sở Nội vụ.",
            code="locked",
        )


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = OneLine(
        label="Mã xác thực",
        max_length=40,
        help_text="Sáu chữ số đang hiện trong ứng dụng; mất điện thoại thì nhập một mã dự phòng.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    def clean_code(self) -> str:
        """Six digits may be written in groups; a recovery code keeps its dash or not."""
        code = str(self.cleaned_data["code"])
        digits = code.replace(" ", "")
        return digits if digits.isdecimal() else code


SWITCHING_ON = "bat"


class ConfirmedForm(CodeForm):
    """The password and a code: who only found the browser open has neither."""

    password = forms.CharField(
        label="Mật khẩu đang dùng",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user
        if self.prefix == SWITCHING_ON:  # there are no recovery codes yet
            self.fields["code"].help_text = "Sáu chữ số đang hiện trong ứng dụng."

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError("Mật khẩu không đúng.")
        return password


class ForgottenForm(forms.Form):
    """Who has forgotten their password."""

    name = OneLine(
        label="Tên đăng nhập hoặc e-mail",
        error_messages={"required": "Hãy ghi tên đăng nhập hoặc e-mail."},
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


UNLIKE = "Hai lần ghi mật khẩu không giống nhau."
# What AUTH_PASSWORD_VALIDATORS ask, said as this portal speaks to people.
HOW_STRONG = (
    "Ông/bà chọn mật khẩu có ít nhất 8 ký tự, không chỉ gồm chữ số, không giống tên đăng nhập"
    " hay e-mail, và không thuộc loại nhiều người dùng như «abc12345»."
)


class ChangePasswordForm(PasswordChangeForm):
    """The old password once, the new one twice."""

    error_messages = {**PasswordChangeForm.error_messages, "password_mismatch": UNLIKE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = HOW_STRONG

    def clean(self) -> dict[str, object] | None:
        """Refuse the same again: of a first password somebody else knows."""
        cleaned = super().clean()
        old, new = self.cleaned_data.get("old_password"), self.cleaned_data.get("new_password1")
        if old and new and old == new:
            self.add_error("new_password1", "Mật khẩu mới phải khác mật khẩu đang dùng.")
        return cleaned


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    """A new password twice, chosen by the link of an invitation."""

    error_messages = {**SetPasswordForm.error_messages, "password_mismatch": UNLIKE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = HOW_STRONG


class HeadingForm(forms.Form):
    """What stands above and below the printed appendix; may be left for the paper."""

    report_number = OneLine(
        label="Số báo cáo",
        max_length=60,
        required=False,
        help_text="Ví dụ 31/BC-UBND. Để trống nếu số được ghi sau khi in.",
    )
    report_date = Day(
        label="Ngày báo cáo", required=False, help_text="Ngày/tháng/năm, ví dụ 10/3/2022."
    )
    signer_title = Words(
        label="Chức danh người ký",
        max_length=120,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signer_name = OneLine(label="Họ và tên người ký", max_length=120, required=False)
    received_on = Day(
        label="Đã nộp ngoài hệ thống ngày",
        required=False,
        help_text="Chỉ ghi khi báo cáo đã nộp bản giấy hoặc thư điện tử, nay nhập bù.",
    )

    def __init__(self, *args: Any, earliest: date | None = None, **kwargs: Any) -> None:
        """``earliest`` is the first day on which such a report can have been handed in."""
        super().__init__(*args, **kwargs)
        self.earliest = earliest

    def clean(self) -> dict[str, object]:
        """Keep words as all others are kept."""
        return {
            name: clean(value) if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }

    def clean_report_date(self) -> object:
        return self._past_day("report_date", "ngày ký báo cáo")

    def clean_received_on(self) -> object:
        day = self._past_day("received_on", "ngày đã nộp ngoài hệ thống")
        if day is not None and self.earliest is not None and day < self.earliest:
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} ở trước kỳ số liệu và ngày mở đợt ({self.earliest:%d/%m/%Y});"
                " hãy ghi ngày đã nộp báo cáo của chính kỳ này."
            )
        return day

    def _past_day(self, name: str, called: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and day.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"Năm {day.year} không phải năm của báo cáo này.")
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} ở sau ngày hôm nay; hãy ghi {called}."
            )
        return day

    @classmethod
    def posted(cls, data: Mapping[str, Any], submission: Submission) -> "HeadingForm":
        days = (submission.round.data_from, submission.round.opens_on)
        return cls(data, earliest=min(filter(None, days), default=None))

    @classmethod
    def of(cls, submission: Submission, by: User) -> "HeadingForm":
        """Return the form filled with what is known, the agency's usual signer included; who signs
        now is the signer."""
        signs = State(submission.state) is State.SIGNING
        return cls(
            initial={
                "report_number": submission.report_number,
                "report_date": submission.report_date,
                "signer_title": submission.signer_title,
                "signer_name": submission.signer_name or (str(by) if signs else ""),
                "received_on": submission.received_on,
            }
        )

    def heading(self) -> Heading:
        return Heading(**self.cleaned_data)


def _day_of_record(label: str) -> DayWithin:
    """Return the box of a day in the years that the record may be asked for."""
    return DayWithin(
        label=label,
        required=False,
        earliest=EARLIEST_YEAR,
        latest=LATEST_YEAR,
        wrong="Không có nhật ký của năm {year}.",
    )


class JournalForm(forms.Form):
    """What is looked for in the record, as far as the person reads it."""

    tu = _day_of_record("Từ ngày")
    den = _day_of_record("Đến hết ngày")
    loai = forms.ChoiceField(label="Loại việc", required=False)
    nguoi = forms.CharField(label="Người", max_length=120, required=False)
    donvi = forms.CharField(label="Đơn vị", max_length=200, required=False)
    dot = forms.ModelChoiceField(
        Round.objects.none(),
        label="Đợt báo cáo",
        required=False,
        to_field_name="code",
        empty_label="Mọi đợt",
    )
    tim = forms.CharField(label="Có cụm từ", max_length=200, required=False)
    ma = forms.CharField(label="Mã yêu cầu", max_length=40, required=False)
    baocao = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, reads: Reads) -> None:
        super().__init__(data)
        self.reads = reads
        kinds = [(kind.value, kind.label) for kind in RecordKind if _offers(kind, reads)]
        offer(self, "loai", [("", "Mọi loại"), *kinds])
        if not reads.provinces:
            del self.fields["dot"], self.fields["baocao"]
            if not reads.is_operator:
                del self.fields["donvi"]
            return
        box(self, "dot", forms.ModelChoiceField).queryset = rounds_read(reads)

    def clean_nguoi(self) -> Collection[int] | None:
        return self._named("nguoi", "người", "họ và tên, hoặc tên đăng nhập")

    def clean_donvi(self) -> Collection[int] | None:
        return self._named("donvi", "đơn vị", "tên, hoặc mã đơn vị")

    def _named(self, name: str, what: str, fuller: str) -> Collection[int] | None:
        words = clean(self.cleaned_data[name])
        if not words:
            return None
        found = (people_named if name == "nguoi" else agencies_named)(words, self.reads)
        if len(found) > MOST_NAMED:
            raise forms.ValidationError(
                f"Có {len(found)} {what} mang tên «{words}»; hãy ghi đủ {fuller}."
            )
        return found

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("tu"), self.cleaned_data.get("den")
        if first and last and last < first:
            self.add_error("den", f"Ngày cuối ở trước ngày đầu ({first:%d/%m/%Y}).")
        return self.cleaned_data

    def wanted(self, report: Submission | None) -> Wanted:
        """Return what is looked for; ``report`` is the one that was asked for by its number."""
        given = self.cleaned_data
        kind, round_ = given["loai"], given.get("dot")
        return Wanted(
            first=given["tu"],
            last=given["den"],
            people=given["nguoi"],
            agencies=given.get("donvi"),
            round=round_.pk if round_ else None,
            kind=RecordKind(kind) if kind else None,
            words=clean(given["tim"]),
            request=clean(given["ma"]),
            report=report,
        )


_OF_THE_PORTAL = {
    RecordKind.AGENCIES,
    RecordKind.PEOPLE,
    RecordKind.SIGN_INS,
    RecordKind.SYSTEM,
}


def _offers(kind: RecordKind, reads: Reads) -> bool:
    """Say whether the person reads lines of this kind."""
    if kind is RecordKind.CATALOGUE:
        return reads.catalogue
    return bool(reads.provinces) or (reads.is_operator and kind in _OF_THE_PORTAL)


class MomentForm(forms.Form):
    """A moment of the past: a day to its end, a minute or a second to its end, or exactly."""

    luc = forms.DateTimeField(
        label="Lúc",
        help_text="Ngày/tháng/năm và giờ:phút, ví dụ 12/3/2026 15:00; chỉ ghi ngày là cuối ngày.",
        input_formats=["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S.%f", "%d/%m/%Y"],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi ngày và giờ muốn xem.",
            "invalid": "Ngày giờ không đúng; hãy ghi như 12/3/2026 15:00.",
        },
    )

    def clean_luc(self) -> datetime:
        begins: datetime = self.cleaned_data["luc"]
        if begins.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"Năm {begins.year} chưa có báo cáo nào trên cổng.")
        if begins > timezone.now():
            raise forms.ValidationError("Lúc ấy chưa đến; hãy ghi một lúc đã qua.")
        written = str(self.data["luc"])
        if "." in written:
            return begins
        return begins + _TO_THE_END[min(written.count(":"), 2)] - timedelta(microseconds=1)


_TO_THE_END = (timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1))
