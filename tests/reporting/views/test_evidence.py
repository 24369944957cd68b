"""The page of a report's files: listing, attaching several at once, sending out, taking away."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from reporting.actions.evidence import remove_file
from reporting.models import Evidence, Figure, Submission, User
from tests.cast import moved, typed
from tests.reporting.actions.acts import close
from tests.reporting.files_by_hand import (
    attached,
    docx,
    ended,
    image,
    packed,
    pdf,
    stored_files,
    upload,
    xlsx,
)


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def post(client: Client, report: Submission, *files: SimpleUploadedFile, row: str = "1.1") -> Any:
    return client.post(f"/bao-cao/{report.pk}/tep/", {"files": list(files), "row": row})


def names(response: Any) -> list[str]:
    """Return the names of the files that a page lists."""
    return [file.name for file in response.context["files"]]


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# The page


def test_an_empty_page_says_what_belongs_here(report: Submission, hoas: Client) -> None:
    page = hoas.get(f"/bao-cao/{report.pk}/tep/").content.decode()
    assert "Chưa có tệp nào" in page
    assert 'enctype="multipart/form-data"' in page


def test_a_file_is_listed_with_row_size_person_and_hash(report: Submission, hoas: Client) -> None:
    made = attached(report, "Kế hoạch <31>.pdf")
    page = hoas.get(f"/bao-cao/{report.pk}/tep/").content.decode()
    assert "Kế hoạch &lt;31&gt;.pdf</a>" in page
    assert f'href="/bao-cao/{report.pk}/tep/{made.pk}/"' in page
    assert "1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế…" in page
    assert "Nguyễn Thị Hoa, " in page
    assert f'title="SHA-256: {made.sha256}"' in page
    assert f"<code>{made.sha256[:12]}</code>" in page


@pytest.mark.parametrize(
    ("query", "selected"), [("", []), ("?dong=1.6", ["1.6"]), ("?dong=khong-co", [])]
)
def test_the_row_in_the_address_is_chosen_already(
    report: Submission, hoas: Client, query: str, selected: list[str]
) -> None:
    page = hoas.get(f"/bao-cao/{report.pk}/tep/{query}").content.decode()
    assert [row for row in ("1.1", "1.6") if f'value="{row}" selected' in page] == selected
    assert page.count(" selected") == len(selected)


@pytest.mark.parametrize("who", ["hanh", "dat"])
def test_who_only_reads_sees_the_files_and_no_button(
    report: Submission, client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    attached(report)
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"/bao-cao/{report.pk}/tep/")
    assert names(response) == ["Kế hoạch 31.pdf"]
    assert (response.context["may_edit"], response.context["closed"]) == (False, "")
    page = response.content.decode()
    assert "Gỡ tệp này" not in page
    assert "Tải lên" not in page


def test_a_closed_round_says_why_nothing_can_be_attached(report: Submission, hoas: Client) -> None:
    close(report.round)
    response = hoas.get(f"/bao-cao/{report.pk}/tep/")
    assert "đã đóng" in response.context["closed"]
    assert response.context["closed"] in response.content.decode()
    assert "Tải lên" not in response.content.decode()


def test_the_page_costs_the_same_queries_however_many_files(
    report: Submission, hoas: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hoas.get(f"/bao-cao/{report.pk}/tep/")
    for number in range(3):
        attached(report, f"{number}.pdf", pdf(str(number)))
        with django_assert_num_queries(5):  # session, person, roles, report, files
            assert len(names(hoas.get(f"/bao-cao/{report.pk}/tep/"))) == number + 1


# Attaching


def test_several_files_are_attached_at_once(report: Submission, hoas: Client, hoa: User) -> None:
    files = upload("a.pdf", pdf()), upload("b.docx", docx()), upload("c.xlsx", xlsx())
    response = post(hoas, report, *files, row="1.6")
    assert response.status_code == 302
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/tep/?dong=1.6"
    found = Evidence.objects.filter(submission=report, row__key="1.6", by=hoa)
    assert [file.name for file in found] == ["a.pdf", "b.docx", "c.xlsx"]
    page = hoas.get(response.headers["Location"]).content.decode()
    assert "Đã gắn 3 tệp." in page


@pytest.mark.parametrize(
    "sent_as",
    ["../../../etc/cron.d/x.pdf", "/etc/x.pdf", "C:\\x\\x.pdf", "..\\x.pdf", "x\u202e.pdf"],
)
def test_a_path_in_the_name_leads_nowhere(
    report: Submission, hoas: Client, settings: Settings, sent_as: str
) -> None:
    before = stored_files()
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{sent_as}"\r\n\r\n'
    response = hoas.generic(
        "POST",
        f"/bao-cao/{report.pk}/tep/",
        head.encode() + pdf() + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 302
    [path] = stored_files() - before
    assert path.is_relative_to(Path(settings.MEDIA_ROOT) / "evidence")
    assert Evidence.objects.get().name == "x.pdf"


def test_a_file_without_a_row_stands_behind_the_whole_report(
    report: Submission, hoas: Client
) -> None:
    response = post(hoas, report, upload("a.pdf", pdf()), row="")
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/tep/"
    assert Evidence.objects.get().row is None


def test_of_several_files_the_good_are_kept_and_all_refusals_told(
    report: Submission, hoas: Client
) -> None:
    before = stored_files()
    good, bad, worse = pdf(), upload("b.pdf", b""), upload("c.pdf", image("PNG"))
    response = post(hoas, report, upload("a.pdf", good), bad, worse)
    assert response.status_code == 422
    assert names(response) == ["a.pdf"]
    assert len(stored_files() - before) == 1
    page = response.content.decode()
    assert "Đã gắn 1 tệp; 2 tệp chưa nhận được" in page
    assert [sentence[:14] for sentence in response.context["refused"]] == [
        "Tệp «b.pdf» tr",
        "Tệp «c.pdf» có",
    ]
    assert all(sentence in page for sentence in response.context["refused"])
    assert 'value="1.1" selected' in page


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", b"", "Tệp «a.pdf» trống"),
        ("..\\..\\cron.d\\x.pdf", b"xin chao", "Tệp «x.pdf» không phải"),
        ("hoa-don.pdf.exe", pdf(), "Tệp «hoa-don.pdf.exe» có đuôi «.exe»"),
        ("hoa-don.pdf.exe", b"MZ\x90\0", "Tệp «hoa-don.pdf.exe» là chương trình"),
        ("a.pdf", b"<script>alert(1)</script>", "Tệp «a.pdf» là trang web"),
        ("a.svg", b"<svg/>", "Tệp «a.svg» là trang web, SVG"),
        ("a.zip", packed("a.txt"), "Tệp «a.zip» là tệp nén"),
    ],
)
def test_after_a_refusal_nothing_is_stored_and_nothing_lost(
    report: Submission, hoas: Client, name: str, content: bytes, found: str
) -> None:
    typed(report, {"1.1": "3"})
    attached(report)
    before = stored_files(), list(Evidence.objects.values()), list(Figure.objects.values())
    response = post(hoas, report, upload(name, content))
    assert response.status_code == 422
    assert response.context["refused"][0].startswith(found)
    after = stored_files(), list(Evidence.objects.values()), list(Figure.objects.values())
    assert after == before


def test_two_hundred_megabytes_are_refused_and_nothing_is_lost(
    report: Submission, hoas: Client
) -> None:
    attached(report)
    before = stored_files(), list(Evidence.objects.values())
    response = hoas.generic(
        "POST",
        f"/bao-cao/{report.pk}/tep/",
        CONTENT_TYPE="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(200 * 1024 * 1024),
    )
    assert response.status_code == 413
    assert "chưa có tệp nào được lưu" in response.content.decode()
    assert (stored_files(), list(Evidence.objects.values())) == before


def test_one_file_above_the_limit_is_told_its_weight(
    report: Submission, hoas: Client, settings: Settings
) -> None:
    settings.EVIDENCE_MAX_MB = 1
    large = pdf() + bytes(3 * 1024 * 1024) + b"startxref 9 %%EOF"
    response = post(hoas, report, upload("a.pdf", large))
    assert response.status_code == 422
    assert "nặng 3,0 MB; mỗi tệp nhiều nhất 1 MB" in response.context["refused"][0]
    assert not Evidence.objects.exists()


def test_nothing_chosen_is_told(report: Submission, hoas: Client) -> None:
    response = hoas.post(f"/bao-cao/{report.pk}/tep/", {"row": "1.1"})
    assert response.status_code == 422
    assert response.context["refused"][0].startswith("Chưa có tệp nào được gửi lên.")


def test_a_row_of_another_form_takes_no_file(report: Submission, hoas: Client) -> None:
    response = post(hoas, report, upload("a.pdf", pdf()), row="99.9")
    assert response.status_code == 422
    assert "không có dòng «99.9»" in response.context["refused"][0]
    assert not Evidence.objects.exists()


def test_a_submitted_report_takes_no_file(report: Submission, hoas: Client, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    response = post(hoas, report, upload("a.pdf", pdf()), upload("b.docx", docx()))
    assert response.status_code == 409
    assert len(response.context["refused"]) == 1
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("thu", 404), ("khac", 404), ("hanh", 409)])
def test_another_agency_attaches_nothing(
    report: Submission, client: Client, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert post(client, report, upload("a.pdf", pdf())).status_code == status
    assert not Evidence.objects.exists()


# Sending out


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Kế hoạch số 31.pdf", pdf(), "application/pdf"),
        ("ảnh.png", image("PNG"), "image/png"),
        (
            "b.docx",
            docx(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_file_comes_back_as_it_was_sent(
    report: Submission, hoas: Client, name: str, content: bytes, content_type: str
) -> None:
    made = attached(report, name, content)
    response = hoas.get(f"/bao-cao/{report.pk}/tep/{made.pk}/", headers={"accept-encoding": "gzip"})
    received = content_of(response)
    assert received == content
    assert sha256(received).hexdigest() == made.sha256
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"
    ended(response)


def test_the_name_travels_in_vietnamese(report: Submission, hoas: Client) -> None:
    made = attached(report, "Kế hoạch.pdf")
    response = hoas.get(f"/bao-cao/{report.pk}/tep/{made.pk}/")
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''K%E1%BA%BF%20ho%E1%BA%A1ch.pdf"
    )
    ended(response)


def test_a_type_that_is_not_ours_is_sent_as_bytes(report: Submission, hoas: Client) -> None:
    made = attached(report)
    Evidence.objects.update(content_type="text/html")
    response = hoas.get(f"/bao-cao/{report.pk}/tep/{made.pk}/")
    assert response.headers["Content-Type"] == "application/octet-stream"
    ended(response)


@pytest.mark.parametrize("who", ["thu", "khac", "quantri"])
def test_anothers_file_looks_like_one_that_does_not_exist(
    report: Submission, client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    made = attached(report)
    client.force_login(request.getfixturevalue(who))
    theirs = client.get(f"/bao-cao/{report.pk}/tep/{made.pk}/")
    unknown = client.get(f"/bao-cao/{report.pk}/tep/{made.pk + 7777}/")
    assert (theirs.status_code, unknown.status_code) == (404, 404)
    headers = [dict(response.headers) for response in (theirs, unknown)]
    assert headers[0].pop("X-Request-ID") != headers[1].pop("X-Request-ID")
    assert headers[0] == headers[1]
    assert client.post(f"/bao-cao/{report.pk}/tep/{made.pk}/go/").status_code == 404
    assert Evidence.objects.get().removed_at is None


def test_a_file_is_not_reached_through_another_report(
    report: Submission, commune_report: Submission, thu: User, client: Client
) -> None:
    made = attached(report)
    client.force_login(thu)
    assert client.get(f"/bao-cao/{commune_report.pk}/tep/").status_code == 200
    path = f"/bao-cao/{commune_report.pk}/tep/{made.pk}/"
    assert client.get(path).status_code == 404
    assert client.post(f"{path}go/").status_code == 404
    assert Evidence.objects.get().removed_at is None


@pytest.mark.parametrize("number", ["0", "99999999999999999999999"])
def test_a_file_that_never_was_is_not_found(report: Submission, hoas: Client, number: str) -> None:
    assert hoas.get(f"/bao-cao/{report.pk}/tep/{number}/").status_code == 404


# Taking away


def test_a_file_is_taken_away_and_told(report: Submission, hoas: Client, hoa: User) -> None:
    made = attached(report)
    stored = stored_files()
    response = hoas.post(f"/bao-cao/{report.pk}/tep/{made.pk}/go/", follow=True)
    assert response.redirect_chain == [(f"/bao-cao/{report.pk}/tep/", 302)]
    assert "Đã gỡ tệp «Kế hoạch 31.pdf»." in response.content.decode()
    assert names(response) == []
    assert Evidence.objects.get().removed_by == hoa
    assert stored_files() == stored


def test_a_file_taken_away_is_found_no_more(
    report: Submission, hoas: Client, hoa: User, hanh: User
) -> None:
    made = attached(report)
    remove_file(evidence=made, by=hoa)
    path = f"/bao-cao/{report.pk}/tep/{made.pk}/"
    for person in (hoa, hanh):
        hoas.force_login(person)
        assert hoas.get(path).status_code == 404
        assert hoas.post(f"{path}go/").status_code == 404


def test_a_submitted_report_keeps_its_files_and_says_why(
    report: Submission, hoas: Client, hoa: User
) -> None:
    made = attached(report)
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    response = hoas.post(f"/bao-cao/{report.pk}/tep/{made.pk}/go/")
    assert response.status_code == 409
    assert "Báo cáo ở trạng thái «Đã gửi»" in response.context["refused"][0]
    assert names(response) == ["Kế hoạch 31.pdf"]


def test_files_posted_after_the_session_had_ended_are_asked_for_again(
    report: Submission, client: Client
) -> None:
    response = post(client, report, upload("a.pdf", pdf()))
    assert response.status_code == 401
    assert not Evidence.objects.exists()
