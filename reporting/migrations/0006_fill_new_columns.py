"""What is known of rounds and reports that were there before: rounds were open, and a report that
stands returned is being corrected. Progress counts every answer; the next saving counts exactly."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    figures = apps.get_model("reporting", "Figure")
    submissions = apps.get_model("reporting", "Submission")
    answered = (
        figures.objects.filter(
            Q(number__isnull=False)
            | Q(status__in=["nil", "out_of_scope"])
            | ~Q(choice="")
            | ~Q(text=""),
            submission=OuterRef("pk"),
        )
        .order_by()
        .values("submission")
        .annotate(count=Count("pk"))
    )
    submissions.objects.update(answered=Coalesce(Subquery(answered.values("count")), 0))
    submissions.objects.filter(state="returned").update(mends=True)
    rounds = apps.get_model("reporting", "Round")
    rounds.objects.filter(submissions__isnull=False).update(status="open")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_rounds_people_filings_record")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
