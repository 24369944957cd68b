"""The catalogue's tables as django-import-export resources, with the columns of ``catalogue``."""

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, Widget

from indicators.catalogue import INDICATOR_COLUMNS, ROW_COLUMNS
from indicators.models import FormVersion, Indicator, Row


class FlagWidget(Widget):
    """A yes/no column: ``1`` or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return str(value).strip() == "1"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "1" if value else ""


class SiblingWidget(ForeignKeyWidget):
    """A row of the same version, named by its key."""

    def __init__(self, version: FormVersion) -> None:
        super().__init__(Row, field="key")
        self.version = version

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> QuerySet[Row]:
        return self.version.rows.all()


class IndicatorResource(ModelResource):
    """The indicators, known by their code."""

    class Meta:
        model = Indicator
        import_id_fields = ("code",)
        fields = INDICATOR_COLUMNS
        export_order = INDICATOR_COLUMNS
        skip_unchanged = True
        clean_model_instances = True
        skip_html_diff = True


class RowResource(ModelResource):
    """The rows of one form version, known by their key."""

    indicator = Field("indicator", "indicator", ForeignKeyWidget(Indicator, field="code"))
    vertical = Field("vertical", "vertical", FlagWidget())

    def __init__(self, version: FormVersion) -> None:
        super().__init__()
        self.version = version
        self.fields["parent"] = Field("parent", "parent", SiblingWidget(version))

    def get_queryset(self) -> QuerySet[Row]:
        return self.version.rows.select_related("parent", "indicator").order_by("position")

    def init_instance(self, row: Any = None) -> Row:
        return Row(version=self.version)

    def validate_instance(self, instance: Row, *args: Any, **kwargs: Any) -> None:
        """Refuse what a column cannot hold: SQLite would keep any length. The rows referred to
        were just looked up, and whether they are alike ``catalogue.problems`` has checked."""
        super().validate_instance(instance, *args, **kwargs)
        instance.clean_fields(exclude=("version", "parent", "indicator"))

    class Meta:
        model = Row
        import_id_fields = ("key",)
        fields = ROW_COLUMNS
        import_order = ROW_COLUMNS
        export_order = ROW_COLUMNS
        skip_diff = True
