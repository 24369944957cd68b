"""The documentation names what there is, and nothing that is gone."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import reverse

from indicators import urls as catalogue
from reporting import urls as reports
from reporting.documents.formats import FORMATS
from reporting.workflow import ROUND_ACTS

DOCS = Path(settings.BASE_DIR) / "docs"
COMMANDS = sorted(
    name for name, app in get_commands().items() if app in {"reporting", "indicators"}
)
ARGUMENTS: dict[str, dict[str, object]] = {
    "submission": {"pk": 0},
    "cells": {"pk": 0},
    "read-cells": {"pk": 0},
    "checks": {"pk": 0},
    "checks-file": {"pk": 0},
    "submit": {"pk": 0},
    "move": {"pk": 0, "name": "name"},
    "previous": {"pk": 0},
    "nil": {"pk": 0},
    "paste": {"pk": 0},
    "record": {"pk": 0},
    "as-it-stood": {"pk": 0},
    "journal-file": {"extension": "xlsx"},
    "comments": {"pk": 0},
    "seen": {"pk": 0},
    "return": {"pk": 0},
    "letter": {"pk": 0},
    "row": {"pk": 0, "key": "key"},
    "letter-file": {"pk": 0, "extension": "pdf"},
    "receipt-file": {"pk": 0, "number": 0, "extension": "pdf"},
    "reminder-file": {"code": "code", "agency": 0, "extension": "pdf"},
    "reminders-file": {"code": "code"},
    "filing": {"pk": 0, "number": 0},
    "filing-file": {"pk": 0, "number": 0, "extension": "pdf"},
    "evidence": {"pk": 0},
    "evidence-file": {"pk": 0, "file": 0},
    "evidence-removal": {"pk": 0, "file": 0},
    "submission-file": {"pk": 0, "extension": "pdf"},
    "calendar-year": {"year": 2000},
    "board-file": {"extension": "xlsx"},
    "round": {"code": "code"},
    "approvals": {"code": "code"},
    "table": {"code": "code"},
    "breakdown": {"code": "code"},
    "over-time": {"code": "code"},
    "matrix": {"code": "code"},
    "matrix-file": {"code": "code", "extension": "xlsx"},
    "ranking": {"code": "code"},
    "round-file": {"code": "code", "extension": "pdf"},
    "books": {"code": "code"},
    "book-cancel": {"code": "code", "pk": 0},
    "book-file": {"code": "code", "pk": 0},
    "publication": {"code": "code", "layout": "form", "number": 7},
    "publication-row": {"code": "code", "layout": "form", "number": 7, "key": "key"},
    "publication-file": {"code": "code", "layout": "form", "number": 7, "extension": "pdf"},
    "invitation": {"uidb64": "uid", "token": "token"},
    "reset": {"uidb64": "uid", "token": "token"},
    "account-act": {"name": "name"},
    "person": {"pk": 0},
    "person-edit": {"pk": 0},
    "person-act": {"pk": 0, "name": "name"},
    "notice": {"pk": 0},
    "mail-again": {"pk": 0},
    "job-again": {"pk": UUID(int=0)},
    "agencies-file": {"extension": "xlsx"},
    "agency": {"pk": 0},
    "agency-edit": {"pk": 0},
    "agency-track": {"pk": 0},
    "agency-split": {"pk": 0},
    "agency-end": {"pk": 0},
    "upload-preview": {"code": "code", "pk": 0},
    "upload-original": {"code": "code", "pk": 0},
    "version-file": {"code": "code", "extension": "xlsx"},
    "blank-file": {"code": "code", "extension": "pdf"},
    "trial-file": {"code": "code", "extension": "pdf"},
}
OF_ONE_CODE = (
    *(f"round-{act}" for act in ROUND_ACTS),
    "version",
    "draft",
    "draft-head",
    "draft-rules",
    "upload",
    "publish",
    "retire",
    "discard",
    "version-record",
    "paper",
    "rule-book",
    "rule-book-file",
    "rule-trial",
    "trial",
    "indicator",
    "indicator-edit",
    "verified",
)
ARGUMENTS |= {name: {"code": "code"} for name in OF_ONE_CODE}


def documented(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def first_column(name: str) -> list[str]:
    """Return what stands in backquotes at the start of each row of a page's table."""
    return re.findall(r"^\| `([^`]+)`", documented(name), flags=re.MULTILINE)


def test_every_variable_read_from_the_environment_is_documented() -> None:
    source = (Path(settings.BASE_DIR) / "cchc_portal" / "settings.py").read_text(encoding="utf-8")
    read = re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', source)
    assert sorted(first_column("settings.md")) == sorted(set(read))


def test_every_command_is_documented_and_no_other() -> None:
    named = [entry.split()[0] for entry in first_column("commands.md")]
    assert sorted(named) == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    own = (
        "reporting"
        if (Path(settings.BASE_DIR) / "reporting/management/commands" / f"{name}.py").exists()
        else "indicators"
    )
    parser = load_command_class(own, name).create_parser("manage.py", name)
    [usage] = [
        line for line in documented("commands.md").splitlines() if line.startswith(f"| `{name}")
    ]
    ours = {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    } - DJANGOS_OWN
    assert set(re.findall(r"--[a-z-]+", usage.split("` |")[0])) == ours


DJANGOS_OWN = {
    "--help",
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
}


def test_the_commands_page_names_the_file_formats() -> None:
    assert "|".join(FORMATS) in documented("commands.md").replace("\\|", "|")


@pytest.mark.parametrize(
    "name", [pattern.name for pattern in (*reports.urlpatterns, *catalogue.urlpatterns)]
)
def test_every_address_is_documented_with_its_name(name: str) -> None:
    path = reverse(name, kwargs=ARGUMENTS.get(name, {}))
    for given, word in (
        ("/0/", "/ID/"),
        (f"/{UUID(int=0)}/", "/ID/"),
        ("/code/", "/CODE/"),
        ("/2000/", "/YEAR/"),
        ("/form/7/", "/FORM/NUMBER/"),
        ("/name/", "/NAME/"),
        ("/uid/token/", "/UID/TOKEN/"),
        ("/key/", "/KEY/"),
        (".pdf", ".FORMAT"),
        (".xlsx", ".FORMAT"),
    ):
        path = path.replace(given, word)
    lines = [line for line in documented("access.md").splitlines() if f"`{path}`" in line]
    assert [f"`{name}`" in line for line in lines] == [True]


def test_the_access_page_names_the_table_of_the_tests() -> None:
    assert "tests/access_table.csv" in documented("access.md")
    assert (Path(settings.BASE_DIR) / "tests" / "access_table.csv").exists()


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", documented(page))
    assert [target for target in targets if not (DOCS / target).exists()] == []


def test_each_word_stands_in_the_glossary_once() -> None:
    lines = (DOCS / "glossary.md").read_text().splitlines()
    words = [
        word for line in lines if line.startswith("| ") for word in line.split("|")[1].split(",")
    ]
    assert len(words) > 80
    words = [word.strip() for word in words]
    assert sorted({word for word in words if words.count(word) > 1}) == []
