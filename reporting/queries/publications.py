"""Published tables, what a new one would hold, and what stands behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.definition import FormDefinition
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Figures
from reporting.calculations.totals import Total, province_totals
from reporting.models import Agency, Filing, Publication, Round, Submission, Transition
from reporting.printing.appendix import Heading, province_appendix
from reporting.publication import Behind, Provenance, Published, content_of
from reporting.queries.figures import reported_figures
from reporting.queries.submissions import for_totals, of_round, sources
from reporting.workflow import State


@dataclass(frozen=True)
class Publishable:
    """What a round's table would be published with, as it stands now."""

    round: Round
    layout: FormDefinition
    behind: Sequence[Behind]
    figures: Figures
    totals: Sequence[Total]

    @property
    def approved(self) -> int:
        return sum(one.source.is_taken for one in self.behind)

    def content(self, heading: Heading, number: int) -> str:
        """Return the canonical text under ``heading``."""
        return content_of(
            self._about(number),
            province_appendix(self.layout, self.totals, heading),
            self.totals,
            self.behind,
            self.figures,
        )

    def _about(self, number: int) -> Mapping[str, str]:
        round_ = self.round
        return {
            "round": round_.code,
            "round_name": round_.name,
            "data_from": round_.data_from.isoformat() if round_.data_from else "",
            "data_to": round_.data_to.isoformat() if round_.data_to else "",
            "province": round_.province.code,
            "number": str(number),
            "layout": self.layout.code,
            "layout_hash": self.layout.content_hash,
        }


def publishable(round_: Round, layout: FormVersion) -> Publishable:
    """Return what publishing the table of ``round_`` now would freeze. Seven queries and the
    forms'."""
    form = form_definition(layout)
    behind = _behind(list(for_totals(of_round(round_)).order_by("pk")))
    found = [one.source for one in behind]
    figures = reported_figures(source.submission_id for source in found if source.is_taken)
    return Publishable(round_, form, behind, figures, province_totals(form, found, figures))


def _behind(submissions: Sequence[Submission]) -> Sequence[Behind]:
    found = sources(submissions)
    wanted = {submission.agency_id for submission in submissions}
    wanted |= {source.within for source in found if source.within is not None}
    codes = dict(Agency.objects.filter(pk__in=wanted).values_list("pk", "code"))
    filed = {
        pk: (number, sha256)
        for pk, number, sha256 in Filing.objects.filter(
            pk__in=[source.sent for source in found if source.sent]
        ).values_list("submission", "number", "sha256")
    }
    approvers = approvers_of(submission.pk for submission in submissions)
    return [
        Behind(
            source=source,
            code=codes[source.agency_id],
            within=codes[source.within] if source.within is not None else "",
            revision=submission.revision,
            filing=filed.get(submission.pk, (None, ""))[0],
            sha256=filed.get(submission.pk, (None, ""))[1],
            approved_by=approvers.get(submission.pk, "") if source.is_approved else "",
        )
        for submission, source in zip(submissions, found, strict=True)
    ]


def approvers_of(submissions: Iterable[int]) -> Mapping[int, str]:
    """Return by id who approved each report last. One query."""
    moves = Transition.objects.filter(
        submission__in=list(submissions), target=State.APPROVED.value, by__isnull=False
    )
    found = moves.select_related("by").only("submission", "by__full_name", "by__username")
    return {move.submission_id: str(move.by) for move in found.order_by("pk")}


def provenance(submissions: Iterable[int]) -> Mapping[int, Provenance]:
    """Return by id where the figures of reports come from. Two queries."""
    wanted = list(submissions)
    approvers = approvers_of(wanted)
    numbers = dict(
        Filing.objects.filter(submission__in=wanted)
        .order_by("number")
        .values_list("submission", "number")
    )
    return {pk: Provenance(numbers.get(pk), approvers.get(pk, "")) for pk in wanted}


def publications_of(round_: Round) -> QuerySet[Publication]:
    """Return the publications of a round without their text, the last one first."""
    return (
        Publication.objects.filter(round=round_)
        .select_related("by", "form_version")
        .defer("content")
        .order_by("-pk")
    )


def publication_of(round_: Round, number: int, layout: str) -> Publication | None:
    """Return publication ``number`` of a round by the form of code ``layout``, with its text."""
    return (
        Publication.objects.filter(round=round_, number=number, form_version__code=layout)
        .select_related("by", "form_version__form", "round__province")
        .first()
    )


def last_publication(round_: Round, layout: FormVersion) -> Publication | None:
    """Return the last publication without its text, which is read when it is asked for."""
    return publications_of(round_).filter(form_version=layout).first()


class FormChanged(Exception):
    """A form that a publication stands on is not the one it was: the hash is another."""


def forms_of(published: Published) -> Mapping[str, FormDefinition]:
    """Return the forms that a publication needs, by code. Raises FormChanged where the catalogue
    has no such form under the hash that was frozen."""
    wanted = dict(published.forms)
    found = {
        version.code: form_definition(version)
        for version in FormVersion.objects.filter(code__in=wanted).select_related("form")
    }
    for code, sha256 in wanted.items():
        if code not in found or found[code].content_hash != sha256:
            raise FormChanged(f"Biểu mẫu {code} không còn đúng bản khi công bố.")
    return found
