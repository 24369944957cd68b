"""Appendices of stored submissions and rounds: built, named, rendered and recorded."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from indicators.formulas import Elsewhere, Ref
from indicators.kinds import Capacity
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Basis
from reporting.documents.formats import Format
from reporting.documents.found import found_in
from reporting.documents.letterheads import letterhead_of_province, letterhead_of_report
from reporting.documents.marks import code_of_publication, code_of_report, code_of_round, mark_of
from reporting.documents.names import (
    UNSENT,
    file_stem,
    handed_in,
    province_stem,
    published,
    report_stem,
    section_name,
)
from reporting.filing import about_of, cells_of, whose
from reporting.models import (
    ExportRecord,
    Filing,
    Publication,
    Round,
    Submission,
    User,
    VerificationCode,
)
from reporting.printing.appendix import (
    PLAIN,
    Appendix,
    Heading,
    Letterhead,
    Paper,
    joined,
    on_paper,
    province_appendix,
    submission_appendix,
)
from reporting.printing.letterhead import letterhead_of
from reporting.printing.live import with_formulas
from reporting.printing.sections import section_of, sections
from reporting.publication import Published
from reporting.queries.figures import snapshot
from reporting.queries.filings import filing_in_force
from reporting.queries.history import history_beside
from reporting.queries.province import province_table, round_heading
from reporting.rules import NO_HISTORY, History
from reporting.snapshot import SubmissionSnapshot
from reporting.workflow import State

ADDED_UP, PROVISIONAL = "TongHop", "TamTinh"
UNAPPROVED, PROVISIONAL_FIGURES = "Bản chưa duyệt", "Số tạm tính"
LONGEST_LAYOUT = 200
_PRINTED = ["state", "report_number", "report_date", "signer_title", "signer_name"]


@dataclass(frozen=True, slots=True)
class File:
    """A finished file with the name under which people keep it."""

    name: str
    content_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash by which these very bytes are known again."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """An appendix as its file has it: by which name, under which code, which it bears."""

    stem: str
    code: VerificationCode
    appendix: Appendix


@dataclass(frozen=True, slots=True)
class _Issue:
    """An appendix on its way out: under which code, with which letterhead, by which name, and of
    which report; None of a province's."""

    code: VerificationCode
    head: Letterhead
    stem: str
    submission: Submission | None = None


def appendix_of_submission(submission: Submission) -> Appendix:
    """Lay out a submission, whatever its state; one not yet approved says so."""
    return _appendix_of(submission, snapshot(submission))


def _appendix_of(submission: Submission, figures: SubmissionSnapshot) -> Appendix:
    return submission_appendix(
        figures,
        Heading(
            agency=submission.whose,
            place=submission.place,
            period=submission.round.period_text,
            report_number=submission.report_number,
            report_date=submission.report_date,
            signer_title=submission.signer_title,
            signer_name=submission.signer_name,
            notice=joined(submission.round.notice, _standing(submission)),
            standing="" if _is_approved(submission) else UNAPPROVED,
        ),
        _history(submission, figures),
    )


def appendix_of_filing(submission: Submission, filing: Filing) -> Appendix:
    """Lay out a report as it was handed in, from what was frozen then and nothing else."""
    about = about_of(filing.content)
    day = about["report_date"]
    number = f"Lần gửi {filing.number}, ngày {timezone.localdate(filing.at):%d/%m/%Y}."
    figures = SubmissionSnapshot(
        form=form_definition(submission.form_version),
        cells=cells_of(filing.content),
        is_paper=submission.round.is_archive,
        agency_kind=submission.agency_kind,
        agency_functions=submission.agency_functions.split(),
        capacity=Capacity(about["capacity"]),
    )
    return submission_appendix(
        figures,
        Heading(
            agency=whose(about["agency_name"], about["capacity"]),
            place=submission.place,
            period=submission.round.period_text,
            report_number=about["report_number"],
            report_date=date.fromisoformat(day) if day else None,
            signer_title=about["signer_title"],
            signer_name=about["signer_name"],
            notice=joined(submission.round.notice, number),
        ),
    )


def _history(submission: Submission, figures: SubmissionSnapshot) -> History:
    """Return what the rules of the form read beside the report, where they read anything there."""
    read = figures.form.special_operands
    if figures.is_paper or not any(isinstance(one, Ref | Elsewhere) for one in read):
        return NO_HISTORY
    return history_beside(submission)


def appendix_of_round(
    round_: Round, layout: FormVersion, basis: Basis = Basis.APPROVED
) -> Appendix:
    """Lay out the province's totals of a round by ``layout``."""
    table = province_table(round_, layout, basis)
    provisional = "" if basis is Basis.APPROVED else PROVISIONAL_FIGURES
    standing = f"Tổng hợp khi đã duyệt {table.approved}/{table.expected} báo cáo."
    if provisional:
        standing = f"{provisional}. {standing} Đã cộng cả {table.waiting} báo cáo chờ duyệt."
    heading = round_heading(round_, notice=joined(round_.notice, standing), standing=provisional)
    return with_formulas(province_appendix(table.layout, table.totals, heading), table.layout)


def submission_file(
    submission: Submission,
    format_: Format,
    *,
    by: User | None,
    via: str = "page",
    paper: Paper = PLAIN,
) -> File:
    """Return the appendix of ``submission`` as a file, and record that it went out."""
    appendix, issue = _of_submission(submission, paper, tells_found=format_.tells_found)
    return _issued(appendix, issue, format_, paper, by=by, via=via)


def paper_of_submission(submission: Submission, *, tells_found: bool = False) -> OfficialPaper:
    """Return what the file of ``submission`` is made of, with what the checks found where it
    ``tells_found``; nothing goes out by that."""
    appendix, issue = _of_submission(submission, PLAIN, tells_found=tells_found)
    return OfficialPaper(issue.stem, issue.code, _marked(appendix, issue, PLAIN))


def _of_submission(
    submission: Submission, paper: Paper, *, tells_found: bool
) -> tuple[Appendix, _Issue]:
    with transaction.atomic():
        # State and figures of one moment; the drawing of the file keeps nobody waiting.
        Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
        submission.refresh_from_db(fields=_PRINTED)
        figures = snapshot(submission)
        appendix = _appendix_of(submission, figures)
        filing = filing_in_force(submission)
    head = letterhead_of_report(
        submission, appendix, issuer=submission.agency_name, number=submission.report_number
    )
    issue = _of_report(appendix, head, submission, filing, paper)
    if tells_found and not submission.round.is_archive:
        # What a paper of long ago breaks was never asked of it.
        appendix = replace(appendix, found=found_in(submission, figures))
    return appendix, issue


def filing_file(
    submission: Submission,
    filing: Filing,
    format_: Format,
    *,
    by: User | None,
    via: str = "page",
    paper: Paper = PLAIN,
) -> File:
    """Return the appendix of one handing in as a file, and record that it went out."""
    about = about_of(filing.content)
    appendix = appendix_of_filing(submission, filing)
    head = letterhead_of_report(
        submission, appendix, issuer=about["agency_name"], number=about["report_number"]
    )
    issue = _of_report(appendix, head, submission, filing, paper)
    return _issued(appendix, issue, format_, paper, by=by, via=via)


def _of_report(
    appendix: Appendix,
    head: Letterhead,
    submission: Submission,
    filing: Filing | None,
    paper: Paper,
) -> _Issue:
    standing = handed_in(filing.number) if filing is not None else UNSENT
    return _Issue(
        code_of_report(appendix, submission, filing),
        head,
        report_stem(
            submission.form_version, submission.round, submission.whose, standing, paper.section
        ),
        submission,
    )


def round_file(
    round_: Round,
    layout: FormVersion,
    format_: Format,
    *,
    by: User | None,
    via: str = "page",
    basis: Basis = Basis.APPROVED,
    paper: Paper = PLAIN,
) -> File:
    """Return the province's table of ``round_`` as a file, and record that it went out."""
    appendix = appendix_of_round(round_, layout, basis)
    issue = _Issue(
        code_of_round(appendix, round_, layout, basis),
        letterhead_of_province(round_, appendix),
        province_stem(
            layout,
            round_,
            ADDED_UP if basis is Basis.APPROVED else PROVISIONAL,
            section=paper.section,
        ),
    )
    return _issued(appendix, issue, format_, paper, by=by, via=via)


def publication_file(
    publication: Publication,
    format_: Format,
    *,
    by: User | None,
    via: str = "page",
    paper: Paper = PLAIN,
) -> File:
    """Return a published table as a file, from its frozen text alone, and record that it went
    out."""
    round_ = publication.round
    appendix = Published(publication.content).appendix
    head = letterhead_of_province(round_, appendix, number=publication.report_number)
    issue = _Issue(
        code_of_publication(appendix, publication),
        head,
        province_stem(
            publication.form_version,
            round_,
            ADDED_UP,
            published(publication.number),
            paper.section,
        ),
    )
    appendix = with_formulas(appendix, form_definition(publication.form_version))
    return _issued(appendix, issue, format_, paper, by=by, via=via)


def _issued(
    appendix: Appendix,
    issue: _Issue,
    format_: Format,
    paper: Paper,
    *,
    by: User | None,
    via: str,
) -> File:
    """Return the file of an appendix that bears its code, and record that it went out."""
    code = issue.code
    file = _file(_marked(appendix, issue, paper), issue.stem, format_)
    record_export(
        file,
        format_.extension,
        round_=code.round,
        submission=issue.submission,
        by=by,
        via=via,
        code=code,
        layout=layout_told(paper, code.form_version),
    )
    return file


def _marked(appendix: Appendix, issue: _Issue, paper: Paper) -> Appendix:
    """Return the appendix as its file has it: with its code, laid out as ``paper`` asks for it."""
    marked = replace(appendix, mark=mark_of(issue.code))
    return _laid_out(marked, issue.code.form_version, paper, issue.head)


def blank_file(
    appendix: Appendix, version: FormVersion, what: str, format_: Format, paper: Paper = PLAIN
) -> File:
    """Return an appendix that is of no report: a blank form, or one tried out. No figure leaves
    the portal with it, so that nothing is recorded."""
    head = letterhead_of(appendix, issuer="……", above="", number="")
    appendix = _laid_out(appendix, version, paper, head)
    part = section_name(version, paper.section)
    return _file(appendix, file_stem(*filter(None, (version.code, what, part))), format_)


def _laid_out(appendix: Appendix, version: FormVersion, paper: Paper, head: Letterhead) -> Appendix:
    """Return ``appendix`` as ``paper`` asks for it."""
    if paper.section:
        appendix = section_of(appendix, form_definition(version), paper.section)
    return on_paper(appendix, paper, head)


def _standing(submission: Submission) -> str:
    state = State(submission.state)
    return "" if _is_approved(submission) else f"{UNAPPROVED} ({state.label.lower()})."


def _is_approved(submission: Submission) -> bool:
    return State(submission.state) is State.APPROVED


def _file(appendix: Appendix, stem: str, format_: Format) -> File:
    return File(
        name=f"{stem}.{format_.extension}",
        content_type=format_.content_type,
        content=format_.render(appendix),
    )


def layout_told(paper: Paper, version: FormVersion) -> str:
    """Say how a paper differs from the whole appendix upright; nothing where it does not."""
    told = []
    if paper.section:
        parts = sections(form_definition(version))
        told += [f"phần {one.name}" for one in parts if one.key == paper.section]
    if paper.is_document:
        told.append("có quốc hiệu")
    if paper.is_wide:
        told.append("khổ ngang")
    return ", ".join(told)


def record_export(
    file: File,
    extension: str,
    *,
    round_: Round,
    submission: Submission | None,
    by: User | None,
    via: str,
    code: VerificationCode | None = None,
    layout: str = "",
) -> None:
    """Keep who took which file out, of what, when and with which content."""
    ExportRecord.objects.create(
        round=round_,
        submission=submission,
        by=by,
        at=timezone.now(),
        via=via,
        format=extension,
        file_name=file.name,
        sha256=file.sha256,
        code=code,
        layout=layout[:LONGEST_LAYOUT],
    )
