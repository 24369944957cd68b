"""The operator's pages: accounts, agencies, rounds. Figures and states are not edited here."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from reporting.actions.rounds import open_round
from reporting.models import Agency, Membership, Round, RoundForm, User

admin.site.site_header = admin.site.site_title = "Quản trị hệ thống thống kê CCHC"


class MembershipInline(admin.TabularInline):
    model = Membership
    autocomplete_fields = ("agency",)
    extra = 1


@admin.register(User)
class AccountAdmin(UserAdmin):
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
class AgencyAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    autocomplete_fields = ("parent",)


class RoundFormInline(admin.TabularInline):
    model = RoundForm
    extra = 1


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    """Rounds; opening one creates the submissions that are expected and missing."""

    list_display = ("code", "name", "province", "opens_on", "due_on", "closes_on")
    inlines = (RoundFormInline,)
    actions = ("open_rounds",)

    @admin.action(description="Mở đợt: tạo báo cáo còn thiếu cho các đơn vị")
    def open_rounds(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        by = User.objects.get(username=request.user.get_username())
        for found in rounds:
            made = open_round(round=found, by=by, via="admin")
            messages.success(request, f"{found}: đã tạo {made} báo cáo.")
