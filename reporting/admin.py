"""The operator's pages: accounts, agencies, rounds. Figures and states are not edited here."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401
import django_tasks_db.admin  # noqa: F401 - these register what is taken off again below
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, CharField, HiddenInput, ModelForm
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_tasks_db.models import DBTaskResult

from indicators.models import FormVersion
from reporting.actions.agencies import enter_agency, keep_agency
from reporting.actions.notices import tell_of_new_days
from reporting.actions.people import (
    LABELS,
    end_role,
    give_role,
    record_account,
    record_password,
)
from reporting.actions.rounds import by_whom, open_round, remember_plan, require_distinct
from reporting.models import Agency, Membership, Round, RoundForm, User
from reporting.queries.rounds import facts, not_in_force, seen_as
from reporting.refusals import Refused, sentences
from reporting.workflow import Role, RoundStatus

_ID = re.compile("[0-9]{1,18}")

# Roles are given at agencies; Django's groups would be a second way that nothing reads.
admin.site.unregister(Group)
# Background jobs have a page of the portal's own, which keeps a record.
admin.site.unregister(DBTaskResult)
# Who sees the secret of a second factor has it: it is shown to its owner alone.
for _model in (TOTPDevice, StaticDevice):
    admin.site.unregister(_model)
admin.site.site_header = admin.site.site_title = "Quản trị hệ thống thống kê CCHC"


class Keeps:
    """What the record names is switched off, never deleted. Nothing is filled in from the address:
    no page links so, and what is no number there would break this one."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class NumbersAlone(AutocompleteSelect):
    """A choice of a row that asks the database for no row that is not a number: Django's own breaks
    on drawing anew what was refused."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if _ID.fullmatch(str(one))], attr)


class FindsByTyping(admin.options.BaseModelAdmin):
    """A page or a part of one where a row of another model is found by typing its name."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = NumbersAlone(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


MOST_LINES = 50


class FewLinesFormSet(BaseInlineFormSet):
    default_error_messages = {
        "too_many_forms": f"Mỗi lần lưu nhận nhiều nhất {MOST_LINES} dòng. Hãy bỏ bớt rồi lưu lại."
    }


class FewLines(admin.options.InlineModelAdmin):
    """A part with no more lines than a person would write. Django alone makes 2,000 for whoever
    says that they are coming, each with its choices asked anew."""

    formset = FewLinesFormSet
    max_num = MOST_LINES  # Django sets it to 0 where nothing may be added

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MOST_LINES, **kwargs})


class NewAccountForm(AdminUserCreationForm):
    """A new account: whoever gives it its password is not its owner."""

    def save(self, commit: bool = True) -> Any:
        self.instance.must_change_password = True
        return super().save(commit)


class PasswordForm(AdminPasswordChangeForm):
    """A password given by somebody else, to be changed at the next signing in."""

    def save(self, commit: bool = True) -> Any:
        self.user.must_change_password = True
        return super().save(commit)


class MembershipInline(FindsByTyping, FewLines, admin.TabularInline):
    """The roles that have not ended: given and ended here, never rewritten or deleted."""

    model = Membership
    fk_name = "user"
    autocomplete_fields = ("agency",)
    fields = ("agency", "role", "stands_in_for", "valid_from", "valid_to")
    readonly_fields = ("stands_in_for",)
    extra = 1
    verbose_name_plural = "vai trò (đánh dấu «Xóa» là thôi giao; vai trò đã thôi vẫn được giữ lại)"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).filter(ended_at=None)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@contextmanager
def _told(request: HttpRequest, one: Membership, done: list[Membership]) -> Iterator[None]:
    """Tell why a role was not given or ended, and count it not as done; the rest is saved."""
    try:
        yield
    except (Refused, ValidationError) as refusal:
        messages.error(request, f"{one}: {' '.join(sentences(refusal))}")
        done.remove(one)


@admin.register(User)
class AccountAdmin(Keeps, UserAdmin):
    """Accounts with their roles; Vietnamese names are one field. What is stored here goes through
    the actions of people, with its record."""

    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email", "phone")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "email", "password1", "password2")}),
    )
    add_form = NewAccountForm
    change_password_form = PasswordForm
    list_display = ("username", "full_name", "is_active", "is_staff")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        stored = User.objects.get(pk=obj.pk) if change else None
        before = {name: getattr(stored, name) for name in LABELS} if stored else None
        super().save_model(request, obj, form, change)
        record_account(person=obj, before=before, by=cast(User, request.user))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles are given and ended by the actions; nothing is written or deleted here."""
        by, given = cast(User, request.user), formset.save(commit=False)
        for held in list(formset.deleted_objects):
            if Membership.objects.filter(pk=held.pk, ended_at=None).exists():
                with _told(request, held, formset.deleted_objects):
                    end_role(membership=held, by=by, via="admin")
        for one in given:
            with _told(request, one, formset.new_objects):
                give_role(
                    person=form.instance,
                    role=Role(one.role),
                    agency=one.agency,
                    valid_from=one.valid_from,
                    valid_to=one.valid_to,
                    by=by,
                    via="admin",
                )
        formset.save_m2m()

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """A password given on its page is told nowhere else."""
        match = request.resolver_match
        if match is not None and match.url_name == "auth_user_password_change":
            record_password(person=obj, by=cast(User, request.user))
        return super().log_change(request, obj, message)


@admin.register(Agency)
class AgencyAdmin(Keeps, FindsByTyping, admin.ModelAdmin):
    list_display = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        keep = keep_agency if change else enter_agency
        keep(agency=obj, by=cast(User, request.user), via="admin")


class RoundFormsFormSet(FewLinesFormSet):
    """The forms of a round, refused where one agency would be asked for a figure twice."""

    def clean(self) -> None:
        super().clean()
        versions: dict[str, list[FormVersion]] = {}
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            version = said.get("form_version")
            # Where the forms are only shown, Django hands over their ids; nothing of them changes.
            if (
                isinstance(version, FormVersion)
                and "agency_kind" in said
                and not said.get("DELETE")
            ):
                versions.setdefault(said["agency_kind"], []).append(version)
        for asked in versions.values():
            require_distinct(asked)


class RoundFormInline(FewLines, admin.TabularInline):
    model = RoundForm
    formset = RoundFormsFormSet
    extra = 1

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_planned(obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_planned(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_planned(obj) and super().has_delete_permission(request, obj)


def is_planned(round_: Round | None) -> bool:
    """Say whether nobody has been asked yet for what the round will ask."""
    return round_ is None or round_.status == RoundStatus.PLANNED


class RoundPageForm(ModelForm):
    """A round as it was shown, refused where it has changed since."""

    seen = CharField(widget=HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["seen"] = seen_as(self.instance.status, facts(self.instance))

    def clean(self) -> dict[str, Any]:
        """Lock the round until it is stored: nobody changes it between."""
        said = super().clean() or self.cleaned_data
        if self.instance._state.adding:
            return said
        stored = Round.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if seen_as(stored.status, facts(stored)) != said.get("seen"):
            raise ValidationError(
                f"Đợt đã thay đổi sau khi ông/bà mở trang này{by_whom(stored)} nên chưa ghi gì. Nội"
                " dung ông/bà vừa ghi còn dưới đây; hãy mở lại trang này ở một thẻ khác, xem chỗ"
                " khác nhau rồi sửa ở đó."
            )
        return said


@admin.register(Round)
class RoundAdmin(Keeps, admin.ModelAdmin):
    """Rounds; opening one creates the submissions that are expected and missing. What the actions
    refuse is not offered: a cancelled round is only read, an open one keeps what it asked."""

    list_display = ("code", "name", "province", "status", "opens_on", "due_on", "closes_on")
    form = RoundPageForm
    inlines = (RoundFormInline,)
    actions = ("open_rounds",)

    def get_fields(self, request: HttpRequest, obj: Round | None = None) -> list[Any]:
        """What was shown goes along only with a round that can be changed."""
        fields = list(super().get_fields(request, obj))
        if obj is None or not self.has_change_permission(request, obj):
            fields.remove("seen")
        return fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Round | None = None
    ) -> tuple[str, ...]:
        """Where reports hang on a round, what they were asked under stays."""
        if obj is None:
            return ()
        bound = ("period_kind", "period_text", "splits_capacities", "is_archive", "summary_version")
        return ("province", "code") if is_planned(obj) else ("province", "code", *bound)

    def has_change_permission(self, request: HttpRequest, obj: Round | None = None) -> bool:
        is_over = obj is not None and obj.status == RoundStatus.CANCELLED
        return not is_over and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Round, form: Any, change: bool) -> None:
        """Store what was changed on the page and nothing else; keep what stood before, for the
        record that follows with the forms."""
        form.before = facts(Round.objects.get(pk=obj.pk)) if change else {}
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Record the act, and say which of the chosen versions are not the ones in force when the
        data close."""
        super().save_related(request, form, formsets, change)
        found: Round = form.instance
        remember_plan(found, form.before, by=cast(User, request.user), via="admin")
        tell_of_new_days(found, form.before, by=cast(User, request.user))
        if found.data_to is None:
            return
        chosen = [line.form_version for line in found.forms.select_related("form_version")]
        for sentence in not_in_force(chosen, found.data_to):
            messages.warning(request, f"{sentence} Hãy kiểm tra lại biểu đã chọn.")

    @admin.action(
        description="Mở đợt: tạo báo cáo còn thiếu cho các đơn vị", permissions=["change"]
    )
    def open_rounds(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        for found in rounds:
            try:
                made = open_round(round=found, by=cast(User, request.user), via="admin")
            except Refused as refusal:
                messages.error(request, str(refusal))
                continue
            if made:
                messages.success(request, f"{found}: đã tạo {made} báo cáo.")
            else:
                messages.warning(
                    request,
                    f"{found}: không tạo thêm báo cáo nào. Hãy xem đợt đã có biểu mẫu cho từng loại"
                    " đơn vị chưa, và các đơn vị đã có cấp trên chưa.",
                )
