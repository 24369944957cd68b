"""Which figures a province's leaders see first."""

from collections.abc import Sequence

from django.db import transaction

from indicators.models import Indicator
from reporting.access import roles_at
from reporting.actions.record import About, changes_between, remember
from reporting.models import Agency, KeyIndicator, User
from reporting.queries.overview import MOST_INDICATORS
from reporting.refusals import NotYours, Refused, StaleAgencies
from reporting.tidings import Subject
from reporting.workflow import Role


@transaction.atomic
def choose_key_indicators(
    *, province: Agency, codes: Sequence[str], seen: Sequence[str], by: User, via: str = "page"
) -> bool:
    """Let the leaders of ``province`` see the indicators of ``codes`` first, in this order; none:
    the portal chooses. Say whether that is another choice than before.

    ``seen`` is the choice that the person was shown. Raises NotYours, StaleAgencies where somebody
    else has chosen meanwhile, or Refused for a code that is unknown, named twice or one too many.
    """
    if Role.REVIEWER not in roles_at(by, province):
        raise NotYours(f"Chỉ chuyên viên Sở Nội vụ của {province.name} mới làm được việc này.")
    Agency.objects.select_for_update(no_key=True).get(pk=province.pk)
    stored = KeyIndicator.objects.filter(province=province).select_related("indicator")
    before = [one.indicator for one in stored.order_by("position")]
    if [one.code for one in before] != list(seen):
        raise StaleAgencies(
            "Người khác vừa chọn lại các chỉ tiêu này. Hãy xem lựa chọn mới dưới đây rồi chọn."
        )
    after = _known(codes)
    if after == before:
        return False
    KeyIndicator.objects.filter(province=province).delete()
    KeyIndicator.objects.bulk_create(
        KeyIndicator(province=province, indicator=indicator, position=position)
        for position, indicator in enumerate(after, start=1)
    )
    remember(
        Subject.AGENCY,
        "key_indicators",
        f"chọn {len(after)} chỉ tiêu trọng tâm" if after else "để cổng tự chọn chỉ tiêu trọng tâm",
        by=by,
        via=via,
        about=About(province=province, agency=province),
        changes=changes_between(
            {"chosen": _named(before)}, {"chosen": _named(after)}, {"chosen": "Chỉ tiêu"}
        ),
    )
    return True


def _known(codes: Sequence[str]) -> list[Indicator]:
    if len(codes) > MOST_INDICATORS:
        raise Refused(f"Chọn nhiều nhất {MOST_INDICATORS} chỉ tiêu; đang chọn {len(codes)}.")
    found = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
    for place, code in enumerate(codes, start=1):
        if code not in found:
            raise Refused(f"Ô {place}: không có chỉ tiêu mang mã «{code}».")
        if code in codes[: place - 1]:
            raise Refused(f"Ô {place}: chỉ tiêu «{found[code].name}» đã chọn ở ô trên.")
    return [found[code] for code in codes]


def _named(indicators: Sequence[Indicator]) -> str:
    return "; ".join(one.name for one in indicators)
