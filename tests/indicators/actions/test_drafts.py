"""Drafts: begun, written, headed anew, taken up, filled from files and put aside, on the record."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from indicators.actions.drafts import (
    StaleDraft,
    apply_upload,
    begin_draft,
    discard,
    keep_upload,
    rewrite_head,
    take_up,
    write_draft,
)
from indicators.actions.record import CatalogueRefused
from indicators.actions.versions import publish, retire
from indicators.catalogue.documents import from_record
from indicators.catalogue.written import Document
from indicators.kinds import Act
from indicators.models import Form, FormVersion, Row, Upload, VersionEvent
from indicators.queries.definitions import head_of
from reporting.models import User
from tests.indicators.actions.acts import begun, everything, published, stored
from tests.indicators.sheets import HEAD, RULE, document, new_indicator

pytestmark = pytest.mark.django_db

CHANGED = document("1.1.a", "label", "- Tất cả")
CHANGE = "dòng 1.1.a, chỉ tiêu: «- Tổng số» → «- Tất cả»"


def lines(version: FormVersion) -> list[tuple[str, User | None, str, str, list[str], int]]:
    """Return the record of the version."""
    return [
        (event.act, event.by, event.via, event.note, event.changes, event.revision)
        for event in version.events.select_related("by")
    ]


def edited(version: FormVersion, by: User, found: Document = CHANGED) -> None:
    """Write the draft as it is stored now."""
    current = stored(version)
    write_draft(version=current, revision=current.revision, document=found, by=by)


# Beginning


def test_a_draft_is_kept_as_written_and_on_the_record(lan: User) -> None:
    version = begin_draft(
        head=HEAD, document=document(rules=[RULE]), by=lan, note="Chép từ THU-2025"
    )
    found = stored(version)
    assert (found.status, found.content_hash, found.revision) == ("draft", "", 0)
    assert head_of(found) == HEAD
    assert from_record(found.draft) == Document(document().rows, [RULE], [], {})
    assert not Row.objects.filter(version=found).exists()
    assert lines(found) == [("begin", lan, "page", "Chép từ THU-2025", [], 0)]
    event = found.events.get()
    assert event.content == found.draft
    assert (timezone.now() - event.at).total_seconds() < 60


def test_a_draft_may_be_begun_empty(lan: User) -> None:
    assert from_record(begin_draft(head=HEAD, document=Document(), by=lan).draft).rows == []


def test_a_draft_of_a_form_that_is_there_belongs_to_it(lan: User) -> None:
    form = Form.objects.create(code="THU", name="Tên cũ")
    assert begin_draft(head=HEAD, document=Document(), by=lan).form == form
    assert Form.objects.get(code="THU").name == "Tên cũ"


@pytest.mark.parametrize("code", ["THU-2026", "BM7-2025"])
def test_a_code_that_a_version_has_is_refused(lan: User, code: str) -> None:
    begun(lan)
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        begin_draft(head=replace(HEAD, code=code), document=Document(), by=lan)
    assert list(refusal.value.message_dict) == ["code"]
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "x" * 41}, ["code"]),
        ({"title": ""}, ["title"]),
        ({"edition": "x" * 41}, ["edition"]),
        ({"label_heading": "x" * 201}, ["label_heading"]),
        ({"last_heading": ""}, ["last_heading"]),
        ({"valid_from": None}, ["valid_from"]),
        ({"form": "x" * 31}, ["form"]),
        ({"form_name": ""}, ["form_name"]),
        (
            {"code": "", "form": "", "form_name": "", "title": "x" * 401},
            ["form", "form_name", "code", "title"],
        ),
    ],
)
def test_a_bad_head_is_told_under_its_own_names_all_at_once(
    lan: User, changes: dict[str, str], names: list[str]
) -> None:
    before = everything()
    head = replace(HEAD, **changes)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refusal:
        begin_draft(head=head, document=document(), by=lan)
    assert list(refusal.value.message_dict) == names
    assert all(sentences for sentences in refusal.value.message_dict.values())
    assert everything() == before


def test_rows_that_cannot_be_kept_are_refused_with_their_faults(lan: User) -> None:
    before = everything()
    with pytest.raises(CatalogueRefused) as refusal:
        begin_draft(head=HEAD, document=document("1.1.a", "parent", "9"), by=lan)
    assert str(refusal.value) == (
        "Bản thảo không nhận được vì 1 lỗi:"
        " dòng 3 (1.1.a): Dòng cha «9» không đứng ở phía trên dòng này."
    )
    assert everything() == before


# Writing


def test_a_change_is_written_with_who_what_and_the_whole_draft(lan: User, minh: User) -> None:
    version = begun(lan)
    changes = write_draft(
        version=version,
        revision=0,
        document=CHANGED,
        by=minh,
        act=Act.UPLOAD,
        note="Vì",
        via="file",
    )
    assert changes == [CHANGE]
    found = stored(version)
    assert from_record(found.draft).rows == CHANGED.rows
    assert lines(found)[1:] == [("upload", minh, "file", "Vì", [CHANGE], 1)]
    assert [event.content for event in found.events.all()][1] == found.draft


def test_one_may_go_on_writing_what_one_has_written(lan: User) -> None:
    version = begun(lan)
    for place, label in enumerate(["- Một", "- Hai", "- Ba"]):
        assert version.revision == place
        write_draft(
            version=version,
            revision=version.revision,
            document=document("1.1.a", "label", label),
            by=lan,
        )
    assert from_record(stored(version).draft).rows[2]["label"] == "- Ba"
    assert [line[-1] for line in lines(version)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("found", "change"),
    [
        (document(rules=[RULE]), "quy tắc dung-han: được thêm"),
        (
            replace(document(), indicators=[new_indicator("moi.mot")]),
            "chỉ tiêu mới moi.mot: được thêm",
        ),
        (Document(document().rows[:-1]), "dòng 1.2: bị bỏ"),
        (document("1.1", "asked", "so"), "dòng 1.1, đơn vị báo cáo số của mình: «trống» → «so»"),
    ],
)
def test_every_part_of_a_draft_is_written(lan: User, found: Document, change: str) -> None:
    version = begun(lan)
    assert write_draft(version=version, revision=0, document=found, by=lan) == [change]
    assert from_record(stored(version).draft) == replace(
        found, rules=list(found.rules), indicators=list(found.indicators)
    )


def test_settling_a_proposal_is_a_change(lan: User) -> None:
    version = begun(lan, replace(document(), proposals={"1.1": {"kind": "vì %"}}))
    assert write_draft(version=version, revision=0, document=document(), by=lan) == [
        "dòng 1.1: đã xem đề xuất loại số liệu"
    ]
    assert from_record(stored(version).draft).proposals == {}


def test_nothing_is_written_where_nothing_changes(lan: User, minh: User) -> None:
    version = begun(lan)
    before = everything()
    assert write_draft(version=version, revision=0, document=document(), by=minh) == ()
    assert everything() == before


def test_a_draft_older_than_a_column_is_not_changed_by_saving_it(lan: User) -> None:
    version = begun(lan)
    content: Any = version.draft
    for row in content["rows"]:
        del row["asked"]
    version.save()
    before = everything()
    assert write_draft(version=version, revision=0, document=document(), by=lan) == ()
    assert everything() == before


def test_the_second_of_two_people_is_told_who_was_first_and_when(lan: User, minh: User) -> None:
    version = begun(lan)
    his, hers = stored(version), stored(version)
    write_draft(version=his, revision=his.revision, document=CHANGED, by=minh)
    before = everything()
    with pytest.raises(StaleDraft) as refusal:
        write_draft(
            version=hers,
            revision=hers.revision,
            document=document("1.1.a", "label", "- Khác"),
            by=lan,
        )
    at = timezone.localtime(stored(version).events.get(act="edit").at)
    assert str(refusal.value) == (
        f"Đặng Quang Minh đã đổi bản thảo lúc {at:%H:%M ngày %d/%m/%Y}, sau khi ông/bà mở trang."
        " Việc vừa rồi chưa được ghi; chữ vừa gõ vẫn còn trên trang này. Hãy xem lại bản mới nhất"
        " rồi bấm lần nữa nếu còn cần."
        " Đã đổi: dòng 1.1.a, chỉ tiêu: «- Tổng số» → «- Tất cả»."
    )
    assert everything() == before


def test_rows_that_cannot_be_kept_change_nothing(lan: User) -> None:
    version = begun(lan)
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"vì 2 lỗi: dòng 3 \(1\.1\.a\): Khóa «1\.1\.a» bị"):
        write_draft(version=version, revision=0, document=document("1.1.b", "key", "1.1.a"), by=lan)
    assert everything() == before


def test_what_only_keeps_from_publishing_may_be_written(lan: User) -> None:
    version = begun(lan)
    write_draft(
        version=version, revision=0, document=document("1.1", "formula", "percent("), by=lan
    )
    assert from_record(stored(version).draft).rows[1]["formula"] == "percent("


# The head


def test_another_head_is_written_with_what_changed(lan: User, minh: User) -> None:
    version = begun(lan)
    head = replace(
        HEAD,
        code="THU-2027",
        edition="2027",
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 12, 31),
    )
    changed = rewrite_head(version=version, revision=0, head=head, by=minh)
    assert head_of(stored(version)) == head_of(changed) == head
    assert lines(version)[1:] == [
        (
            "head",
            minh,
            "page",
            "",
            [
                "mã phiên bản: «THU-2026» → «THU-2027»",
                "ấn bản: «2026» → «2027»",
                "có hiệu lực từ: «01/01/2026» → «01/01/2027»",
                "có hiệu lực đến: «» → «31/12/2027»",
            ],
            1,
        )
    ]
    assert stored(version).events.last().content == version.draft  # type: ignore[union-attr]


@pytest.mark.parametrize(("code", "name"), [("MOI", "Biểu mới"), ("BM7", "Biểu mẫu 7")])
def test_a_draft_may_become_one_of_another_form(lan: User, code: str, name: str) -> None:
    version = begun(lan)
    there = Form.objects.filter(code=code).first()
    head = replace(HEAD, form=code, form_name="Biểu mới")
    rewrite_head(version=version, revision=0, head=head, by=lan)
    found = stored(version).form
    assert found.code == code
    assert found.name == (there.name if there else "Biểu mới")
    assert lines(version)[1][4] == [f"biểu mẫu: «THU» → «{code}»"]


def test_the_name_of_a_form_that_is_there_is_no_part_of_a_draft(lan: User) -> None:
    version = begun(lan)
    before = everything()
    rewrite_head(version=version, revision=0, head=replace(HEAD, form_name="Khác"), by=lan)
    assert everything() == before


def test_the_same_head_changes_nothing(lan: User) -> None:
    version = begun(lan)
    before = everything()
    assert rewrite_head(version=version, revision=0, head=HEAD, by=lan).revision == 0
    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"code": "BM7-2025"}, ["code"]),
        ({"title": "", "form": "MOI", "form_name": ""}, ["form_name", "title"]),
    ],
)
def test_a_bad_head_changes_nothing(lan: User, changes: dict[str, str], names: list[str]) -> None:
    version = begun(lan)
    before = everything()
    head = replace(HEAD, **changes)  # type: ignore[arg-type]
    with pytest.raises(ValidationError) as refusal:
        rewrite_head(version=version, revision=0, head=head, by=lan)
    assert list(refusal.value.message_dict) == names
    assert everything() == before


def test_a_head_is_not_written_over_somebody_elses_work(lan: User, minh: User) -> None:
    version = begun(lan)
    edited(version, minh)
    before = everything()
    with pytest.raises(StaleDraft, match="Đặng Quang Minh"):
        rewrite_head(version=version, revision=0, head=replace(HEAD, edition="2"), by=lan)
    assert everything() == before


# Taking up an earlier state


def test_any_earlier_state_can_be_taken_up(lan: User, minh: User) -> None:
    version = begun(lan)
    edited(version, lan)
    edited(version, lan, document(rules=[RULE]))
    first, second, third = version.events.all()
    states = [event.content for event in (first, second, third)]
    for event, state in zip((first, second, third), states, strict=True):
        current = stored(version)
        take_up(version=current, revision=current.revision, event=event, by=minh)
        assert stored(version).draft == state
    last = lines(version)[-1]
    assert last[:2] == ("take_up", minh)
    assert re.fullmatch(r"Quay lại bản lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}\.", last[3])
    assert last[4] == [
        "dòng 1.1.a, chỉ tiêu: «- Tất cả» → «- Tổng số»",
        "quy tắc dung-han: được thêm",
    ]


def test_a_state_older_than_a_column_can_be_taken_up(lan: User) -> None:
    version = begun(lan)
    edited(version, lan)
    event = version.events.get(act="begin")
    content: Any = event.content
    for row in content["rows"]:
        del row["asked"]
    take_up(version=stored(version), revision=1, event=event, by=lan)
    assert from_record(stored(version).draft).rows == document().rows


def test_taking_up_what_stands_there_changes_nothing(lan: User) -> None:
    version = begun(lan)
    before = everything()
    assert take_up(version=version, revision=0, event=version.events.get(), by=lan) == ()
    assert everything() == before


def test_a_state_of_another_draft_is_not_taken_up(lan: User) -> None:
    version = begun(lan)
    other = begun(lan, CHANGED, code="KHAC-2026")
    before = everything()
    with pytest.raises(CatalogueRefused, match="không giữ nội dung để quay lại"):
        take_up(version=version, revision=0, event=other.events.get(), by=lan)
    assert everything() == before


def test_nothing_is_taken_up_over_somebody_elses_work(lan: User, minh: User) -> None:
    version = begun(lan)
    edited(version, lan)
    edited(version, minh, document(rules=[RULE]))
    before = everything()
    with pytest.raises(StaleDraft):
        take_up(version=stored(version), revision=1, event=version.events.all()[0], by=lan)
    assert everything() == before


# Putting aside


def test_a_draft_put_aside_leaves_its_code_and_keeps_its_content(lan: User, minh: User) -> None:
    version = begun(lan)
    draft = version.draft
    gone = discard(version=version, revision=0, by=minh)
    assert gone.code == f"THU-2026-bo-{gone.pk}"
    assert (stored(gone).status, stored(gone).draft) == ("discarded", draft)
    assert lines(gone)[1:] == [
        ("discard", minh, "page", "", [f"mã phiên bản: THU-2026 → {gone.code}"], 1)
    ]
    again = begun(minh)
    assert again.code == "THU-2026"
    assert again.pk != gone.pk


def test_the_longest_code_can_be_put_aside_too(lan: User) -> None:
    for _ in range(2):
        version = begun(lan, code="X" * 40)
        discard(version=version, revision=0, by=lan)
    codes = FormVersion.objects.filter(status="discarded").values_list("code", flat=True)
    assert len(set(codes)) == 2
    assert all(len(code) <= 40 for code in codes)


def test_a_draft_is_not_put_aside_over_somebody_elses_work(lan: User, minh: User) -> None:
    version = begun(lan)
    edited(version, minh)
    before = everything()
    with pytest.raises(StaleDraft):
        discard(version=version, revision=0, by=lan)
    assert everything() == before


# Files

ORIGINAL = b"PK\x03\x04 m\xe1\xbb\x99t t\xe1\xbb\x87p \x00"


def uploaded(version: FormVersion, by: User, found: Document | None = CHANGED) -> Upload:
    """Keep a file for the draft as it stands now."""
    return keep_upload(
        version=stored(version), file_name="bieu.xlsx", original=ORIGINAL, document=found, by=by
    )


def test_a_file_is_kept_as_it_came_and_changes_nothing(lan: User) -> None:
    version = begun(lan)
    before = stored(version)
    upload = Upload.objects.get(pk=uploaded(version, lan).pk)
    assert bytes(upload.original) == ORIGINAL
    assert upload.sha256 == hashlib.sha256(ORIGINAL).hexdigest()
    assert (upload.file_name, upload.by, upload.revision) == ("bieu.xlsx", lan, 0)
    assert from_record(upload.content).rows == CHANGED.rows
    assert upload.applied_at is None
    assert (stored(version).draft, stored(version).revision) == (before.draft, 0)
    assert len(lines(version)) == 1


def test_the_name_of_a_file_is_cut_to_its_column(lan: User) -> None:
    upload = keep_upload(
        version=begun(lan), file_name="x" * 300, original=b"", document=None, by=lan
    )
    assert Upload.objects.get(pk=upload.pk).file_name == "x" * 200


def test_a_file_is_taken_over_whole(lan: User, minh: User) -> None:
    found = replace(
        document("1.1.a", "indicator", "moi.mot", rules=[RULE]),
        indicators=[new_indicator("moi.mot")],
        proposals={"1.1": {"kind": "vì %"}},
    )
    version = begun(lan)
    upload = uploaded(version, lan, found)
    changes = apply_upload(upload=upload, by=minh)
    assert changes == [
        "dòng 1.1.a, mã chỉ tiêu: «thu.tong_so» → «moi.mot»",
        "quy tắc dung-han: được thêm",
        "chỉ tiêu mới moi.mot: được thêm",
    ]
    assert from_record(stored(version).draft) == found
    assert lines(version)[1:] == [
        ("upload", minh, "file", f"bieu.xlsx (SHA-256 {upload.sha256})", changes, 1)
    ]
    assert Upload.objects.get(pk=upload.pk).applied_at is not None


def test_a_file_is_taken_over_once(lan: User) -> None:
    version = begun(lan)
    upload = uploaded(version, lan)
    apply_upload(upload=upload, by=lan)
    edited(version, lan, document())
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^Tệp bieu\.xlsx đã được nhận rồi"):
        apply_upload(upload=upload, by=lan)
    assert everything() == before


def test_a_file_is_not_taken_over_once_the_draft_has_changed(lan: User, minh: User) -> None:
    version = begun(lan)
    upload = uploaded(version, lan)
    edited(version, minh, document(rules=[RULE]))
    before = everything()
    with pytest.raises(StaleDraft, match="Đặng Quang Minh"):
        apply_upload(upload=upload, by=lan)
    assert everything() == before


def test_a_file_with_faults_is_kept_but_not_taken_over(lan: User) -> None:
    upload = uploaded(begun(lan), lan, None)
    assert bytes(upload.original) == ORIGINAL
    before = everything()
    with pytest.raises(CatalogueRefused, match=r"^Tệp bieu\.xlsx có lỗi"):
        apply_upload(upload=upload, by=lan)
    assert everything() == before


def test_a_file_that_holds_rows_which_cannot_be_kept_changes_nothing(lan: User) -> None:
    upload = uploaded(begun(lan), lan, document("1.1.a", "kind", "number"))
    before = everything()
    with pytest.raises(CatalogueRefused, match="«number» không có trong danh sách"):
        apply_upload(upload=upload, by=lan)
    assert everything() == before


def test_a_file_that_says_what_stands_there_is_received_without_a_change(lan: User) -> None:
    version = begun(lan)
    upload = uploaded(version, lan, document())
    assert apply_upload(upload=upload, by=lan) == ()
    assert Upload.objects.get(pk=upload.pk).applied_at is not None
    assert (stored(version).revision, len(lines(version))) == (0, 1)


# What is no draft any more


def retired(by: User) -> FormVersion:
    return retire(version=published(by), last_day=date(2026, 12, 31), note="Thay thế", by=by)


def put_aside(by: User) -> FormVersion:
    return discard(version=begun(by), revision=0, by=by)


@pytest.mark.parametrize(
    ("made", "words"),
    [(published, "đã công bố"), (retired, "hết hiệu lực"), (put_aside, "đã bỏ")],
)
@pytest.mark.parametrize(
    "act",
    [
        lambda version, at, by: write_draft(version=version, revision=at, document=CHANGED, by=by),
        lambda version, at, by: rewrite_head(
            version=version, revision=at, head=replace(HEAD, title="KHÁC"), by=by
        ),
        lambda version, at, by: take_up(
            version=version, revision=at, event=version.events.all()[0], by=by
        ),
        lambda version, at, by: discard(version=version, revision=at, by=by),
        lambda version, at, by: publish(version=version, revision=at, note="Lại", by=by),
        lambda version, at, by: apply_upload(upload=uploaded(version, by), by=by),
    ],
    ids=["write", "head", "take up", "discard", "publish", "upload"],
)
def test_what_is_no_draft_any_more_is_changed_by_no_act(
    lan: User,
    made: Callable[[User], FormVersion],
    words: str,
    act: Callable[[FormVersion, int, User], object],
) -> None:
    version = made(lan)
    before = everything()[:-1]
    with pytest.raises(CatalogueRefused) as refusal:
        act(version, version.revision, lan)
    assert str(refusal.value) == (
        f"{version.code} ở trạng thái «{words}» nên không sửa được nữa."
        " Muốn thay đổi, hãy lập phiên bản mới."
    )
    assert everything()[:-1] == before


# Two people at the very same moment


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite writes one by one")
@pytest.mark.parametrize("act", ["write", "begin"])
def test_of_two_at_the_same_moment_one_is_told(act: str) -> None:
    """The first holds its transaction open until the second has come to wait for it."""
    by = begun_by()
    version = begun(by)
    written, outcomes = Event(), list[Exception | None]()

    def acted() -> None:
        if act == "write":
            write_draft(version=stored(version), revision=0, document=CHANGED, by=by)
        else:
            begun(by, code="CUNG-LUC")

    def second() -> None:
        written.wait(timeout=30)
        try:
            acted()
            outcomes.append(None)
        except (StaleDraft, ValidationError) as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    thread = Thread(target=second)
    thread.start()
    with transaction.atomic():
        acted()
        written.set()
        thread.join(timeout=1)
        assert thread.is_alive()  # it waits for this transaction
    thread.join(timeout=30)
    [outcome] = outcomes
    assert isinstance(outcome, StaleDraft if act == "write" else ValidationError)
    assert VersionEvent.objects.filter(act="edit").count() == (act == "write")
    assert FormVersion.objects.filter(code="CUNG-LUC").count() == (act == "begin")


def begun_by() -> User:
    return User.objects.create(username="lan", full_name="Ngô Thị Lan")
