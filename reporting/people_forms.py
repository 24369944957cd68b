"""The forms about people: an account, a role, a deputy; one of many things found by typing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property

from indicators.catalogue.spelling import folded, lowered, says
from indicators.forms.boxes import box, offer
from indicators.forms.drafts import Day
from indicators.words import clean
from reporting.access import managed_agencies, roles_to_give
from reporting.actions.mails import MOST_LETTERS_A_DAY
from reporting.collation import vietnamese
from reporting.models import Agency, User
from reporting.queries.single_sign_on import has_email_of_own
from reporting.tidings import MailChoice
from reporting.workflow import Role

MAIL, PASSWORD = "thu", "mat-khau"


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing that may be chosen; ``line`` tells it apart from all others."""

    thing: Any
    name: str
    code: str

    @property
    def line(self) -> str:
        return f"{self.name} ({self.code})"


def offered_agencies(user: User) -> Sequence[Offered]:
    """Return the agencies where ``user`` gives roles and that exist today."""
    found = managed_agencies(user).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate())
    )
    return _in_order(
        Offered(one, one.name, one.code) for one in found.select_related("parent__parent")
    )


def offered_people(people: Iterable[User]) -> Sequence[Offered]:
    return _in_order(Offered(one, str(one), one.username) for one in people)


def _in_order(offered: Iterable[Offered]) -> Sequence[Offered]:
    return sorted(offered, key=lambda one: (vietnamese(one.name), one.code))


class ChosenField(forms.CharField):
    """A text that names one of ``offered``: its whole line as the browser's list gives it, its
    code, or its name, with accents or without, where only one bears it. It works as a search
    without any script."""

    def __init__(self, *, unknown: str, listed: str, **more: Any) -> None:
        widget = forms.TextInput(attrs={"list": listed, "autocomplete": "off"})
        super().__init__(max_length=260, widget=widget, **more)
        self.unknown = unknown
        self.offered: Sequence[Offered] = ()

    def clean(self, value: Any) -> Any:
        text = " ".join(clean(super().clean(value)).casefold().split())
        if not text:
            return None
        exact = [one for one in self.offered if text in (one.line.casefold(), one.code.casefold())]
        named = exact or [one for one in self.offered if text == one.name.casefold()]
        plain = lowered(text)
        found = named or [one for one in self.offered if plain == folded(one.name)]
        if len(found) > 1:
            raise ValidationError(
                f"Có {len(found)} mục cùng tên này; hãy chọn dòng có mã: "
                + ", ".join(one.line for one in found[:5])
            )
        if not found:
            near = [one.line for one in self.offered if says(text, one.line)][:5]
            meant = f" Có phải: {'; '.join(near)}?" if near else ""
            raise ValidationError(f"{self.unknown}{meant}")
        return found[0].thing


class Unspoken(forms.HiddenInput):
    """A hidden box; Django would have it described by the words of the one that is seen."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {name: value for name, value in attrs.items() if not name.startswith("aria-")}


class PersonForm(forms.Form):
    """Who a person is. What stood in the boxes travels along, so that a second writer is told."""

    full_name = forms.CharField(label="Họ và tên", max_length=120)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(label="Điện thoại", max_length=30, required=False)

    @classmethod
    def of(cls, person: User, posted: Any = None) -> Self:
        form = cls(posted, initial={name: getattr(person, name) for name in cls.base_fields})
        for field in form.fields.values():
            field.show_hidden_initial = True
            field.hidden_widget = Unspoken
        return form

    def clean(self) -> dict[str, Any]:
        return {
            name: " ".join(clean(value).split()) if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }

    def changed(self) -> dict[str, str]:
        """Return what was typed anew, by the name of its box."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def seen(self) -> dict[str, str]:
        """Return what stood in those boxes when the page was drawn."""
        hidden = {name: self.add_initial_prefix(name) for name in self.changed_data}
        return {name: clean(self.data.get(at, "")) for name, at in hidden.items()}


class AccountForm(PersonForm):
    """One's own account. A letter to its e-mail chooses a new password, so who only found the
    browser open changes no e-mail; nor does who signs in elsewhere, or is found by it there."""

    mail = forms.ChoiceField(
        label="Nhận thông báo qua thư",
        choices=[
            (one.value, "Từng thông báo" if one is MailChoice.EACH else one.label)
            for one in MailChoice
        ],
        help_text=f"Từng thông báo: mỗi ngày nhiều nhất {MOST_LETTERS_A_DAY} thư, còn lại gộp vào"
        " một thư sáng hôm sau.",
    )

    person: User

    @classmethod
    def of(cls, person: User, posted: Any = None) -> Self:
        form = super().of(person, posted)
        form.person = person
        if has_email_of_own(person):
            form.fields["password"] = forms.CharField(
                label="Mật khẩu đang dùng",
                required=False,
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            form.fields["email"].disabled = True
            form.fields["email"].help_text = "Muốn đổi e-mail, hãy nhờ Sở Nội vụ."
        return form

    @cached_property
    def changed_data(self) -> list[str]:
        return [name for name in super().changed_data if name != "password"]

    def clean_password(self) -> str:
        password = self.cleaned_data.pop("password")
        if "email" in self.changed_data and not self.person.check_password(password):
            raise ValidationError(
                "Mật khẩu không đúng. Hãy ghi mật khẩu đang dùng để đổi e-mail."
                if password
                else "Hãy ghi mật khẩu đang dùng để đổi e-mail."
            )
        return ""


class InvitationForm(PersonForm):
    """A new account, and the way its owner gets a password."""

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        required=False,
        help_text="Để trống thì trang tự đặt theo họ tên, ví dụ Nguyễn Thị Hoa thành hoant.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    way = forms.ChoiceField(
        label="Cách đưa mật khẩu",
        choices=[
            (MAIL, "Gửi thư mời: người dùng tự chọn mật khẩu qua đường dẫn trong thư"),
            (PASSWORD, "Cấp mật khẩu đầu: hiện một lần trên trang, đăng nhập lần đầu phải đổi"),
        ],
        initial=MAIL,
        widget=forms.RadioSelect,
    )
    field_order = ("full_name", "username", "email", "phone", "way")

    def person(self) -> User:
        """Return the account, not saved."""
        given = {name: self.cleaned_data[name] for name in ("full_name", "username", "email")}
        return User(phone=self.cleaned_data["phone"], **given)


class RoleForm(forms.Form):
    """One role at one agency."""

    role = forms.ChoiceField(label="Vai trò")
    agency = ChosenField(
        label="Đơn vị",
        listed="don-vi",
        unknown="Không có đơn vị này trong phạm vi của ông/bà. Hãy chọn một dòng trong danh sách"
        " gợi ý, hoặc gõ đúng tên hay mã.",
    )

    def __init__(
        self, *args: Any, user: User, offered: Sequence[Offered] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        given = roles_to_give(user)
        roles = [(role.value, role.label) for role in Role if role in given]
        offer(self, "role", [("", "Chọn vai trò"), *roles])
        agencies = box(self, "agency", ChosenField)
        agencies.offered = offered_agencies(user) if offered is None else offered

    def given(self) -> tuple[Role, Agency] | None:
        """Return the role and where; None of a line left empty."""
        if not self.cleaned_data:
            return None
        return Role(self.cleaned_data["role"]), self.cleaned_data["agency"]


class DatedRoleForm(RoleForm):
    """A role, perhaps for some days only."""

    valid_from = Day(label="Từ ngày", required=False, help_text="Để trống: từ hôm nay.")
    valid_to = Day(label="Đến hết ngày", required=False, help_text="Để trống: đến khi thôi giao.")


RoleFormSet = forms.formset_factory(
    RoleForm, extra=2, min_num=1, max_num=3, absolute_max=3, validate_min=True, validate_max=True
)


class DeputyForm(forms.Form):
    """Who stands in for somebody, where and when."""

    deputy = ChosenField(
        label="Người làm thay",
        listed="nguoi-thay",
        unknown="Không tìm thấy người này. Hãy chọn một dòng trong danh sách gợi ý, hoặc gõ đúng"
        " họ tên hay tên đăng nhập.",
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label="Tại đơn vị", empty_label=None)
    valid_from = Day(label="Từ ngày")
    valid_to = Day(label="Đến hết ngày")

    def __init__(
        self, *args: Any, agencies: Iterable[int], people: Iterable[User], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        places = Agency.objects.filter(pk__in=agencies).select_related("parent__parent")
        box(self, "agency", forms.ModelChoiceField).queryset = places
        box(self, "deputy", ChosenField).offered = offered_people(people)
