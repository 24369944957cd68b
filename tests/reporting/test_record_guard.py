"""The database keeps every line of the record: none is changed, none is taken away."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from indicators.models import IndicatorEvent, VersionEvent
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.models import (
    CheckedFinding,
    CheckRun,
    ExportRecord,
    FigureChange,
    Filing,
    FindingAnswer,
    Publication,
    RecordLine,
    Settlement,
    Submission,
    Transition,
    User,
    VerificationCode,
)
from reporting.tidings import Subject
from tests.cast import approved, published, typed
from tests.guards import guarded_tables, record_open

RECORD: tuple[type[models.Model], ...] = (
    CheckRun,
    CheckedFinding,
    CheckedFinding.answers.through,
    ExportRecord,
    FigureChange,
    Filing,
    FindingAnswer,
    IndicatorEvent,
    Publication,
    RecordLine,
    Settlement,
    Transition,
    VerificationCode,
    VersionEvent,
)
TABLES = {model._meta.db_table for model in RECORD}
OURS = ("indicators", "reporting")


@pytest.fixture
def whole_record(report: Submission, hoa: User, hanh: User, mai: User) -> None:
    """A line in each table of the record."""
    typed(report, {"1.1": "3", "3.4.1.a": "0"})
    approved(report, {"1.1": "4"})
    now = report.state_at
    answer = FindingAnswer.objects.create(
        submission=report, code="Q01", severity="note", kind="explanation", by=hoa, at=now, via=""
    )
    CheckedFinding.objects.filter(run__submission=report)[0].answers.add(answer)
    submission_file(report, FORMATS["csv"], by=hoa)
    RecordLine.objects.create(subject=Subject.SYSTEM.value, act="x", what="x", at=now, via="page")
    version = report.form_version
    row = version.rows.exclude(indicator=None).select_related("indicator").first()
    assert row is not None
    assert row.indicator is not None
    IndicatorEvent.objects.create(indicator=row.indicator, by=mai, at=now)
    published(report.round)
    Settlement.objects.create(round=report.round, name="x", found="1 / 2", by=hanh, at=now)


@pytest.mark.parametrize("model", RECORD, ids=lambda model: model.__name__)
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_take_away_a_line(
    whole_record: None, model: type[models.Model], act: str
) -> None:
    lines = model._base_manager.order_by("pk")
    before = list(lines.values())
    assert before
    table = connection.ops.quote_name(model._meta.db_table)
    # By hand, as somebody with a console of the database would: the ORM asks other tables first.
    statement = {"delete": f"DELETE FROM {table}", "update": f"UPDATE {table} SET id = id"}[act]  # noqa: S608
    with (
        pytest.raises(DatabaseError, match="never changed and never taken away"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(lines.values()) == before


@pytest.mark.django_db
def test_exactly_the_tables_of_the_record_are_guarded_against_both_acts() -> None:
    """Runs on the database that all migrations have made: one that remakes a table, which on
    SQLite loses its guards, is seen here."""
    assert guarded_tables() == {table: {"UPDATE", "DELETE"} for table in TABLES}


@pytest.mark.django_db
def test_a_guard_that_is_gone_is_seen() -> None:
    with record_open():
        if connection.vendor == "sqlite":
            assert guarded_tables() == {}
    assert set(guarded_tables()) == TABLES


def test_every_model_that_says_so_and_every_one_with_a_request_is_of_the_record() -> None:
    said = {
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if "Never edited" in (model.__doc__ or "")
        or any(field.name == "request_id" for field in model._meta.fields)
    }
    assert said <= set(RECORD)


def sources() -> list[Path]:
    found = [path for app in OURS for path in (Path(settings.BASE_DIR) / app).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


CHANGES = {"update", "delete", "bulk_update", "update_or_create", "save", "_raw_delete"}
NAMES = {model.__name__ for model in RECORD}


def changes_of_record(source: str) -> list[str]:
    """Return the calls in ``source`` that would change lines of the record: on a model of it, or on
    what a report calls its lines."""
    related = {
        field.get_accessor_name()
        for model in (Submission, User)
        for field in model._meta.related_objects
        if field.related_model in RECORD
    }
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            words = {one.id for one in ast.walk(node.func.value) if isinstance(one, ast.Name)}
            words |= {
                one.attr for one in ast.walk(node.func.value) if isinstance(one, ast.Attribute)
            }
            if node.func.attr in CHANGES and words & (NAMES | related):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.stem)
def test_no_code_of_the_portal_tries_to(path: Path) -> None:
    assert changes_of_record(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Transition.objects.filter(pk=1).update(via='x')",
        "submission.changes.all().delete()",
        "Filing.objects.get(pk=1).save()",
    ],
)
def test_such_code_would_be_found(source: str) -> None:
    assert changes_of_record(source) == [source]
