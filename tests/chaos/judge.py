"""Whether a database and its files hold all that people were told was done, and hold together.

Reads plain tables, and asks nothing of the portal's own code: what has a fault there must not be
judged by it.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from reporting.books import UNDER_WAY
from tests.chaos.ledger import Ledger

Rows = Callable[[str], Iterable[tuple[Any, ...]]]
# The move, and the table of what it makes, where that is none of the moves of a report.
_MADE = {"publish": ("reporting_publication", "round_id"), "book": ("reporting_book", "round_id")}


def faults(rows: Rows, ledger: Ledger, media: Path) -> list[str]:
    """Return a sentence on everything that is lost, is there twice or does not hold together."""
    return [
        *entries_lost(rows, ledger),
        *gaps_in_figures(rows),
        *gaps_in_states(rows),
        *gaps_in_numbers(rows),
        *acts_lost(rows, ledger),
        *hashes_wrong(rows),
        *files_wrong(rows, ledger, media),
    ]


def figures_lost(rows: Rows, ledger: Ledger) -> Iterator[str]:
    """Compare each cell with what was acknowledged last; nobody types any more."""
    last = {(one.submission, one.row): Decimal(one.figure) for one in ledger.saved}
    stored = {
        (submission, row): number
        for submission, row, number in rows(
            "SELECT submission_id, row_id, number FROM reporting_figure"
        )
    }
    for cell, figure in last.items():
        found = stored.get(cell)
        if found is None or Decimal(str(found)) != figure:
            yield f"report {cell[0]}, row {cell[1]}: {figure} was acknowledged, {found} is there"


def entries_lost(rows: Rows, ledger: Ledger) -> Iterator[str]:
    recorded: dict[str, list[str | None]] = {}
    for entry, after in rows("SELECT entry, after FROM reporting_figurechange WHERE entry <> ''"):
        recorded.setdefault(entry, []).append((_json(after) or {}).get("number"))
    for one in ledger.saved:
        if recorded.get(one.entry) != [one.figure]:
            found = recorded.get(one.entry)
            yield f"entry {one.entry}: {one.figure} was acknowledged, {found} is recorded"


def gaps_in_figures(rows: Rows) -> Iterator[str]:
    """Follow the history of each cell to what stands in it today."""
    stands: dict[tuple[int, int], tuple[int, Any]] = {}
    for submission, row, revision, before, after in rows(
        "SELECT submission_id, row_id, revision, before, after FROM reporting_figurechange"
        " ORDER BY id"
    ):
        cell = submission, row
        reached, value = stands.get(cell, (0, None))
        if _json(before) != value or revision <= reached:
            yield f"report {submission}, row {row}: a gap before saving {revision}"
        stands[cell] = revision, _json(after)
    figures = {
        (submission, row): (status, number)
        for submission, row, status, number in rows(
            "SELECT submission_id, row_id, status, number FROM reporting_figure"
        )
    }
    for cell in {*figures, *(cell for cell, (_, value) in stands.items() if value)}:
        _, value = stands.get(cell, (0, None))
        recorded = value and (value["status"], value.get("number"))
        found = figures.get(cell)
        if not (recorded and found) or _plain(*recorded) != _plain(*found):
            yield f"report {cell[0]}, row {cell[1]}: recorded {recorded}, stored {found}"


def gaps_in_states(rows: Rows) -> Iterator[str]:
    """Follow the moves of each report to its state, and its savings and moves to its revision."""
    reached: dict[int, str] = {}
    steps: Counter[int] = Counter()
    for submission, move, source, target in rows(
        "SELECT submission_id, move, source, target FROM reporting_transition ORDER BY id"
    ):
        if reached.get(submission, "") != source:
            yield f"report {submission}: {move} from {source}, but it was {reached.get(submission)}"
        reached[submission] = target
        steps[submission] += move != "open"
    steps.update(
        submission
        for submission, _ in rows(
            "SELECT DISTINCT submission_id, revision FROM reporting_figurechange"
        )
    )
    for submission, state, revision in rows("SELECT id, state, revision FROM reporting_submission"):
        if reached.get(submission) != state:
            yield f"report {submission}: is {state}, its moves end in {reached.get(submission)}"
        if steps[submission] != revision:
            yield f"report {submission}: revision {revision}, {steps[submission]} recorded"


def gaps_in_numbers(rows: Rows) -> Iterator[str]:
    """Handings in and publications are numbered from 1, and each handing in has its move."""
    for table, by in (
        ("reporting_filing", "submission_id"),
        ("reporting_publication", "round_id, form_version_id"),
    ):
        for *about, most, count in rows(
            f"SELECT {by}, MAX(number), COUNT(*) FROM {table} GROUP BY {by}"  # noqa: S608
        ):
            if most != count:
                yield f"{table} of {about}: {count} of {most}"
    moves = Counter(
        one
        for (one,) in rows("SELECT submission_id FROM reporting_transition WHERE move = 'submit'")
    )
    filings = Counter(one for (one,) in rows("SELECT submission_id FROM reporting_filing"))
    for submission in {*moves, *filings}:
        if moves[submission] != filings[submission]:
            kept = filings[submission]
            yield f"report {submission}: {moves[submission]} times handed in, {kept} kept"


def acts_lost(rows: Rows, ledger: Ledger) -> Iterator[str]:
    """What was acknowledged is there; more than that only as often as no answer came."""
    found: Counter[tuple[str, int]] = Counter(
        (move, submission)
        for move, submission in rows("SELECT move, submission_id FROM reporting_transition")
    )
    for what, (table, about) in _MADE.items():
        found.update((what, one) for (one,) in rows(f"SELECT {about} FROM {table}"))  # noqa: S608
    told = Counter((act.what, act.about) for act in ledger.acts)
    for act in {*found, *told} - {act for act in found if act[0] in {"open", "start"}}:
        least = 0 if act[0] == "book" else told[act]  # looked for below, each by its time
        if not least <= found[act] <= told[act] + ledger.unsure[act]:
            yield (
                f"{act[0]} of {act[1]}: {told[act]} acknowledged, {ledger.unsure[act]} unanswered,"
                f" {found[act]} there"
            )
    yield from _books_not_had(rows, ledger)
    exported = {digest for (digest,) in rows("SELECT sha256 FROM reporting_exportrecord")}
    for one in ledger.taken_out:
        if one.sha256 not in exported:
            yield f"a file of report {one.submission} was taken out and is not in the record"


def _books_not_had(rows: Rows, ledger: Ledger) -> Iterator[str]:
    """Who asks for a book has a new one, or is led to the one that is being made: while its maker
    is killed and not yet taken for gone, to the same again and again."""
    books = [
        (round_, _seconds(asked), math.inf if state in _UNDER_WAY else _seconds(moved))
        for round_, asked, state, moved in rows(
            "SELECT round_id, at, state, moved_at FROM reporting_book"
        )
    ]
    for act in ledger.acts:
        if act.what == "book" and not any(
            round_ == act.about and began <= act.at <= ended + ANSWERED_WITHIN
            for round_, began, ended in books
        ):
            yield f"a book of {act.about} was acknowledged, and none was being made then"


def _seconds(moment: Any) -> float:
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return float((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


_UNDER_WAY = {state.value for state in UNDER_WAY}
# Seconds from when a book was looked for to when that was acknowledged.
ANSWERED_WITHIN = 30


def hashes_wrong(rows: Rows) -> Iterator[str]:
    for table in ("reporting_filing", "reporting_publication", "reporting_verificationcode"):
        for key, content, digest in rows(f"SELECT id, content, sha256 FROM {table}"):  # noqa: S608
            if sha256(content.encode()).hexdigest() != digest:
                yield f"{table} {key}: its content has another hash"


def files_wrong(rows: Rows, ledger: Ledger, media: Path) -> Iterator[str]:
    """Each file that a line names is there and is that file; of the rest there are no more than
    postings that were never answered."""
    known = set()
    attached: Counter[tuple[int, str]] = Counter()
    for submission, file, digest in rows(
        "SELECT submission_id, file, sha256 FROM reporting_evidence"
    ):
        known.add(media / file)
        attached[submission, digest] += 1
        if _digest(media / file) != digest:
            yield f"report {submission}: {file} is not the file that was attached"
    for one in ledger.attached:
        if attached[one.submission, one.sha256] != 1:
            count = attached[one.submission, one.sha256]
            yield f"report {one.submission}: an attached file is there {count} times"
    left = sum(path not in known for path in (media / "evidence").rglob("*") if path.is_file())
    unsure = sum(count for (what, _), count in ledger.unsure.items() if what == "attach")
    if left > unsure:
        yield f"{left} files that no line names, {unsure} postings without an answer"


def books_wrong(rows: Rows, media: Path) -> Iterator[str]:
    """A book that is done is the file that it says; nobody waits for any."""
    for key, state, path, digest in rows("SELECT id, state, path, sha256 FROM reporting_book"):
        if state not in {"done", "failed", "cancelled", "expired"}:
            yield f"book {key}: still {state}"
        if state == "done" and _digest(media / path) != digest:
            yield f"book {key}: its file has another hash"


def letters_waiting(rows: Rows) -> Iterator[str]:
    for (key,) in rows("SELECT id FROM reporting_mail WHERE state = 'waiting'"):
        yield f"letter {key}: not sent"


def letters_wrong(rows: Rows, sent: Counter[int]) -> Iterator[str]:
    """``sent`` counts in how many letters on the disk each notice is told."""
    for notice, count in sent.items():
        if count > 1:
            yield f"notice {notice}: told in {count} letters"
    for notice, state in rows(
        "SELECT n.id, m.state FROM reporting_notice n JOIN reporting_mail m ON m.id = n.mail_id"
    ):
        if state == "sent" and not sent[notice]:
            yield f"notice {notice}: its letter is said to be sent and is nowhere"


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _plain(status: str, number: object) -> tuple[str, Decimal | None]:
    return status, None if number is None else Decimal(str(number))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
