"""The life of an indicator: every form it stood in, and what it came out of or went into."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from indicators.kinds import Change, Kind, Meaning, Status
from indicators.models import FormVersion, Indicator, IndicatorLink, Row
from indicators.series import Link, Named

_COLUMNS = (
    "key",
    "stt",
    "label",
    "unit",
    "who_reports",
    "asked",
    "reporter",
    "across_agencies",
    "across_periods",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One row that an indicator stood in, as printed there.

    ``before`` is the row that it is compared with: that of the edition before it of the same form,
    or, where there is none, of whatever published form came before it.
    """

    version: FormVersion
    key: str
    stt: str
    label: str
    unit: str
    who_reports: str
    asked: Sequence[str]
    reporters: Sequence[str]
    across_agencies: str
    across_periods: str
    before: "Place | None" = None

    @property
    def words(self) -> str:
        """The label without the bullet that the paper prints before it."""
        return self.label.lstrip("-+• ")


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain, with the forms that the older and the newer indicator stood in."""

    older: Indicator
    newer: Indicator
    change: Change
    meaning: Meaning
    note: str
    older_places: Sequence[Place]
    newer_places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The places of an indicator in order of time, the steps that led to it (the first of them
    first) and those that led away from it."""

    places: Sequence[Place]
    earlier: Sequence[Step]
    later: Sequence[Step]


def lineage(indicator: Indicator, versions: QuerySet[FormVersion]) -> Lineage:
    """Return the life of ``indicator`` in ``versions``, those that the person may see. Three
    queries, however long the chain."""
    links = list(IndicatorLink.objects.select_related("older", "newer"))
    earlier = _reached(indicator, links, back=True)
    later = _reached(indicator, links, back=False)
    kin = {indicator.pk: indicator}
    for link in (*earlier, *later):
        kin |= {link.older_id: link.older, link.newer_id: link.newer}
    places = _places(list(kin.values()), versions)
    return Lineage(
        places=list(_compared(places[indicator.pk])),
        earlier=[_step(link, places) for link in reversed(earlier)],
        later=[_step(link, places) for link in later],
    )


def named(indicator: Indicator) -> Named:
    return Named(indicator.code, indicator.name, Kind(indicator.kind))


def all_links() -> Sequence[Link]:
    """Return how indicators came out of one another. One query."""
    return [
        Link(
            named(link.older),
            named(link.newer),
            Change(link.change),
            Meaning(link.meaning),
            link.note,
        )
        for link in IndicatorLink.objects.select_related("older", "newer")
    ]


def _reached(
    start: Indicator, links: Collection[IndicatorLink], *, back: bool
) -> Sequence[IndicatorLink]:
    """Return the links that lead from ``start`` back or onward, the nearest first. Each is walked
    once, so that a circle comes to an end."""
    found: dict[int, IndicatorLink] = {}
    front = {start.pk}
    while front:
        walked = [
            link
            for link in links
            if link.pk not in found and (link.newer_id if back else link.older_id) in front
        ]
        found |= {link.pk: link for link in walked}
        front = {link.older_id if back else link.newer_id for link in walked}
    return list(found.values())


def _step(link: IndicatorLink, places: Mapping[int, Sequence[Place]]) -> Step:
    return Step(
        older=link.older,
        newer=link.newer,
        change=Change(link.change),
        meaning=Meaning(link.meaning),
        note=link.note,
        older_places=places[link.older_id],
        newer_places=places[link.newer_id],
    )


def _places(
    indicators: Sequence[Indicator], versions: QuerySet[FormVersion]
) -> Mapping[int, Sequence[Place]]:
    """Return where each indicator stands, in order of the first day of the versions. What a draft
    holds stands in the draft itself, not among the rows."""
    codes = {indicator.code: indicator.pk for indicator in indicators}
    found: dict[int, list[Place]] = {pk: [] for pk in codes.values()}
    rows = Row.objects.filter(indicator__in=indicators).values("version", "indicator", *_COLUMNS)
    by_version: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    for row in rows:
        by_version.setdefault(row["version"], []).append((row["indicator"], row))
    kept = versions.exclude(status=Status.DISCARDED).order_by("valid_from", "code")
    for version in kept:
        drafted = (version.draft or {}).get("rows", ())
        standing = by_version.get(version.pk, []) + [
            (codes[row["indicator"]], row) for row in drafted if row["indicator"] in codes
        ]
        for pk, row in standing:
            found[pk].append(_place(version, row))
    return found


def _place(version: FormVersion, row: Mapping[str, Any]) -> Place:
    said = {name: row.get(name, "") for name in _COLUMNS}
    asked, reporters = said.pop("asked").split(), said.pop("reporter").split()
    return Place(version=version, asked=asked, reporters=reporters, **said)


def _compared(places: Sequence[Place]) -> Iterator[Place]:
    last: Place | None = None
    of_form: dict[int, Place] = {}
    for place in places:
        form = place.version.form_id
        yield replace(place, before=of_form.get(form, last))
        of_form[form] = place
        last = place if place.version.status != Status.DRAFT else last
