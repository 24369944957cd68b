"""What people are told where the portal could not answer."""

from typing import Any, NoReturn

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

from reporting.models import Submission, User


def failing(error: Exception) -> Any:
    def fail(*_: object) -> NoReturn:
        raise error

    return connection.execute_wrapper(fail)


@pytest.fixture
def at_the_desk(hoa: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(hoa)
    return client


LOST = DatabaseError("server at 10.0.0.7 closed the connection")
LOST.__cause__ = Exception("as psycopg2 says it in the middle of a query")


@pytest.mark.parametrize(
    "error", [OperationalError("10.0.0.7 is away"), InterfaceError("10.0.0.7 is closed"), LOST]
)
def test_a_database_that_is_away_is_told_as_something_that_passes(
    report: Submission, at_the_desk: Client, error: Exception
) -> None:
    with failing(error):
        pages = [
            at_the_desk.get(f"/bao-cao/{report.pk}/"),
            at_the_desk.post(f"/bao-cao/{report.pk}/o/", "{}", content_type="application/json"),
            Client(raise_request_exception=False).get("/"),
        ]
    assert [page.status_code for page in pages] == [503, 503, 302]
    for page in pages[:2]:
        assert page["Retry-After"] == "10"
        assert "Cơ sở dữ liệu chưa trả lời" in page.content.decode()
        assert b"10.0.0.7" not in page.content
    assert at_the_desk.get(f"/bao-cao/{report.pk}/").status_code == 200


@pytest.mark.parametrize("kind", [ProgrammingError, DatabaseError])
def test_a_fault_of_the_portal_is_none_that_passes(
    report: Submission, at_the_desk: Client, kind: type[Exception]
) -> None:
    with failing(kind("no such column")):
        page = at_the_desk.get(f"/bao-cao/{report.pk}/")
    assert page.status_code == 500
    assert "Máy chủ gặp lỗi" in page.content.decode()
    assert b"column" not in page.content
