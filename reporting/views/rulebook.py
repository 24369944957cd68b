"""The rules of a form version: read as a book, and tried on what was filed in past rounds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.access import managed_version, version_for
from indicators.catalogue.documents import from_record
from indicators.definition import FormDefinition
from indicators.kinds import Labelled, Severity, Status
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from indicators.words import clean
from reporting.access import covered_agencies, may_read_round
from reporting.documents.rulebook import rule_book_file
from reporting.models import Round, User
from reporting.queries.rule_trials import MOST_ROUNDS, Tried, tried
from reporting.rules.book import BookPart, BookRule, book_rule, general_rules, parts
from reporting.rules.trials import Outcome
from reporting.views.files import download
from reporting.views.requests import SignedInRequest
from reporting.workflow import PROVINCIAL

LONGEST_SEARCH = 100


@require_safe
def rule_book(request: SignedInRequest, code: str) -> HttpResponse:
    """Show every check that reports of a version go through, in words; filtered by severity and
    by words where asked."""
    version = version_for(request.user, code)
    form = form_definition(version)
    severity, search = request.GET.get("muc", ""), clean(request.GET.get("tim", ""))
    search = search[:LONGEST_SEARCH]
    own, general = parts(form), list(general_rules())
    every = [*(rule for part in own for rule in part.rules), *general]
    return render(
        request,
        "catalogue/rulebook.html",
        {
            "version": version,
            "parts": _kept(own, severity, search),
            "general": [rule for rule in general if _is_kept(rule, severity, search)],
            "counts": [(one, sum(rule.severity is one for rule in every)) for one in Severity],
            "all": len(every),
            "own": len(form.rules),
            "unread": _unread(version, form),
            "severity": severity,
            "search": search,
            "longest": LONGEST_SEARCH,
        },
    )


def _kept(own: Sequence[BookPart], severity: str, search: str) -> list[BookPart]:
    found = (
        replace(part, rules=[rule for rule in part.rules if _is_kept(rule, severity, search)])
        for part in own
    )
    return [part for part in found if part.rules]


def _is_kept(rule: BookRule, severity: str, search: str) -> bool:
    return severity in {"", rule.severity} and rule.has(search)


def _unread(version: FormVersion, form: FormDefinition) -> int:
    """Return how many rules of a draft cannot be read yet, and so stand in no book."""
    if version.status not in {Status.DRAFT, Status.DISCARDED}:
        return 0
    return len(from_record(version.draft).rules) - len(form.rules)


@require_safe
def rule_book_export(request: SignedInRequest, code: str) -> HttpResponse:
    """Send the rule book as a workbook."""
    version = version_for(request.user, code)
    return download(rule_book_file(form_definition(version)))


class Only(Labelled):
    """Which rules the page of trials shows."""

    ALL = "", "Tất cả"
    HIT = "co-bao", "Sẽ báo"
    SILENT = "khong-bao", "Không báo"
    UNJUDGED = "chua-xet", "Chưa xét được"


@dataclass(frozen=True, slots=True)
class TriedRule:
    """One rule with what it would have said in each round."""

    rule: BookRule
    cells: Sequence[tuple[Round, Outcome]]

    @property
    def standing(self) -> Only:
        if any(outcome.hits for _, outcome in self.cells):
            return Only.HIT
        is_judged = any(outcome.judged for _, outcome in self.cells)
        return Only.SILENT if is_judged else Only.UNJUDGED


@require_safe
def rule_trial(request: SignedInRequest, code: str) -> HttpResponse:
    """Try the rules of a version, or the one named, on the reports of past rounds."""
    version = managed_version(request.user, code)
    whole = form_definition(version)
    wanted = request.GET.get("ma", "")
    form = _with_one_rule(whole, wanted) if wanted else whole
    found = tried(version, form, _rounds_of(request.user))
    return render(
        request,
        "catalogue/rule_trial.html",
        {
            "version": version,
            "tried": found,
            "most": MOST_ROUNDS,
            "rules": len(form.rules),
            "has_provinces": len({one.round.province_id for one in found.rounds}) > 1,
            **(_one_rule(request, form, found) if wanted else _all_rules(request, form, found)),
        },
    )


def _one_rule(request: SignedInRequest, form: FormDefinition, found: Tried) -> dict[str, object]:
    """Return what the page of one rule shows: of each round how often it would have told, and of
    which agencies to who reads their reports."""
    return {
        "rule": book_rule(form.rules[0], form),
        "opened": [
            (one, one.outcomes[0], one.outcomes[0].hits if may_read else ())
            for one in found.rounds
            for may_read in [may_read_round(request.user, one.round)]
        ],
    }


def _all_rules(request: SignedInRequest, form: FormDefinition, found: Tried) -> dict[str, object]:
    lines = _lines(form, found)
    only = _only(request)
    return {
        "lines": [line for line in lines if only in {Only.ALL, line.standing}],
        "counts": [(one, sum(one in {Only.ALL, line.standing} for line in lines)) for one in Only],
        "only": only,
    }


def _rounds_of(user: User) -> QuerySet[Round]:
    """Return the rounds of the provinces where ``user`` reads all reports or manages the forms: of
    other provinces not even a count is told."""
    return Round.objects.filter(province__in=covered_agencies(user, PROVINCIAL))


def _with_one_rule(form: FormDefinition, code: str) -> FormDefinition:
    rules = tuple(rule for rule in form.rules if rule.code == code)[:1]
    if not rules:
        raise Http404("Biểu không có quy tắc này, hoặc điều kiện của nó chưa đọc được.")
    return replace(form, rules=rules)


def _lines(form: FormDefinition, found: Tried) -> list[TriedRule]:
    return [
        TriedRule(book_rule(rule, form), [(one.round, one.outcomes[place]) for one in found.rounds])
        for place, rule in enumerate(form.rules)
    ]


def _only(request: SignedInRequest) -> Only:
    wanted = request.GET.get("loc", "")
    return Only(wanted) if wanted in set(Only) else Only.ALL
