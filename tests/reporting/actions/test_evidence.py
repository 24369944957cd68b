"""The files behind a report: attached whole or not at all, taken away without being lost."""

import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import OperationalError, connection
from pytest_django import Settings

from indicators.models import Row
from reporting.actions.evidence import MOST_FILES, attach_file, remove_file
from reporting.attachments import BadAttachment
from reporting.models import Evidence, Submission, Transition, User
from reporting.refusals import (
    AlreadyAttached,
    AlreadyRemoved,
    NoSuchRow,
    NotYours,
    RoundClosed,
    TooManyFiles,
    WrongState,
)
from reporting.workflow import State
from tests.cast import moved, stored, typed
from tests.reporting.actions.acts import close
from tests.reporting.files_by_hand import attached, docx, image, pdf, stored_files


def refused(kind: type[Exception], act: Callable[[], object]) -> str:
    """Try an act that must be refused with no line and no byte changed; return its sentence."""
    before = list(Evidence.objects.values()), stored_files()
    with pytest.raises(kind) as refusal:
        act()
    assert type(refusal.value) is kind
    assert (list(Evidence.objects.values()), stored_files()) == before
    return str(refusal.value)


# Attaching


def test_a_file_is_kept_as_it_came_with_all_that_is_known_of_it(
    report: Submission, hoa: User
) -> None:
    content = pdf()
    made = attached(report, "C:\\Tài liệu\\Kế hoạch 31.pdf", content, row_key="1.1")
    found = Evidence.objects.get()
    assert found == made
    assert (found.submission, found.row, found.by) == (
        report,
        Row.objects.get(version=report.form_version, key="1.1"),
        hoa,
    )
    assert (found.name, found.content_type, found.size, found.sha256) == (
        "Kế hoạch 31.pdf",
        "application/pdf",
        len(content),
        sha256(content).hexdigest(),
    )
    assert (found.removed_by, found.removed_at) == (None, None)
    with found.file.open("rb") as file:
        assert file.read() == content


def test_the_bytes_lie_under_a_name_of_the_portals_own(report: Submission) -> None:
    before = stored_files()
    made = attached(report, "..\\..\\static\\x.pdf")
    [path] = stored_files() - before
    assert path == Path(settings.MEDIA_ROOT) / made.file.name
    assert path.parent.relative_to(settings.MEDIA_ROOT).parts[0] == "evidence"
    assert path.suffix == ""
    assert len(path.name) == 32
    assert int(path.name, 16)


def test_a_file_may_stand_behind_the_whole_report(report: Submission) -> None:
    assert attached(report, row_key=None).row is None


def test_attaching_changes_neither_state_nor_revision(report: Submission) -> None:
    before = Submission.objects.filter(pk=report.pk).values().get()
    attached(report)
    assert Submission.objects.filter(pk=report.pk).values().get() == before
    assert Transition.objects.filter(submission=report).count() == 1


def test_a_large_file_is_never_held_whole(report: Submission, hoa: User) -> None:
    size = 15 * 1024 * 1024
    large = TemporaryUploadedFile("lon.pdf", "application/pdf", size, None)
    content = b"%PDF-1.7\n" + bytes(size - 40) + b"\nstartxref\n9\n%%EOF\n"
    large.write(content)
    large.size = len(content)
    digest = sha256(content).hexdigest()
    del content
    tracemalloc.start()
    made = attach_file(submission=report, row_key=None, upload=large, by=hoa)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    large.close()
    assert peak < 5_000_000
    assert (made.sha256, made.size) == (digest, large.size)
    assert Path(made.file.path).stat().st_size == large.size


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", b"", "trống"),
        ("a.pdf", image("PNG"), "có đuôi «.pdf» nhưng nội dung là ảnh PNG"),
        ("hoa-don.pdf.exe", pdf(), "có đuôi «.exe» nhưng nội dung là PDF"),
        ("..\\a.html", b"<html>", "là trang web"),
    ],
)
def test_a_bad_file_leaves_nothing(
    report: Submission, hoa: User, name: str, content: bytes, found: str
) -> None:
    sentence = refused(BadAttachment, lambda: attached(report, name, content))
    called = name.rpartition("\\")[2]
    assert sentence.startswith(f"Tệp «{called}» {found}")


def test_a_file_above_the_limit_leaves_nothing(
    report: Submission, hoa: User, settings: Settings
) -> None:
    settings.EVIDENCE_MAX_MB = 1
    large = pdf() + bytes(1024 * 1024) + b"startxref 9 %%EOF"
    sentence = refused(BadAttachment, lambda: attached(report, "a.pdf", large))
    assert sentence.startswith("Tệp «a.pdf» nặng 1,0 MB; mỗi tệp nhiều nhất 1 MB.")
    settings.EVIDENCE_MAX_MB = 2
    assert attached(report, "a.pdf", large).size == len(large)


def test_a_row_that_the_form_has_not_takes_no_file(report: Submission, hoa: User) -> None:
    sentence = refused(NoSuchRow, lambda: attached(report, row_key="99.9"))
    assert sentence == "Biểu này không có dòng «99.9». Hãy tải lại trang rồi chọn lại dòng."


def test_the_same_content_again_names_the_earlier_file(report: Submission, hoa: User) -> None:
    attached(report, "Kế hoạch 31.pdf")
    sentence = refused(AlreadyAttached, lambda: attached(report, "bản sao.pdf"))
    assert sentence.startswith(
        "Tệp «bản sao.pdf» giống hệt tệp «Kế hoạch 31.pdf» mà Nguyễn Thị Hoa đã gắn vào dòng này"
        " lúc "
    )
    assert sentence.endswith(". Không cần gắn lại.")


def test_the_same_content_may_stand_behind_another_row_or_come_back(
    report: Submission, hoa: User
) -> None:
    first = attached(report, row_key="1.1")
    attached(report, row_key="1.6")
    attached(report, row_key=None)
    refused(AlreadyAttached, lambda: attached(report, row_key=None))
    remove_file(evidence=first, by=hoa)
    assert attached(report, row_key="1.1").pk != first.pk


def test_a_report_takes_fifty_files_that_stand(report: Submission, hoa: User) -> None:
    first = attached(report, "0.pdf", pdf("0"))
    common = {"submission": report, "file": "evidence/x", "by": hoa, "at": first.at, "size": 1}
    Evidence.objects.bulk_create(
        Evidence(name=f"{place}.pdf", sha256=str(place), **common) for place in range(1, MOST_FILES)
    )
    sentence = refused(TooManyFiles, lambda: attached(report, "thêm.pdf", pdf("thêm")))
    assert sentence == (
        "Tệp «thêm.pdf» chưa được nhận: báo cáo đã có 50 tệp, nhiều nhất là 50."
        " Hãy gỡ tệp không còn cần, hoặc gộp nhiều tệp thành một PDF."
    )
    remove_file(evidence=first, by=hoa)
    assert attached(report, "thêm.pdf", pdf("thêm")).pk


# Who and when


@pytest.mark.parametrize("who", ["thu", "hanh", "dat", "khac", "quantri"])
def test_only_who_fills_in_attaches_and_removes(
    report: Submission, request: pytest.FixtureRequest, who: str
) -> None:
    made, by = attached(report), request.getfixturevalue(who)
    refused(NotYours, lambda: attached(report, "b.docx", docx(), by=by))
    refused(NotYours, lambda: remove_file(evidence=made, by=by))


def test_a_submitted_report_keeps_its_files(report: Submission, hoa: User) -> None:
    made = attached(report)
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    now = stored(report)
    assert "Đã gửi" in refused(WrongState, lambda: attached(now, "b.docx", docx()))
    refused(WrongState, lambda: remove_file(evidence=Evidence.objects.get(pk=made.pk), by=hoa))


def test_a_report_submitted_in_the_meantime_takes_no_file_and_its_bytes_are_gone(
    report: Submission, hoa: User
) -> None:
    seen = stored(report)
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    assert seen.state == State.NOT_STARTED
    refused(WrongState, lambda: attached(seen))


@pytest.mark.django_db(transaction=True)
def test_where_the_answer_to_a_commit_is_lost_its_line_keeps_its_bytes(
    report: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = connection._commit  # type: ignore[attr-defined]

    def unanswered() -> None:
        commit()
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(connection, "_commit", unanswered)
    with pytest.raises(OperationalError):
        attached(report)
    monkeypatch.undo()
    [kept] = Evidence.objects.all()
    assert Path(kept.file.path) in stored_files()


def test_a_closed_round_takes_no_file(report: Submission, hoa: User) -> None:
    made = attached(report)
    close(report.round)
    refused(RoundClosed, lambda: attached(stored(report), "b.docx", docx()))
    refused(RoundClosed, lambda: remove_file(evidence=made, by=hoa))


# Taking away


def test_a_file_taken_away_is_marked_and_its_bytes_stay(report: Submission, hoa: User) -> None:
    content = pdf()
    made = attached(report, content=content)
    remove_file(evidence=made, by=hoa)
    found = Evidence.objects.get()
    assert (found.removed_by, found.name, found.sha256) == (hoa, made.name, made.sha256)
    assert found.removed_at is not None
    assert found.removed_at >= found.at
    with found.file.open("rb") as file:
        assert file.read() == content


def test_who_removes_second_is_told_who_was_first(report: Submission, hoa: User) -> None:
    made = attached(report)
    second = Evidence.objects.get(pk=made.pk)
    remove_file(evidence=made, by=hoa)
    sentence = refused(AlreadyRemoved, lambda: remove_file(evidence=second, by=hoa))
    assert sentence.startswith("Tệp «Kế hoạch 31.pdf» đã được Nguyễn Thị Hoa gỡ lúc ")
    assert sentence.endswith(", không cần gỡ lại.")
