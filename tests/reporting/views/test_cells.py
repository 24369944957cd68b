"""Cells sent one by one: what is saved, refused, contested, known already; and what is redrawn."""

import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.definition import RowDefinition
from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment
from reporting.models import Figure, FigureChange, Submission, User
from reporting.snapshot import Cell, FigureStatus, Reading
from reporting.workflow import Role
from tests.cast import person, stored, submitted, typed
from tests.reporting.views.pages import cells

NUMBERS = count(1)
HOAS_PAGE, LANS_PAGE, HOAS_OTHER_PAGE = "hoahoahoa1", "lanlanlan1", "hoahoahoa2"


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


@pytest.fixture
def lans(report: Submission) -> Client:
    """The browser of a second clerk of Sở Công Thương."""
    client = Client()
    client.force_login(person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency)))
    return client


def row(report: Submission, key: str) -> RowDefinition:
    return form_definition(report.form_version).by_key[key]


def entry(
    report: Submission, key: str, figure: str | None = None, *, base: int = 0, **more: Any
) -> dict[str, Any]:
    """Return an entry as a page sends it."""
    name = f"{HOAS_PAGE}.{next(NUMBERS)}"
    return {"name": name, "row": row(report, key).id, "base": base, "figure": figure} | more


def send(
    client: Client, report: Submission, *entries: Mapping[str, Any], seen: int = 0, to: str = "o"
) -> Any:
    user = int(client.session.get("_auth_user_id", 0))
    return client.post(
        f"/bao-cao/{report.pk}/{to}/",
        json.dumps({"user": user, "seen": seen, "entries": entries}),
        content_type="application/json",
    )


def test_a_cell_is_saved_by_itself(report: Submission, hoas: Client, hoa: User) -> None:
    sent = entry(report, "1.2.a", "5.356")
    response = send(hoas, report, sent)
    assert response.status_code == 200
    answer = response.json()
    assert answer["results"] == [
        {"name": sent["name"], "row": sent["row"], "is": "saved", "heard": "5.356 Nhiệm vụ"}
    ]
    assert answer["revision"] == stored(report).revision
    assert cells(report) == {
        "1.2.a": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED)
    }
    change = FigureChange.objects.get(submission=report)
    assert (change.by, change.via, change.entry) == (hoa, "cell", sent["name"])
    assert change.before is None


def test_the_answer_redraws_the_cell_and_what_is_computed_from_it(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.2.a": "27"})
    seen = stored(report).revision
    answer = send(hoas, report, entry(report, "1.2.b", "8", base=seen), seen=seen).json()
    drawn = {line["key"]: line for line in answer["rows"]}
    assert set(drawn) == {"1.2.b", "1.2"}
    assert drawn["1.2"]["shown"] == "29,63"
    assert (drawn["1.2.b"]["box"], drawn["1.2.b"]["isBlank"]) == ("8", False)
    assert {key: done for key, done, _ in answer["sections"]}["1"] == 2
    assert answer["answered"] == 2


def test_a_note_is_saved_without_touching_the_figure(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "13"})
    seen = stored(report).revision
    send(hoas, report, entry(report, "1.1", note="theo báo cáo tháng", base=seen), seen=seen)
    assert cells(report)["1.1"] == Cell(number=Decimal(13), written="13", note="theo báo cáo tháng")


@pytest.mark.parametrize(
    ("words", "status"),
    [("Không phát sinh", FigureStatus.NIL), ("Không thuộc phạm vi", FigureStatus.OUT_OF_SCOPE)],
)
def test_an_act_is_neither_zero_nor_blank(
    report: Submission, hoas: Client, words: str, status: FigureStatus
) -> None:
    answer = send(hoas, report, entry(report, "1.1", words)).json()
    assert cells(report) == {"1.1": Cell(status=status)}
    assert answer["rows"][0]["box"] == words
    again = send(hoas, report, entry(report, "1.1", "0", base=answer["revision"])).json()
    assert cells(report)["1.1"].number == 0
    send(hoas, report, entry(report, "1.1", "", base=again["revision"]))
    assert cells(report) == {}


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("1.1", "năm nghìn", "có chữ, nhưng ô này nhận một số nguyên"),
        ("1.1", "5,356", "có thể là 5 phẩy 356 hoặc 5 nghìn 356"),
        ("1.4.b", "101", "vượt quá 100 %"),
        ("1.6", "7", "không có trong các lựa chọn"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_rest_is_saved(
    report: Submission, hoas: Client, key: str, text: str, sentence: str
) -> None:
    answer = send(hoas, report, entry(report, key, text), entry(report, "1.2.a", "4")).json()
    refused, kept = answer["results"]
    assert refused["is"] == "refused"
    assert sentence in refused["sentence"]
    assert refused["sentence"].endswith("Ô này chưa có số nào được lưu.")
    assert kept["is"] == "saved"
    assert set(cells(report)) == {"1.2.a"}


def test_an_entry_sent_again_is_not_made_twice(report: Submission, hoas: Client) -> None:
    sent = entry(report, "1.1", "13")
    first = send(hoas, report, sent).json()
    again = send(hoas, report, sent).json()
    assert [result["is"] for result in again["results"]] == ["saved"]
    assert again["revision"] == first["revision"]
    assert FigureChange.objects.filter(submission=report).count() == 1


def test_an_entry_sent_again_after_another_saw_and_changed_it_overwrites_nothing(
    report: Submission, hoas: Client, lans: Client
) -> None:
    sent = entry(report, "1.1", "13")
    revision = send(hoas, report, sent).json()["revision"]
    theirs = entry(report, "1.1", "14", base=revision, name=f"{LANS_PAGE}.1")
    assert send(lans, report, theirs).json()["results"][0]["is"] == "saved"
    again = send(hoas, report, sent, seen=revision).json()
    assert again["results"][0]["is"] == "saved"
    assert again["moved"] == [sent["row"]]
    assert cells(report)["1.1"].number == 14


def test_what_one_page_saves_in_turn_contests_nothing(report: Submission, hoas: Client) -> None:
    """The answer to the first was lost: the second still stands on what was seen at first."""
    send(hoas, report, entry(report, "1.1", "13", base=0))
    answer = send(hoas, report, entry(report, "1.1", "14", base=0)).json()
    assert answer["results"][0]["is"] == "saved"
    assert cells(report)["1.1"].number == 14


@pytest.mark.parametrize("own_tab", [True, False])
def test_the_later_of_two_is_shown_both(
    report: Submission, hoas: Client, lans: Client, own_tab: bool
) -> None:
    first, page = (hoas, HOAS_OTHER_PAGE) if own_tab else (lans, LANS_PAGE)
    name = "Nguyễn Thị Hoa" if own_tab else "Phạm Thị Lan"
    send(first, report, entry(report, "1.1", "7", name=f"{page}.1"))
    answer = send(hoas, report, entry(report, "1.1", "6")).json()
    [result] = answer["results"]
    assert result["is"] == "contested"
    assert result["theirs"] == {"figure": "7", "note": ""}
    assert result["halves"] == ["figure"]
    assert result["sentence"].startswith(f"{name} đã ghi «7» ở ô này lúc ")
    assert cells(report)["1.1"].number == 7
    chosen = send(hoas, report, entry(report, "1.1", "6", base=answer["revision"])).json()
    assert chosen["results"][0]["is"] == "saved"
    assert cells(report)["1.1"].number == 6


def test_two_who_wrote_the_same_do_not_quarrel(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", "7", name=f"{LANS_PAGE}.1"))
    answer = send(hoas, report, entry(report, "1.1", "7")).json()
    assert answer["results"][0]["is"] == "saved"
    changes = FigureChange.objects.filter(submission=report).values_list("before", "after")
    assert [before == after for before, after in changes] == [False, True]


def test_figure_and_note_of_two_people_are_joined(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", "7", name=f"{LANS_PAGE}.1"))
    answer = send(hoas, report, entry(report, "1.1", note="tạm tính")).json()
    assert answer["results"][0]["is"] == "saved"
    assert cells(report)["1.1"] == Cell(number=Decimal(7), written="7", note="tạm tính")


def test_what_others_saved_comes_with_the_answer(
    report: Submission, hoas: Client, lans: Client
) -> None:
    theirs = entry(report, "1.2.a", "27", name=f"{LANS_PAGE}.1")
    send(lans, report, theirs)
    answer = send(hoas, report, entry(report, "1.1", "13")).json()
    assert answer["moved"] == [theirs["row"]]
    assert {line["key"]: line["box"] for line in answer["rows"]} == {
        "1.1": "13",
        "1.2.a": "27",
        "1.2": "",
    }


def test_asking_with_nothing_to_save_tells_what_others_saved(
    report: Submission, hoas: Client, lans: Client
) -> None:
    theirs = entry(report, "1.1", "27", name=f"{LANS_PAGE}.1")
    revision = send(lans, report, theirs).json()["revision"]
    answer = send(hoas, report).json()
    assert (answer["revision"], answer["moved"]) == (revision, [theirs["row"]])
    assert send(hoas, report, seen=revision).json()["moved"] == []


def test_a_page_drawn_before_the_database_was_restored_overwrites_nothing(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", "7", name=f"{LANS_PAGE}.1"))
    answer = send(hoas, report, entry(report, "1.1", "6", base=999), seen=999).json()
    assert answer["results"][0]["is"] == "contested"
    assert cells(report)["1.1"].number == 7


# What no page of the portal sends


@pytest.mark.parametrize("to", ["o", "doc"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_only_json_is_read(report: Submission, hoas: Client, to: str, kind: str) -> None:
    body = '{"user": 0, "seen": 0, "entries": []}'
    response = hoas.generic("POST", f"/bao-cao/{report.pk}/{to}/", body, content_type=kind)
    assert response.status_code == 400


def test_a_row_that_takes_no_figure_is_refused_in_a_sentence(
    report: Submission, commune_report: Submission, hoas: Client
) -> None:
    strangers = [
        entry(report, "1.2", "5"),  # computed
        entry(report, "1", "5"),  # a heading
        entry(report, "1.1", "5", row=row(commune_report, "1.1.3").id),  # of another form
        entry(report, "1.1", "5", row=0),
        entry(report, "1.1", "5", row=-7),
    ]
    answer = send(hoas, report, *strangers, entry(report, "1.1", "13")).json()
    assert [result["is"] for result in answer["results"]] == ["refused"] * 5 + ["saved"]
    assert "không có ô nhập này" in answer["results"][0]["sentence"]
    assert set(cells(report)) == {"1.1"}
    assert Figure.objects.count() == 1


BAD = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "no entries": '{"user": 0, "seen": 0}',
    "nobody": '{"seen": 0, "entries": []}',
    "entries of another kind": '{"user": 0, "seen": 0, "entries": "1"}',
    "too many": json.dumps({"user": 0, "seen": 0, "entries": [{}] * 501}),
    "a revision below zero": json.dumps({"user": 0, "seen": -1, "entries": []}),
    "a revision that is true": '{"user": 0, "seen": true, "entries": []}',
    "a revision of forty digits": f'{{"user": 0, "seen": {"9" * 40}, "entries": []}}',
    "not a number": '{"user": 0, "seen": NaN, "entries": []}',
    "a deep pit": "[" * 100_000,
    "bytes": "\udcff",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
@pytest.mark.parametrize("to", ["o", "doc"])
def test_what_is_no_list_of_entries_is_refused_whole(
    report: Submission, hoas: Client, body: str, to: str
) -> None:
    response = hoas.post(
        f"/bao-cao/{report.pk}/{to}/",
        body.encode("utf-8", "surrogateescape"),
        content_type="application/json",
    )
    assert response.status_code == 400
    assert "chưa ô nào được lưu" in response.json()["sentence"]
    assert cells(report) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": None},
        {"name": "x'.1"},
        {"name": "hoahoahoa1.1234567890123456"},
        {"figure": 1},
        {"note": ["1"]},
        {"base": -1},
        {"base": True},
        {"row": "1"},
        {"row": None},
    ],
)
def test_an_entry_that_no_page_sends_is_refused_beside_the_others(
    report: Submission, hoas: Client, wrong: dict[str, Any]
) -> None:
    good = entry(report, "1.2.a", "4")
    answer = send(hoas, report, entry(report, "1.1", "13") | wrong, good).json()
    assert [result["is"] for result in answer["results"]] == ["refused", "saved"]
    assert set(cells(report)) == {"1.2.a"}


def test_one_name_twice_in_a_posting_is_made_once(report: Submission, hoas: Client) -> None:
    first = entry(report, "1.1", "13")
    second = entry(report, "1.2.a", "4", name=first["name"])
    answer = send(hoas, report, first, second).json()
    assert sorted(result["is"] for result in answer["results"]) == ["refused", "saved"]
    assert set(cells(report)) == {"1.1"}


def test_a_known_name_is_never_made_again_whatever_it_brings(
    report: Submission, hoas: Client
) -> None:
    first = entry(report, "1.1", "13")
    revision = send(hoas, report, first).json()["revision"]
    for again in (
        first | {"figure": "14", "base": revision},
        entry(report, "1.2.a", "4", name=first["name"], base=revision),
    ):
        assert send(hoas, report, again, seen=revision).status_code == 400
    assert {key: cell.number for key, cell in cells(report).items()} == {"1.1": 13}


# The order of one page's entries


def numbered(report: Submission, number: int, figure: str, **more: Any) -> dict[str, Any]:
    return entry(report, "1.1", figure, name=f"{HOAS_PAGE}.{number}", **more)


def test_a_batch_sent_again_leaves_the_newer_figure(report: Submission, hoas: Client) -> None:
    batch = numbered(report, 901, "12"), numbered(report, 902, "123")
    for _ in range(2):
        answer = send(hoas, report, *batch).json()
        assert [result["is"] for result in answer["results"]] == ["saved", "saved"]
        assert cells(report)["1.1"].number == 123
    assert FigureChange.objects.filter(submission=report).count() == 1


def test_an_older_entry_that_comes_after_a_newer_one_is_overtaken(
    report: Submission, hoas: Client
) -> None:
    send(hoas, report, numbered(report, 902, "123"))
    answer = send(hoas, report, numbered(report, 901, "12")).json()
    assert answer["results"][0]["is"] == "saved"
    assert cells(report)["1.1"].number == 123


def test_going_back_to_what_was_stored_overtakes_too(report: Submission, hoas: Client) -> None:
    """The record keeps the newer entry's name although it changed nothing."""
    typed(report, {"1.1": "5"})
    base = stored(report).revision
    send(hoas, report, numbered(report, 902, "5", base=base), numbered(report, 903, "", base=base))
    send(hoas, report, numbered(report, 904, "5", base=base))
    send(hoas, report, numbered(report, 905, "5", base=base))
    send(hoas, report, numbered(report, 901, "12", base=base))
    assert cells(report)["1.1"].number == 5
    page = hoas.get(f"/bao-cao/{report.pk}/dong/1.1/").content.decode()
    assert "5 → 5" not in page


def test_a_readable_text_after_an_unreadable_one_is_saved(report: Submission, hoas: Client) -> None:
    answer = send(hoas, report, numbered(report, 901, "abc"), numbered(report, 902, "12")).json()
    assert [result["is"] for result in answer["results"]] == ["refused", "saved"]
    assert cells(report)["1.1"].number == 12


def test_ones_own_steps_are_never_told_as_anothers(
    report: Submission, hoas: Client, lans: Client
) -> None:
    """Another wrote only the note; two steps of one's own figure follow."""
    send(lans, report, entry(report, "1.1", note="của Lan", name=f"{LANS_PAGE}.1"))
    answer = send(hoas, report, numbered(report, 901, "12"), numbered(report, 902, "13")).json()
    assert [result["is"] for result in answer["results"]] == ["saved", "saved"]
    assert cells(report)["1.1"] == Cell(number=Decimal(13), written="13", note="của Lan")


def test_what_is_written_of_a_cell_is_told_apart_from_what_is_contested(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", "7", name=f"{LANS_PAGE}.1"))
    note = entry(report, "1.1", note="tạm tính", name=f"{HOAS_PAGE}.901")
    answer = send(hoas, report, note, numbered(report, 902, "6")).json()
    assert [result["is"] for result in answer["results"]] == ["saved", "contested"]
    assert cells(report)["1.1"] == Cell(number=Decimal(7), written="7", note="tạm tính")


@pytest.mark.parametrize("together", [True, False])
def test_going_back_is_saved_although_another_wrote_the_note_meanwhile(
    report: Submission, hoas: Client, lans: Client, together: bool
) -> None:
    """The second step stands on the first, which is still on its way when it is typed."""
    typed(report, {"1.1": "1"})
    base = stored(report).revision
    send(lans, report, entry(report, "1.1", note="số theo QĐ 5", name=f"{LANS_PAGE}.1", base=base))
    steps = numbered(report, 901, "2", base=base), numbered(report, 902, "1", base=base)
    answers = (
        send(hoas, report, *steps).json()["results"]
        if together
        else [send(hoas, report, step).json()["results"][0] for step in steps]
    )
    assert [result["is"] for result in answers] == ["saved", "saved"]
    found = cells(report)["1.1"]
    assert (found.number, found.note) == (Decimal(1), "số theo QĐ 5")


def test_a_third_value_of_ones_own_is_never_contested_with_the_other_half(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", note="của Lan", name=f"{LANS_PAGE}.1"))
    for number, figure in ((901, "2"), (902, "3"), (903, "4")):
        [result] = send(hoas, report, numbered(report, number, figure)).json()["results"]
        assert result["is"] == "saved"
    assert cells(report)["1.1"] == Cell(number=Decimal(4), written="4", note="của Lan")


def test_anothers_name_of_a_page_opens_nothing(
    report: Submission, hoas: Client, lans: Client
) -> None:
    """Who knows the name of a colleague's page neither overwrites in it nor keeps entries out."""
    send(hoas, report, numbered(report, 901, "12"))
    forged = numbered(report, 999_999_999_999_999, "99")
    [result] = send(lans, report, forged).json()["results"]
    assert result["is"] == "contested"
    [result] = send(hoas, report, numbered(report, 902, "13")).json()["results"]
    assert result["is"] == "saved"
    assert cells(report)["1.1"].number == 13


def test_a_note_after_a_contested_figure_is_saved(
    report: Submission, hoas: Client, lans: Client
) -> None:
    send(lans, report, entry(report, "1.1", "7", name=f"{LANS_PAGE}.1"))
    note = entry(report, "1.1", note="tạm tính", name=f"{HOAS_PAGE}.902")
    answer = send(hoas, report, numbered(report, 901, "6"), note).json()
    assert [result["is"] for result in answer["results"]] == ["contested", "saved"]
    assert cells(report)["1.1"] == Cell(number=Decimal(7), written="7", note="tạm tính")


def test_what_waits_for_one_person_is_not_saved_in_anothers_name(
    report: Submission, hoas: Client, hoa: User
) -> None:
    """Somebody else has signed in in the same browser while the first one's page stayed open."""
    lan = person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency))
    body = {"user": hoa.pk, "seen": 0, "entries": [entry(report, "1.1", "13")]}
    hoas.force_login(lan)
    for to in ("o", "doc"):
        response = hoas.post(f"/bao-cao/{report.pk}/{to}/", body, content_type="application/json")
        assert response.status_code == 401
    assert cells(report) == {}


def test_all_that_was_saved_since_is_redrawn_whoever_saved_it(
    report: Submission, hoas: Client
) -> None:
    """A closed tab's entries are sent in the name of its page: the open one shows them too."""
    send(hoas, report, entry(report, "1.2.a", "27", name=f"{HOAS_OTHER_PAGE}.1"))
    answer = send(hoas, report, entry(report, "1.1", "3", name=f"{HOAS_OTHER_PAGE}.2")).json()
    assert {line["key"] for line in answer["rows"]} == {"1.1", "1.2", "1.2.a"}
    assert answer["moved"] == []


def test_after_the_database_was_restored_all_counts_as_news(
    report: Submission, hoas: Client, lans: Client
) -> None:
    theirs = entry(report, "1.1", "7", name=f"{LANS_PAGE}.1")
    revision = send(lans, report, theirs).json()["revision"]
    answer = send(hoas, report, seen=999).json()
    assert (answer["revision"], answer["moved"]) == (revision, [theirs["row"]])


def test_news_tell_what_stands_beside_each_row(report: Submission, hoas: Client, hoa: User) -> None:
    add_comment(submission=report, row_key="1.1", text="Xem lại.", by=hoa)
    beside = send(hoas, report).json()["beside"]
    assert beside[str(row(report, "1.1").id)] == "1 ý kiến"
    assert beside[str(row(report, "1.2").id)] == "Chi tiết"


def test_asking_for_news_writes_nothing_and_locks_nothing(report: Submission, hoas: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        send(hoas, report)
    assert not any("FOR UPDATE" in query["sql"] for query in queries)
    assert stored(report).revision == 0


def test_a_report_that_takes_no_figures_says_why(report: Submission, hoas: Client) -> None:
    submitted(report, {"1.1": "13"})
    response = send(hoas, report, entry(report, "1.1", "14"))
    assert response.status_code == 409
    assert "Hãy rút báo cáo về rồi sửa." in response.json()["sentence"]
    assert cells(report)["1.1"].number == 13


def test_who_is_signed_out_is_told_by_the_status_alone(report: Submission, client: Client) -> None:
    response = send(client, report, entry(report, "1.1", "14"))
    assert response.status_code == 401
    assert cells(report) == {}


def test_the_token_against_forged_postings_is_asked_for(report: Submission, hoa: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(hoa)
    assert send(strict, report, entry(report, "1.1", "14")).status_code == 403
    assert cells(report) == {}


# What is understood while typing


def test_reading_says_what_is_understood_and_writes_nothing(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.2.a": "27"})
    before = stored(report).revision
    answer = send(hoas, report, entry(report, "1.2.b", "08"), to="doc").json()
    [result] = answer["results"]
    assert (result["is"], result["heard"]) == ("read", "8 Nhiệm vụ")
    assert {line["key"]: line["shown"] for line in answer["rows"]}["1.2"] == "29,63"
    assert stored(report).revision == before
    assert set(cells(report)) == {"1.2.a"}


@pytest.mark.parametrize(
    ("key", "text", "heard"),
    [
        ("1.4.b", "34/43", "79,07 %"),
        ("1.4.b", "=98,64%", "98,64 %"),
        ("1.1", "kps", "Không phát sinh"),
        ("1.1", "", "để trống: chưa báo cáo"),
        ("1.6", "1", "1 = Có"),
    ],
)
def test_what_is_heard_is_said_in_words(
    report: Submission, hoas: Client, key: str, text: str, heard: str
) -> None:
    answer = send(hoas, report, entry(report, key, text), to="doc").json()
    assert answer["results"][0]["heard"] == heard


def test_what_cannot_be_read_is_said_while_typing(report: Submission, hoas: Client) -> None:
    [result] = send(hoas, report, entry(report, "1.1", "5,356"), to="doc").json()["results"]
    assert result["is"] == "refused"
    assert "có thể là 5 phẩy 356 hoặc 5 nghìn 356" in result["sentence"]


@pytest.mark.parametrize("to", ["o", "doc"])
def test_it_costs_the_same_whatever_is_sent(report: Submission, hoas: Client, to: str) -> None:
    keys = [one.key for one in form_definition(report.form_version).typed_rows if not one.options]
    typed(report, dict.fromkeys(keys[:9], "1"))
    costs = []
    for many in (1, 3, 60):
        sent = [entry(report, key, str(many), base=0) for key in keys[-many:]]
        with CaptureQueriesContext(connection) as queries:
            send(hoas, report, *sent, to=to)
        costs.append(len(queries))
    assert costs[1:] == costs[:-1]
