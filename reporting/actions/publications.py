"""Making a province's table public: what was frozen stays, a correction is another publication; and
whether what was published still follows from what stands behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from indicators.models import FormVersion
from reporting.actions.record import About, remember
from reporting.actions.rounds import held
from reporting.actions.submissions import Heading
from reporting.filing import sha256_of
from reporting.models import Publication, Round, Settlement, Submission, User
from reporting.printing.appendix import Heading as PrintedHeading
from reporting.printing.appendix import joined
from reporting.publication import Published, mark_of
from reporting.queries.province import round_heading
from reporting.queries.publications import (
    FormChanged,
    Publishable,
    forms_of,
    last_publication,
    publishable,
)
from reporting.refusals import NothingReported, ReasonMissing, Refused, StaleRound
from reporting.tidings import Subject
from reporting.workflow import ROUND_ACTS


@transaction.atomic
def publish(
    *,
    round: Round,
    layout: FormVersion,
    heading: Heading,
    seen: str,
    by: User,
    reason: str = "",
    via: str = "page",
) -> Publication:
    """Freeze the table of ``round`` in the rows of ``layout`` as its next publication.

    ``seen`` is the mark of the figures that the person was shown (publication.mark_of). Raises
    NotYours, WrongStatus, NothingReported where no report is approved, StaleRound where figures
    have changed since, ReasonMissing for a second publication that does not say why, or Refused
    where nothing differs from the one before.
    """
    current = held(round, ROUND_ACTS["publish"], by=by)
    # Reports and figures of one moment: nobody reopens and mends a report between the two readings.
    reports = Submission.objects.select_for_update(no_key=True).filter(round=current)
    list(reports.order_by("pk").values_list("pk"))
    found = publishable(current, layout)
    if not found.approved:
        raise NothingReported("Chưa có báo cáo nào được duyệt nên chưa có số để công bố.")
    if mark_of(found.content(_heading(found, heading, None), 0)) != seen:
        raise StaleRound(
            "Số tổng hợp đã thay đổi sau khi ông/bà mở trang này. Hãy xem lại số mới dưới đây rồi"
            " công bố."
        )
    before = last_publication(current, layout)
    number = 1 if before is None else before.number + 1
    content = found.content(_heading(found, heading, before), number)
    if before is not None:
        _require_news(before, content, heading, reason)
    made = Publication.objects.create(
        round=current,
        form_version=layout,
        number=number,
        at=timezone.now(),
        by=by,
        report_number=heading.report_number,
        report_date=heading.report_date,
        signer_title=heading.signer_title,
        signer_name=heading.signer_name,
        reason=reason,
        approved=found.approved,
        expected=len(found.behind),
        content=content,
        sha256=sha256_of(content),
    )
    what = f"công bố số tổng hợp lần {number} theo {layout.code}"
    what += f" ({found.approved}/{len(found.behind)} báo cáo, mã băm {made.sha256[:12]})"
    remember(
        Subject.ROUND,
        "publish",
        what,
        by=by,
        via=via,
        about=About(province=current.province, round=current),
        reason=reason,
    )
    return made


def _heading(found: Publishable, heading: Heading, before: Publication | None) -> PrintedHeading:
    standing = f"Tổng hợp khi đã duyệt {found.approved}/{len(found.behind)} báo cáo."
    replaced = ""
    if before is not None:
        day = timezone.localtime(before.at)
        replaced = f"Công bố lần {before.number + 1}, thay lần {before.number} ngày {day:%d/%m/%Y}."
    return round_heading(
        found.round,
        notice=joined(found.round.notice, standing, replaced),
        report_number=heading.report_number,
        report_date=heading.report_date,
        signer_title=heading.signer_title,
        signer_name=heading.signer_name,
    )


def _require_news(before: Publication, content: str, heading: Heading, reason: str) -> None:
    same_heading = (
        before.report_number == heading.report_number
        and before.report_date == heading.report_date
        and before.signer_title == heading.signer_title
        and before.signer_name == heading.signer_name
    )
    if same_heading and mark_of(before.content) == mark_of(content):
        raise Refused(
            f"Không có số nào khác lần công bố {before.number}; không cần công bố thêm lần nữa."
        )
    if not reason:
        day = timezone.localtime(before.at)
        raise ReasonMissing(
            f"{before.by} đã công bố lần {before.number} lúc {day:%H:%M %d/%m/%Y}; hãy ghi vì"
            " sao phải công bố lại, ví dụ «Sở Y tế sửa số hồ sơ mục 3.4»."
        )


@transaction.atomic
def settle(
    *, round: Round, name: str, found: str, text: str, by: User, via: str = "page"
) -> Settlement:
    """Say of a difference between figures why it is so; without ``text`` what was said is taken
    back. Raises NotYours or WrongStatus."""
    current = held(round, ROUND_ACTS["reconcile"], by=by)
    made = Settlement.objects.create(
        round=current, name=name, found=found, text=text, by=by, at=timezone.now()
    )
    what = f"ghi chú chỗ lệch {found}" if text else f"bỏ ghi chú chỗ lệch {found}"
    remember(
        Subject.ROUND,
        "settle",
        what,
        by=by,
        via=via,
        about=About(province=current.province, round=current),
        reason=text,
    )
    return made


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A publication that does not follow from what stands behind it, with what is wrong."""

    publication: Publication
    sentences: Sequence[str]


def check_publications(*, via: str = "command") -> tuple[int, Sequence[Mismatch]]:
    """Add every published table up again from its own frozen figures. Return how many there are
    and those that do not come out the same; each of these has its line in the record, once. One
    that cannot even be read keeps no other from being checked."""
    count, wrong = 0, []
    stored = Publication.objects.select_related("round__province", "form_version")
    for publication in stored.order_by("pk").iterator(chunk_size=20):
        count += 1
        sentences = list(_wrong(publication))
        if sentences:
            wrong.append(Mismatch(publication, sentences))
            _record_mismatch(publication, sentences[0], via=via)
    return count, wrong


def _record_mismatch(publication: Publication, sentence: str, *, via: str) -> None:
    what = f"kiểm lại thấy {publication} ({publication.form_version.code}) không khớp: {sentence}"
    round_ = publication.round
    if not round_.record.filter(act="mismatch", what=what).exists():
        about = About(province=round_.province, round=round_)
        remember(Subject.ROUND, "mismatch", what, by=None, via=via, about=about)


def _wrong(publication: Publication) -> Iterator[str]:
    if sha256_of(publication.content) != publication.sha256:
        yield "Nội dung không còn đúng mã băm khi công bố."
    try:
        published = Published(publication.content)
        yield from published.mismatches(forms_of(published))
    except FormChanged as change:
        yield str(change)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        # Whatever was done to the text: it is told, and the next one is looked at.
        yield f"Nội dung không đọc lại được ({type(error).__name__}: {error})."
