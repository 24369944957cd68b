"""Reports that were asked for before keep the district that their agency stands in today."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, OuterRef, Subquery


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    agencies = apps.get_model("reporting", "Agency")
    submissions = apps.get_model("reporting", "Submission")
    own = agencies.objects.filter(pk=OuterRef("agency"))
    below = submissions.objects.filter(agency__parent__kind="huyen")
    below.update(agency_district=Subquery(own.values("parent__name")))
    communes = below.filter(agency_kind="xa")
    communes.update(within=Subquery(own.values("parent")))
    submissions.objects.filter(agency_kind="huyen").update(agency_district=F("agency_name"))


class Migration(migrations.Migration):
    dependencies = [("reporting", "0014_a_report_keeps_its_district")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
