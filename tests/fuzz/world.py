"""A small province in which every kind of page has something to show, and who looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from indicators.actions.drafts import keep_upload
from indicators.catalogue.documents import from_record
from reporting.actions.agencies import enter_user
from reporting.actions.comments import add_comment
from reporting.models import AgencyKind, User
from reporting.workflow import Role
from tests import cast
from tests.indicators.views.catalogue_pages import begun
from tests.reporting.background import failed_job, failed_letter
from tests.reporting.books_by_hand import offered
from tests.reporting.files_by_hand import attached

ANONYMOUS = ""


@dataclass(frozen=True, slots=True)
class World:
    """People by the name they sign in with, and the cookies of their sessions."""

    people: Mapping[str, User]
    cookies: Mapping[str, Mapping[str, str]]


def build() -> World:
    """Enter the province; the catalogue is there already."""
    province = cast.agency("MH", "Tỉnh Minh Họa", AgencyKind.PROVINCE)
    trade = cast.agency("MH.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    home = cast.agency("MH.SNV", "Sở Nội vụ", AgencyKind.DEPARTMENT, province, functions="noi_vu")
    police = cast.agency("MH.CA", "Công an tỉnh", AgencyKind.VERTICAL, province)
    commune = cast.agency("MH.X001", "UBND xã Minh An", AgencyKind.COMMUNE, province)
    people = [
        cast.person("hoa", "Nguyễn Thị Hoa", (Role.CLERK, trade)),
        cast.person("thu", "Lê Thị Thu", (Role.CLERK, commune), (Role.HEAD, commune)),
        cast.person("hanh", "Trần Minh Hạnh", (Role.REVIEWER, province)),
        cast.person("dat", "Phạm Quốc Đạt", (Role.VIEWER, province)),
        cast.person("mai", "Đỗ Thị Mai", (Role.MANAGER, province)),
        enter_user(
            username="quantri",
            full_name="Đỗ Mạnh Hùng",
            password=cast.PASSWORD,
            roles=[],
            is_operator=True,
        ),
    ]
    reviewer, manager = people[2], people[4]
    earlier = cast.opened_round(province, "MH-TRUOC", by=reviewer, data_to_days_ago=90)
    now = cast.opened_round(province, "MH-QUY", by=reviewer)
    cast.planned_round(province, "MH-SAU", name="Báo cáo quý sau")
    cast.approved(cast.report_of(earlier, trade), {"1.1": "3"})
    cast.published(earlier, by=reviewer)
    report = cast.report_of(now, trade)
    cast.typed(report, {"1.1": "4"})
    attached(report)
    cast.brought_to("submitted", cast.report_of(now, home), {"1.1": "5"})
    cast.brought_to("approved", cast.report_of(now, police), {"1.1": "6"})
    returned = cast.report_of(now, commune)
    cast.brought_to("submitted", returned, {"1.1.1": "7"})
    add_comment(
        submission=cast.stored(returned), row_key="1.1.1", text="Xem lại số này.", by=reviewer
    )
    cast.moved(returned, "return", by=reviewer, reason="Xem lại.")
    offered(now, reviewer)
    draft = begun(manager)
    keep_upload(
        version=draft,
        file_name="bang.csv",
        original=b"x",
        document=from_record(draft.draft),
        by=manager,
    )
    failed_letter(people[0])
    failed_job()
    return World(
        {one.username: one for one in people},
        {ANONYMOUS: {}, **{one.username: _cookies(one) for one in people}},
    )


def _cookies(user: User) -> Mapping[str, str]:
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
