"""A database of an earlier release: what would not fit the new one is told before it is changed."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import connection

from reporting.models import Agency, Round, Submission, User

pytestmark = pytest.mark.django_db
refuse_look_alikes: Callable[..., None] = import_module(
    "reporting.migrations.0010_names_once"
).refuse_look_alikes


def check() -> None:
    refuse_look_alikes(apps, None)


def test_names_that_differ_by_more_than_case_are_let_through(report: Submission, hoa: User) -> None:
    check()


def test_all_names_that_differ_only_by_case_are_told_at_once(
    open_quarter: Round, so_cong_thuong: Agency, hoa: User
) -> None:
    with connection.cursor() as cursor:
        for once in ("username_once", "agency_code_once", "round_code_once"):
            cursor.execute(f"DROP INDEX {once}")
    User.objects.create(username=hoa.username.upper())
    old = so_cong_thuong
    Agency.objects.create(code=old.code.lower(), name="Sở khác", kind=old.kind, parent=old.parent)
    Round.objects.filter(pk=open_quarter.pk).update(code="MH-q1")
    Round.objects.create(
        code="mh-Q1",
        name="Đợt khác",
        province=open_quarter.province,
        summary_version=open_quarter.summary_version,
        is_archive=True,
    )
    with pytest.raises(CommandError) as refusal:
        check()
    told = str(refusal.value).splitlines()
    assert sorted(line for line in told if line.startswith("- ")) == [
        f"- Mã đơn vị: «{old.code}», «{old.code.lower()}»",
        "- Mã đợt: «MH-q1», «mh-Q1»",
        f"- Tên đăng nhập: «{hoa.username.upper()}», «{hoa.username}»",
    ]
    assert "migrate lại" in told[-1]
