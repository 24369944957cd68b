"""The acts on indicators: say what one means, link it with those it came out of, undo a link."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from indicators.actions.record import CatalogueRefused
from indicators.kinds import Change, Kind, Meaning
from indicators.models import Indicator, IndicatorEvent, IndicatorLink, Row

_TITLES = {field.name: field.verbose_name for field in Indicator._meta.fields if field.name != "id"}


class StaleIndicator(CatalogueRefused):
    """Somebody has changed the indicator since the person looked at it."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of an indicator beside its code."""

    name: str
    unit: str
    kind: str
    definition: str
    legal_basis: str


def described(indicator: Indicator) -> Description:
    """Return what is said of ``indicator``."""
    return Description(
        **{name: getattr(indicator, name) for name in Description.__dataclass_fields__}
    )


def is_published(indicator: Indicator) -> bool:
    """Say whether a published form uses ``indicator``: figures may hang on it."""
    return Row.objects.filter(indicator=indicator).exists()


def last_event(indicator: Indicator) -> int:
    """Return the last line of the record of ``indicator``: what a page was drawn from. 0 where
    nothing has been recorded."""
    found = indicator.events.values_list("pk", flat=True).last()
    return found or 0


@transaction.atomic
def describe(
    *,
    indicator: Indicator,
    description: Description,
    seen: int,
    note: str = "",
    by: AbstractBaseUser,
) -> Sequence[str]:
    """Say anew what an indicator is, if nobody has changed it since ``seen``; return what changed,
    in words. Nothing is written where nothing changes.

    Raises StaleIndicator; CatalogueRefused where kind or unit of a published indicator would
    change; django's ValidationError with a sentence for each wrong part.
    """
    current = _locked(indicator, seen)
    before = asdict(described(current))
    after = asdict(description)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return ()
    if {"kind", "unit"}.intersection(changed) and is_published(current):
        raise CatalogueRefused(
            f"Biểu đã công bố dùng chỉ tiêu «{current.code}» nên không đổi được loại số liệu và đơn"
            " vị tính: số liệu đã nộp đứng dưới chúng. Hãy lập chỉ tiêu mới với mã khác rồi nối hai"
            " chỉ tiêu với nhau."
        )
    for name in changed:
        setattr(current, name, after[name])
    current.full_clean()
    current.save(update_fields=changed)
    changes = [_in_words(name, before[name], after[name]) for name in changed]
    _remember(current, changes, note=note, by=by)
    return changes


@transaction.atomic
def link(
    *,
    older: Indicator,
    newer: Indicator,
    change: Change,
    meaning: Meaning,
    note: str = "",
    by: AbstractBaseUser,
) -> IndicatorLink:
    """Say that ``newer`` came out of ``older``; both records tell it.

    Raises CatalogueRefused where the two are one, or are linked already.
    """
    both = {one.pk: one for one in lock(older, newer)}
    made = IndicatorLink(
        older=both[older.pk], newer=both[newer.pk], change=change, meaning=meaning, note=note
    )
    try:
        made.full_clean()
    except ValidationError as error:
        raise CatalogueRefused(" ".join(error.messages)) from error
    if IndicatorLink.objects.filter(older=newer, newer=older).exists():
        raise CatalogueRefused(
            f"«{newer.code}» đã được ghi là chỉ tiêu cũ của «{older.code}»; hãy bỏ liên hệ ấy trước"
            " nếu nó bị ghi ngược."
        )
    made.save()
    for indicator in both.values():
        _remember(indicator, [f"nối: {_sentence(made)}"], note=note, by=by)
    return made


@transaction.atomic
def unlink(*, link: IndicatorLink, by: AbstractBaseUser) -> None:
    """Take back that one indicator came out of another; both records tell it.

    Raises CatalogueRefused where somebody else has done so already.
    """
    both = lock(link.older, link.newer)
    current = IndicatorLink.objects.filter(pk=link.pk).select_related("older", "newer").first()
    if current is None:
        raise CatalogueRefused("Liên hệ này đã được bỏ rồi.")
    sentence, note = _sentence(current), current.note
    current.delete()
    for indicator in both:
        _remember(indicator, [f"bỏ liên hệ: {sentence}"], note=note, by=by)


def _locked(indicator: Indicator, seen: int) -> Indicator:
    current = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    if last_event(current) != seen:
        event = current.events.select_related("by").last()
        who = f" ({event.by or 'hệ thống'}, {_clock(event)})" if event else ""
        raise StaleIndicator(
            f"Chỉ tiêu này đã được sửa sau khi ông/bà mở trang{who}. Nội dung ông/bà vừa ghi còn"
            " trong các ô bên dưới; hãy so với nội dung hiện có rồi lưu lại nếu còn cần."
        )
    return current


def _clock(event: IndicatorEvent) -> str:
    return f"{timezone.localtime(event.at):%H:%M %d/%m/%Y}"


def lock(*indicators: Indicator) -> Sequence[Indicator]:
    """Return the indicators as stored, locked always in the same order: two people who act on the
    same ones wait for each other, and never both."""
    wanted = [indicator.pk for indicator in indicators]
    return list(
        Indicator.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    )


def _in_words(name: str, before: str, after: str) -> str:
    if name == "kind":
        before, after = Kind(before).label, Kind(after).label
    title = _TITLES[name]
    return f"{title}: «{before or 'trống'}» → «{after or 'trống'}»"


def _sentence(link: IndicatorLink) -> str:
    """What a link says, in words that stay right when the link is gone."""
    return (
        f"«{link.older.code}» {Change(link.change).label} «{link.newer.code}»"
        f" ({Meaning(link.meaning).label})"
    )


def _remember(
    indicator: Indicator, changes: Sequence[str], *, note: str, by: AbstractBaseUser
) -> None:
    IndicatorEvent.objects.create(
        indicator=indicator,
        by=cast(Any, by),  # which model an account is of, the portal says
        at=timezone.now(),
        changes=list(changes),
        note=note,
    )
