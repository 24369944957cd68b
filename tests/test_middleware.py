"""What is done before and after anything reads a request: it is named, and refused where it is too
much or of unknown length."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from indicators.tracing import request_id
from manage import main
from reporting.models import FigureChange, Submission, Transition, User

MEGABYTE = 1024 * 1024
MULTIPART = "multipart/form-data; boundary=x"


class Unread(BytesIO):
    """A body that fails the test when anything reads it."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError(f"{size} bytes were read")


def sent(client: Client, path: str, **said: str) -> tuple[int, str]:
    environ: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_TYPE": MULTIPART, **said}
    response = client.generic("POST", path, **environ)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("megabytes", [101, 200, 10**30])
def test_a_posting_that_says_it_is_too_large_is_left_unread(
    report: Submission, hoa: User, client: Client, megabytes: int
) -> None:
    client.force_login(hoa)
    path = f"/bao-cao/{report.pk}/tep/"
    status, page = sent(client, path, CONTENT_LENGTH=str(megabytes * MEGABYTE))
    assert status == 413
    assert "Mỗi tệp nhiều nhất 20 MB, mỗi lần tải lên nhiều nhất 100 MB." in page


def test_who_is_signed_out_is_refused_as_early(client: Client) -> None:
    assert sent(client, "/dang-nhap/", CONTENT_LENGTH=str(200 * MEGABYTE))[0] == 413


def test_the_body_that_is_not_too_large_is_read(
    report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    with pytest.raises(AssertionError, match="bytes were read"):
        sent(client, f"/bao-cao/{report.pk}/tep/", CONTENT_LENGTH=str(100 * MEGABYTE))


def test_a_body_in_pieces_is_told_that_its_length_is_missing(
    report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    path = f"/bao-cao/{report.pk}/tep/"
    status, text = sent(client, path, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert status == 411
    assert "Content-Length" in text


def test_the_check_stands_before_all_that_reads_a_body() -> None:
    order = list(settings.MIDDLEWARE)
    ours = order.index("cchc_portal.middleware.RefuseTooLarge")
    assert ours < order.index("django.contrib.sessions.middleware.SessionMiddleware")
    assert ours < order.index("django.middleware.csrf.CsrfViewMiddleware")


@pytest.mark.parametrize("path", ["/dang-nhap/", "/bao-cao/", "/khong-co/"])
def test_no_page_is_kept_by_a_browser(client: Client, hoa: User, path: str) -> None:
    client.force_login(hoa)
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/dang-nhap/", "/bao-cao/", "/khong-co/", "/dang-nhap/%00"])
def test_every_answer_carries_a_new_name_of_its_request(client: Client, path: str) -> None:
    names = {client.get(path).headers["X-Request-ID"] for _ in range(2)}
    assert len(names) == 2
    assert all(re.fullmatch(r"[0-9a-f]{16}", name) for name in names)


def test_the_name_that_a_proxy_gave_is_kept_where_it_is_well_formed(client: Client) -> None:
    given = client.get("/dang-nhap/", headers={"X-Request-ID": "proxy-2026.1"})
    assert given.headers["X-Request-ID"] == "proxy-2026.1"
    wrong = client.get("/dang-nhap/", headers={"X-Request-ID": "a b"})
    assert re.fullmatch(r"[0-9a-f]{16}", wrong.headers["X-Request-ID"])


def test_all_lines_of_one_request_carry_its_name(
    report: Submission, hoa: User, client: Client
) -> None:
    """The first saving starts the report: two tables, one name; the next request has another."""
    client.force_login(hoa)
    row = report.form_version.rows.get(key="1.1").pk
    names = []
    for revision, figure in enumerate(("3", "4")):
        posted = {"revision": str(revision), f"f{row}": figure}
        names.append(client.post(f"/bao-cao/{report.pk}/", posted).headers["X-Request-ID"])
        report.refresh_from_db()
    made = FigureChange.objects.order_by("pk").values_list("request_id", flat=True)
    assert [*made] == names
    assert Transition.objects.get(move="start").request_id == names[0]
    assert request_id() == ""


def test_a_run_of_a_command_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr("manage.execute_from_command_line", lambda argv: names.append(request_id()))
    main()
    main()
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"lenh-[0-9a-f]{16}", name) for name in names)


def test_a_method_that_an_address_does_not_take_is_told_in_words(
    report: Submission, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    response = client.get(f"/bao-cao/{report.pk}/o/")
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert "Lần này chưa có gì được lưu." in response.content.decode()
    assert client.head(f"/bao-cao/{report.pk}/o/").content == b""


def test_what_is_refused_unread_is_framed_by_nobody(client: Client) -> None:
    for path in ("/dang-nhap/?a=%00", "/dang-nhap/"):
        assert client.get(path).headers["X-Frame-Options"] == "DENY"
