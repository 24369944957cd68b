"""The catalogue for everyone signed in: its forms, one version, two versions compared."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.access import CatalogueRequest, version_for, visible_versions
from indicators.catalogue import comparison
from indicators.catalogue.comparison import RowChange
from indicators.definition import FormDefinition
from indicators.kinds import Act, Status
from indicators.models import FormVersion, Indicator
from indicators.queries.definitions import form_definition, written
from indicators.queries.editions import editions, is_kept, listed_forms
from indicators.queries.functions import called
from indicators.views.comparing import compared_rows, compared_rules, head_details
from indicators.views.lines import lines, rule_lines

ALL = "tat-ca"
_PLACEHOLDER = re.compile(r"\{\w+\}")


@require_safe
def forms(request: CatalogueRequest) -> HttpResponse:
    """List the forms with their versions, the newest first; drafts for managers only."""
    shown = visible_versions(request.user)
    found = listed_forms(shown.exclude(status=Status.DISCARDED), timezone.localdate())
    discarded = shown.filter(status=Status.DISCARDED).order_by("-pk")
    return render(request, "catalogue/forms.html", {"forms": found, "discarded": discarded})


@require_safe
def version(request: CatalogueRequest, code: str) -> HttpResponse:
    """Show one version: what is said of it, its rows with who reports them, its rules."""
    shown = version_for(request.user, code)
    siblings = editions(
        visible_versions(request.user).filter(form=shown.form), timezone.localdate()
    )
    place = next(i for i, edition in enumerate(siblings) if edition.version == shown)
    older = [edition.version for edition in siblings[place + 1 :] if is_kept(edition)]
    definition = form_definition(shown)
    acts = shown.events.filter(act__in=[Act.PUBLISH, Act.RETIRE]).select_related("by")
    events = {event.act: event for event in acts.defer("content")}
    return render(
        request,
        "catalogue/version.html",
        {
            "version": shown,
            "edition": siblings[place],
            "title": _PLACEHOLDER.sub("…", shown.title),
            "legal_line": _PLACEHOLDER.sub("…", shown.legal_line),
            "lines": lines(definition, called()),
            "rules": rule_lines(definition),
            "known": _known_indicators(siblings[place].is_draft, definition),
            "previous": older[0] if older else None,
            "published": events.get(Act.PUBLISH),
            "retired": events.get(Act.RETIRE),
        },
    )


def _known_indicators(is_draft: bool, definition: FormDefinition) -> set[str]:
    """Return the codes that have a page: a draft may name new indicators, made when it is
    published."""
    codes = set(definition.by_indicator)
    if not is_draft:
        return codes
    return set(Indicator.objects.filter(code__in=codes).values_list("code", flat=True))


@require_safe
def compare(request: CatalogueRequest) -> HttpResponse:
    """Show two versions side by side, by default the rows that changed."""
    shown = editions(visible_versions(request.user), timezone.localdate())
    context: dict[str, object] = {"editions": [edition for edition in shown if is_kept(edition)]}
    old, new = request.GET.get("cu", ""), request.GET.get("moi", "")
    context |= {"old_code": old, "new_code": new}
    if old and new:
        user = request.user
        context |= _side_by_side(
            version_for(user, old), version_for(user, new), request.GET.get("xem", "")
        )
    return render(request, "catalogue/compare.html", context)


def _side_by_side(old: FormVersion, new: FormVersion, asked: str) -> dict[str, object]:
    found = comparison.compare(written(old), written(new))
    shown = RowChange(asked) if asked in set(RowChange) else None
    whole = asked == ALL
    return {
        "old": old,
        "new": new,
        "rows": compared_rows(found, shown, called(), whole=whole),
        "head": head_details(found),
        "rules": compared_rules(found),
        "counts": [(change, number) for change, number in found.counts.items() if number],
        "changed": sum(bool(pair.changes) for pair in found.pairs),
        "all": len(found.pairs),
        "shown": shown,
        "is_whole": whole,
        "is_empty": found.is_empty,
    }
