"""How each version of a form stands today: in force, coming, replaced, ended, a draft."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Max, QuerySet

from indicators.kinds import Act, Labelled, Status
from indicators.models import Form, FormVersion, Row, VersionEvent
from indicators.queries.versions import in_force


class Standing(Labelled):
    """What a version is to somebody who asks today which form to fill in."""

    DRAFT = "draft", "bản thảo"
    COMING = "coming", "sắp có hiệu lực"
    IN_FORCE = "in_force", "đang có hiệu lực"
    REPLACED = "replaced", "đã có bản mới thay"
    ENDED = "ended", "hết hiệu lực"
    DISCARDED = "discarded", "bản thảo đã bỏ"


@dataclass(frozen=True, slots=True)
class Edition:
    """One version with its standing."""

    version: FormVersion
    standing: Standing

    @property
    def is_current(self) -> bool:
        return self.standing is Standing.IN_FORCE

    @property
    def is_draft(self) -> bool:
        return self.standing in {Standing.DRAFT, Standing.DISCARDED}

    @property
    def last_day(self) -> date | None:
        """The last day of its validity, whether set beforehand or by retiring it."""
        return self.version.retired_on or self.version.valid_to


def editions(versions: QuerySet[FormVersion], today: date) -> Sequence[Edition]:
    """Return ``versions`` with their standing, by form, the newest of each first. Two queries."""
    current = in_force(today)
    found = versions.order_by("form__code", "-valid_from", "-pk")
    return [Edition(version, _standing(version, current, today)) for version in found]


def _standing(version: FormVersion, current: Mapping[int, FormVersion], today: date) -> Standing:
    if version.status in {Status.DRAFT, Status.DISCARDED}:
        return Standing(version.status)
    if current.get(version.form_id) == version:
        return Standing.IN_FORCE
    if version.valid_from > today:
        return Standing.COMING
    last_day = version.retired_on or version.valid_to
    return Standing.ENDED if last_day and last_day < today else Standing.REPLACED


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """One version with how many rows it has, and the act that is told of it: its publishing, or
    the last one on a draft."""

    edition: Edition
    rows: int
    event: VersionEvent | None
    # The version of the same form that came before it, if there is one to compare it with.
    previous: FormVersion | None


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A form with its versions, the newest first."""

    form: Form
    editions: Sequence[ListedEdition]


def listed_forms(versions: QuerySet[FormVersion], today: date) -> Sequence[ListedForm]:
    """Return the forms of ``versions``. Five queries."""
    found = editions(versions, today)
    shown = [edition.version.pk for edition in found]
    counted = Row.objects.filter(version__in=shown).order_by().values_list("version")
    counts = dict(counted.annotate(Count("pk")))
    events = _events(shown)
    return [
        ListedForm(form, list(_listed(list(of_form), counts, events)))
        for form, of_form in groupby(found, key=lambda edition: edition.version.form)
    ]


def _listed(
    of_form: Sequence[Edition], counts: Mapping[int, int], events: Mapping[int, VersionEvent]
) -> Iterator[ListedEdition]:
    for edition, before in zip(of_form, [*of_form[1:], None], strict=True):
        version = edition.version
        yield ListedEdition(
            edition,
            rows=counts.get(version.pk, 0) or len((version.draft or {}).get("rows", ())),
            event=events.get(version.pk),
            previous=before.version if before else None,
        )


def is_kept(edition: Edition) -> bool:
    """Say whether the version is still of use: no draft that was put aside."""
    return edition.standing is not Standing.DISCARDED


def _events(shown: Sequence[int]) -> Mapping[int, VersionEvent]:
    """Return for each version its publishing, or else the last act on it. Two queries."""
    last = VersionEvent.objects.filter(version__in=shown).order_by().values_list("version", "act")
    told: dict[int, int] = {}
    published: dict[int, int] = {}
    for version, act, pk in last.annotate(Max("pk")):
        told[version] = max(pk, told.get(version, 0))
        if act == Act.PUBLISH:
            published[version] = pk
    events = VersionEvent.objects.select_related("by").defer("content")
    return {event.version_id: event for event in events.filter(pk__in=(told | published).values())}
