"""The operator's pages: accounts, agencies, rounds. Figures and states are not edited here."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from indicators.models import FormVersion
from indicators.queries.versions import version_in_force
from reporting.actions.agencies import enter_agency, keep_agency
from reporting.actions.rounds import open_round, require_distinct
from reporting.models import Agency, Membership, Round, RoundForm, User

# Roles are given at agencies; Django's groups would be a second way that nothing reads.
admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = "Quản trị hệ thống thống kê CCHC"


class Keeps:
    """What the record names is switched off, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    fk_name = "user"
    autocomplete_fields = ("agency",)
    extra = 1


@admin.register(User)
class AccountAdmin(Keeps, UserAdmin):
    """Accounts with their roles; Vietnamese names are one field."""

    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email")}),
        ("Quyền", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "email", "password1", "password2")}),
    )
    list_display = ("username", "full_name", "is_active", "is_staff")
    search_fields = ("username", "full_name")
    ordering = ("username",)
    inlines = (MembershipInline,)


@admin.register(Agency)
class AgencyAdmin(Keeps, admin.ModelAdmin):
    list_display = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        keep = keep_agency if change else enter_agency
        keep(agency=obj, by=cast(User, request.user), via="admin")


class RoundFormsFormSet(BaseInlineFormSet):
    """The forms of a round, refused where one agency would be asked for a figure twice."""

    def clean(self) -> None:
        super().clean()
        versions: dict[str, list[FormVersion]] = {}
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if {"form_version", "agency_kind"} <= said.keys() and not said.get("DELETE"):
                versions.setdefault(said["agency_kind"], []).append(said["form_version"])
        for asked in versions.values():
            require_distinct(asked)


class RoundFormInline(admin.TabularInline):
    model = RoundForm
    formset = RoundFormsFormSet
    extra = 1


@admin.register(Round)
class RoundAdmin(Keeps, admin.ModelAdmin):
    """Rounds; opening one creates the submissions that are expected and missing."""

    list_display = ("code", "name", "province", "opens_on", "due_on", "closes_on")
    inlines = (RoundFormInline,)
    actions = ("open_rounds",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Round | None = None
    ) -> tuple[str, ...]:
        """Where reports hang on a round, what they were asked under stays."""
        if obj is not None and obj.submissions.exists():
            return ("province", "is_archive", "summary_version", "period_text")
        return ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Say which of the chosen versions are not the ones in force when the data close: back
        entry may want an older one, a slip of the list may not."""
        super().save_related(request, form, formsets, change)
        found: Round = form.instance
        if found.data_to is None:
            return
        for chosen in found.forms.select_related("form_version__form"):
            version = chosen.form_version
            right = version_in_force(version.form, on=found.data_to)
            if right != version:
                instead = f" là {right.code}" if right else " chưa có"
                messages.warning(
                    request,
                    f"{version.code}: phiên bản có hiệu lực ngày {found.data_to:%d/%m/%Y}{instead}."
                    " Hãy kiểm tra lại biểu đã chọn.",
                )

    @admin.action(
        description="Mở đợt: tạo báo cáo còn thiếu cho các đơn vị", permissions=["change"]
    )
    def open_rounds(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        for found in rounds:
            made = open_round(round=found, by=cast(User, request.user), via="admin")
            if made:
                messages.success(request, f"{found}: đã tạo {made} báo cáo.")
            else:
                messages.warning(
                    request,
                    f"{found}: không tạo thêm báo cáo nào. Hãy xem đợt đã có biểu mẫu cho từng loại"
                    " đơn vị chưa, và các đơn vị đã có cấp trên chưa.",
                )
