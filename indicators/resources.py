"""The catalogue's tables as django-import-export resources, with the columns of ``catalogue``."""

from collections.abc import Iterable
from typing import Any

import tablib
from django.db.models import Model, QuerySet
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, Widget

from indicators.catalogue.spelling import search_text
from indicators.catalogue.written import (
    FUNCTION_COLUMNS,
    INDICATOR_COLUMNS,
    LINK_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
)
from indicators.models import (
    FormVersion,
    Function,
    Indicator,
    IndicatorLink,
    Row,
    Rule,
)


class FlagWidget(Widget):
    """A yes/no column: ``1`` or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return str(value).strip() == "1"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "1" if value else ""


class FoundWidget(ForeignKeyWidget):
    """A reference to what was found before the rows are read: no query for each of them."""

    def __init__(self, model: type[Model], field: str) -> None:
        super().__init__(model, field=field)
        self.found: dict[str, Model] = {}

    def find(self, values: Iterable[str]) -> None:
        """Read what these values name. One query."""
        named = self.model.objects.filter(**{f"{self.field}__in": set(values)})
        self.found = {getattr(instance, self.field): instance for instance in named}

    def get_instance_by_lookup_fields(self, value: Any, row: Any, **kwargs: Any) -> Model:
        if value not in self.found:
            raise ValueError(f"Không có «{value}».")
        return self.found[value]


class FunctionResource(ModelResource):
    """The functions that forms name agencies by, known by their code."""

    class Meta:
        model = Function
        import_id_fields = ("code",)
        fields = FUNCTION_COLUMNS
        export_order = FUNCTION_COLUMNS
        skip_unchanged = True
        clean_model_instances = True
        skip_html_diff = True


class LinkResource(ModelResource):
    """What indicators came out of which, known by the two."""

    def __init__(self) -> None:
        super().__init__()
        self.indicators = FoundWidget(Indicator, "code")
        for name in ("older", "newer"):
            self.fields[name] = Field(name, name, self.indicators)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.indicators.find([*dataset["older"], *dataset["newer"]])

    class Meta:
        model = IndicatorLink
        import_id_fields = ("older", "newer")
        fields = LINK_COLUMNS
        export_order = LINK_COLUMNS
        skip_unchanged = True
        clean_model_instances = True
        skip_html_diff = True


class IndicatorResource(ModelResource):
    """The indicators, known by their code."""

    def validate_instance(self, instance: Indicator, *args: Any, **kwargs: Any) -> None:
        super().validate_instance(instance, *args, **kwargs)
        instance.clean_fields()

    class Meta:
        model = Indicator
        import_id_fields = ("code",)
        instance_loader_class = CachedInstanceLoader
        fields = INDICATOR_COLUMNS
        export_order = INDICATOR_COLUMNS
        skip_unchanged = True
        skip_html_diff = True
        use_bulk = True


class NewIndicatorResource(IndicatorResource):
    """Indicators that a draft brings along: one that has come meanwhile is not overwritten."""

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        """Leave the sequence of ids alone: nothing was written under an id of its own, and set back
        beside another writer it would give an id twice."""

    class Meta:
        force_init_instance = True


class RowResource(ModelResource):
    """The rows of one form version, known by their key."""

    vertical = Field("vertical", "vertical", FlagWidget())

    def __init__(self, version: FormVersion) -> None:
        super().__init__()
        self.version = version
        self.siblings = FoundWidget(Row, "key")
        self.indicators = FoundWidget(Indicator, "code")
        self.below: list[tuple[Row, Row]] = []
        self.fields["parent"] = Field("parent", "parent", self.siblings)
        self.fields["indicator"] = Field("indicator", "indicator", self.indicators)

    def get_queryset(self) -> QuerySet[Row]:
        return self.version.rows.select_related("parent", "indicator").order_by("position")

    def init_instance(self, row: Any = None) -> Row:
        return Row(version=self.version)

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        self.indicators.find(dataset["indicator"])

    def before_save_instance(self, instance: Row, row: Any, **kwargs: Any) -> None:
        """Rows are written all at once: which one a row is below is known only after that."""
        instance.search = search_text(instance.stt, instance.label, instance.unit)
        self.siblings.found[instance.key] = instance
        if instance.parent is not None:
            self.below.append((instance, instance.parent))
            instance.parent = None

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        for row, above in self.below:
            row.parent = above
        Row.objects.bulk_update((row for row, _ in self.below), ["parent"])

    def validate_instance(self, instance: Row, *args: Any, **kwargs: Any) -> None:
        """Refuse what a column cannot hold: SQLite would keep any length. The rows referred to
        were just looked up, and whether they are alike ``catalogue.problems`` has checked."""
        super().validate_instance(instance, *args, **kwargs)
        instance.clean_fields(exclude=("version", "parent", "indicator"))

    class Meta:
        model = Row
        import_id_fields = ("key",)
        instance_loader_class = CachedInstanceLoader
        fields = ROW_COLUMNS
        import_order = ROW_COLUMNS
        export_order = ROW_COLUMNS
        skip_diff = True
        use_bulk = True


class RuleResource(ModelResource):
    """The rules of one form version, known by their code, in their order."""

    def __init__(self, version: FormVersion) -> None:
        super().__init__()
        self.version = version

    def get_queryset(self) -> QuerySet[Rule]:
        return self.version.rules.order_by("position")

    def init_instance(self, row: Any = None) -> Rule:
        return Rule(version=self.version, position=self.position)

    def before_import_row(self, row: Any, row_number: int | None = None, **kwargs: Any) -> None:
        self.position = row_number or 0

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        """Leave the sequence of ids alone, as for indicators."""

    def validate_instance(self, instance: Rule, *args: Any, **kwargs: Any) -> None:
        super().validate_instance(instance, *args, **kwargs)
        instance.clean_fields(exclude=("version",))

    class Meta:
        model = Rule
        import_id_fields = ("code",)
        instance_loader_class = CachedInstanceLoader
        fields = RULE_COLUMNS
        import_order = RULE_COLUMNS
        export_order = RULE_COLUMNS
        skip_diff = True
        use_bulk = True
