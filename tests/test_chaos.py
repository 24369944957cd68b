"""The judge of ``make chaos`` finds whatever is lost, and nothing where all is well."""

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from pytest_django import Settings

from reporting.books import BookState
from reporting.models import (
    Book,
    Evidence,
    ExportRecord,
    Figure,
    FigureChange,
    Filing,
    Mail,
    Notice,
    Publication,
    Submission,
    Transition,
    User,
)
from tests.cast import approved, published, stored, typed
from tests.chaos import judge
from tests.chaos.ledger import Act, File, Ledger, Saved, now
from tests.guards import record_open
from tests.reporting.books_by_hand import book_in, offered
from tests.reporting.files_by_hand import attached


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("%", "%%"))
        return list(cursor.fetchall())


@pytest.fixture
def ledger(report: Submission, hanh: User, settings: Settings, tmp_path: Path) -> Ledger:
    """What was acknowledged of a report that was typed, given a file, handed in and published."""
    settings.MEDIA_ROOT = tmp_path
    typed(report, {"1.1": "3"})
    evidence = attached(stored(report))
    approved(report, {"1.1": "5", "1.2": "0"})
    published(report.round)
    changes = FigureChange.objects.filter(submission=report).order_by("pk")
    with record_open():
        for number, change in enumerate(changes):
            FigureChange.objects.filter(pk=change.pk).update(entry=f"page.{number}")
    export = ExportRecord.objects.create(
        submission=report,
        round=report.round,
        at=report.state_at,
        via="page",
        format="xlsx",
        file_name="a.xlsx",
        sha256="e" * 64,
    )
    return Ledger(
        saved=[
            Saved(0, f"page.{number}", report.pk, change.row_id, (change.after or {})["number"])
            for number, change in enumerate(changes)
        ],
        acts=[
            Act(0, "submit", report.pk),
            Act(0, "approve", report.pk),
            Act(0, "publish", report.round_id),
        ],
        attached=[File(0, report.pk, evidence.sha256)],
        taken_out=[File(0, report.pk, export.sha256)],
    )


def found(ledger: Ledger) -> list[str]:
    whole = judge.faults(rows, ledger, Path(settings.MEDIA_ROOT))
    return [*whole, *judge.figures_lost(rows, ledger)]


def of(report: Submission, model: Any, **which: object) -> Any:
    return model.objects.filter(submission=report, **which)


def lost(lines: Any) -> None:
    """Take lines away, whatever refers to them."""
    lines._raw_delete(lines.db)


def again(lines: Any) -> None:
    """Write each line once more, past the constraint that would refuse it."""
    for line in lines:
        line.pk = None
        if isinstance(line, FigureChange):
            line.by = None
        line.save()


def harms(report: Submission) -> Iterator[tuple[Callable[[], object], str]]:
    """What might befall a report, and what the judge says of it."""
    figure = of(report, Figure, row__key="1.1")
    changes = of(report, FigureChange, row__key="1.1").order_by("pk")
    submit = of(report, Transition, move="submit")
    filing, evidence = of(report, Filing), of(report, Evidence)
    this = Submission.objects.filter(pk=report.pk)
    yield lambda: lost(figure), "5 was acknowledged, None is there"
    yield lambda: figure.update(number=4), "5 was acknowledged, 4"
    yield lambda: figure.update(status="out_of_scope", number=None), "stored ('out_of_scope'"
    yield lambda: lost(changes.filter(pk=changes[0].pk)), "a gap before saving"
    yield lambda: lost(changes), "recorded None"
    yield lambda: again(changes[1:]), "['5', '5'] is recorded"
    yield lambda: this.update(state="draft"), "is draft, its moves end in approved"
    yield lambda: this.update(revision=99), "revision 99"
    yield lambda: lost(submit), f"submit of {report.pk}: 1 acknowledged, 0 unanswered, 0 there"
    yield lambda: again(submit), f"submit of {report.pk}: 1 acknowledged, 0 unanswered, 2 there"
    yield lambda: lost(filing), "1 times handed in, 0 kept"
    yield lambda: filing.update(content="{}"), "another hash"
    yield lambda: lost(Publication.objects.all()), f"publish of {report.round_id}"
    yield lambda: Publication.objects.update(content="{"), "another hash"
    yield lambda: Publication.objects.update(number=2), "1 of 2"
    yield lambda: lost(evidence), "an attached file is there 0 times"
    yield lambda: again(evidence), "an attached file is there 2 times"
    yield lambda: ExportRecord.objects.update(sha256="0"), "is not in the record"
    yield (
        lambda: Path(evidence.get().file.path).write_bytes(b"%PDF"),
        "is not the file that was attached",
    )
    yield (
        (Path(settings.MEDIA_ROOT) / "evidence" / "left").touch,
        "1 files that no line names",
    )


def test_whatever_is_lost_is_found_and_nothing_else(
    ledger: Ledger, report: Submission, hanh: User
) -> None:
    assert found(ledger) == []
    assert found(ledger.before(1)) == []  # all of it was acknowledged by then
    assert found(Ledger()) != []  # and nothing of it is there that nobody asked for
    for harm, sentence in harms(report):
        with record_open(), transaction.atomic():
            harm()
            faults = found(ledger)
            transaction.set_rollback(True)
        assert any(sentence in fault for fault in faults), (sentence, faults)


def test_who_asked_for_a_book_has_one_that_was_being_made_then(
    report: Submission, hoa: User
) -> None:
    ledger, about = Ledger(), report.round_id

    def asked(minutes_ago: int) -> list[str]:
        ledger.acts[:] = [Act(now() - 60 * minutes_ago, "book", about)]
        return list(judge.acts_lost(rows, ledger))

    none = [f"a book of {about} was acknowledged, and none was being made then"]
    assert asked(1) == none
    book = book_in(BookState.MAKING, report.round, hoa, minutes_ago=3)
    assert (asked(2), asked(1), asked(4)) == ([], [], none)
    Book.objects.filter(pk=book.pk).update(state=BookState.FAILED.value)
    assert (asked(3), asked(1)) == ([], none)
    offered(report.round, hoa)
    assert asked(3) == [f"book of {about}: 1 acknowledged, 0 unanswered, 2 there"]


def test_letters_and_books_are_told(report: Submission, hoa: User) -> None:
    mail = Mail.objects.create(
        user=hoa, address="a@b.vn", subject="s", text="t", at=report.state_at
    )
    notice = Notice.objects.create(
        user=hoa, kind="returned", key="k", subject="s", path="/", at=report.state_at, mail=mail
    )
    assert list(judge.letters_waiting(rows)) == [f"letter {mail.pk}: not sent"]
    Mail.objects.update(state="sent")
    assert list(judge.letters_wrong(rows, Counter({notice.pk: 1}))) == []
    assert list(judge.letters_wrong(rows, Counter({notice.pk: 2}))) == [
        f"notice {notice.pk}: told in 2 letters"
    ]
    assert len(list(judge.letters_wrong(rows, Counter()))) == 1
    book = offered(report.round, hoa)
    media = Path(settings.MEDIA_ROOT)
    Book.objects.update(sha256=sha256((media / book.path).read_bytes()).hexdigest())
    assert list(judge.books_wrong(rows, media)) == []
    (media / book.path).write_bytes(b"half")
    assert list(judge.books_wrong(rows, media)) == [f"book {book.pk}: its file has another hash"]
    Book.objects.update(state="making")
    assert list(judge.books_wrong(rows, media)) == [f"book {book.pk}: still making"]
