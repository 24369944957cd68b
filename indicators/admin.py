"""The operator's page for functions: a new body's task needs no code."""

from django.contrib import admin
from django.http import HttpRequest

from indicators.models import Function


@admin.register(Function)
class FunctionAdmin(admin.ModelAdmin):
    """Functions are named by rows of published forms: one can be renamed, never deleted."""

    list_display = ("code", "name", "called")
    search_fields = ("code", "name", "called")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Function | None = None
    ) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
