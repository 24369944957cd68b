"""Agencies as a django-import-export resource, with the columns of ``roster``."""

from typing import Any, cast

import tablib
from django.db.models import QuerySet
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource
from import_export.widgets import DateWidget

from indicators.resources import FlagWidget, FoundWidget
from reporting.models import Agency
from reporting.roster.columns import COLUMNS


class AgencyResource(ModelResource):
    """The agencies below one province, known by their code; what stands above an agency may come
    in the same list. ``kept`` are the agencies that an import has written, by their code."""

    wants_signature = Field("wants_signature", "wants_signature", FlagWidget())
    valid_from = Field("valid_from", "valid_from", DateWidget("%d/%m/%Y"))
    valid_to = Field("valid_to", "valid_to", DateWidget("%d/%m/%Y"))

    def __init__(self, province: Agency) -> None:
        super().__init__()
        self.province = province
        self.kept: dict[str, Agency] = {}
        self.below: list[tuple[Agency, Agency]] = []
        self.above = FoundWidget(Agency, "code")
        self.fields["parent"] = Field("parent", "parent", self.above)

    def get_queryset(self) -> QuerySet[Agency]:
        found = Agency.objects.select_related("parent")
        below = found.filter(parent=self.province) | found.filter(parent__parent=self.province)
        return below.order_by("code")

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Have what lines name above them at hand, new lines of the list included."""
        self.above.find(dataset["parent"])
        for code in dataset["code"]:
            self.above.found.setdefault(code, Agency(code=code))

    def init_instance(self, row: Any = None) -> Agency:
        """Return the one instance of a new code, whether its own line or one below comes first."""
        return cast(Agency, self.above.found[row["code"]])

    def before_save_instance(self, instance: Agency, row: Any, **kwargs: Any) -> None:
        """Agencies are written all at once: one below another new one is tied to it after that."""
        self.kept[instance.code] = instance
        if instance.parent is not None and instance.parent._state.adding:
            self.below.append((instance, instance.parent))
            instance.parent = None

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        """Tie them; and leave the sequence of ids alone, as nothing came with an id of its own."""
        for agency, above in self.below:
            agency.parent = above
        Agency.objects.bulk_update((agency for agency, _ in self.below), ["parent"])

    def validate_instance(self, instance: Agency, *args: Any, **kwargs: Any) -> None:
        """Refuse what a column cannot hold; all else ``roster.problems`` has found."""
        super().validate_instance(instance, *args, **kwargs)
        instance.clean_fields(exclude=("parent",))

    class Meta:
        model = Agency
        import_id_fields = ("code",)
        instance_loader_class = CachedInstanceLoader
        fields = COLUMNS
        import_order = COLUMNS
        export_order = COLUMNS
        skip_diff = True
        use_bulk = True
