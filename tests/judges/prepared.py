"""The example portal brought into the states that it lacks, and who is signed in there.

    python -m tests.judges.prepared FILE [COMMUNES]

Fills the empty database of the environment with the example data, of as many communes where that
is given; writes into the file, as JSON, what the addresses of ``tests.judges.pages`` name, and the
session of each person.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus

from indicators.models import FormVersion
from reporting.actions.accounts import invitation_path, reset_path
from reporting.actions.agencies import enter_agency, enter_user
from reporting.actions.people import deactivate_person, give_first_password, name_deputy
from reporting.actions.rounds import cancel_round
from reporting.books import BookState
from reporting.demo import province as example
from reporting.demo.province import CODE
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.management.commands.load_demo import LOGINS, PASSWORD
from reporting.models import (
    Agency,
    AgencyKind,
    Book,
    Notice,
    Publication,
    Round,
    Submission,
    User,
    VerificationCode,
)
from reporting.queries.second_factor import second_factor_of
from reporting.views.sessions import FACTOR_SHOWN
from reporting.workflow import Role, RoundStatus, State
from tests.cast import moved, planned_round
from tests.pictures import PRINTED
from tests.reporting.background import failed_letter, job, told
from tests.reporting.books_by_hand import book_in, offered
from tests.reporting.files_by_hand import attached, ended
from tests.reporting.views.test_second_factor import with_factor

# A province where nothing is there yet, and who is new in it.
EMPTY = "RONG"
NEWCOMERS = {"moivao": Role.REVIEWER, "moinhap": Role.CLERK}


def main(target: Path, communes: int = example.COMMUNES) -> None:
    example.COMMUNES = communes
    call_command("load_catalogue", verbosity=0)
    call_command("load_demo", verbosity=0)
    province = Agency.objects.get(code=CODE)
    reviewer = User.objects.get(username="sonoivu")
    names = {
        **reports(province),
        **rounds(province, reviewer),
        **people(province, reviewer),
        **agencies(),
        **drafts(),
        **codes(),
    }
    background(reviewer)
    nothing_there()
    everybody = [*(name for name, _ in LOGINS), *NEWCOMERS, "nhaplieu", "doimatkhau", "haibuoc"]
    sessions = {name: session_of(name) for name in everybody}
    found = {"names": names, "sessions": sessions, "letters": letters(reviewer)}
    target.write_text(json.dumps(found), encoding="utf-8")


def reports(province: Agency) -> dict[str, Any]:
    """Find a report in each state; one is sent back by letter with a remark already."""
    now = Submission.objects.filter(round__province=province, round__status=RoundStatus.OPEN)
    found: dict[str, Any] = {}
    for state in State:
        in_state = now.filter(state=state.value).order_by("agency__code")
        if state is State.DRAFT:
            in_state = in_state.filter(agency__code=f"{CODE}.SCT")
        if state is State.RETURNED:
            in_state = in_state.filter(agency__code=f"{CODE}.X001")
        found[state.value] = in_state[0].pk
    draft = now.get(pk=found["draft"])
    draft.refresh_from_db()
    found["file"] = attached(draft, by=User.objects.get(username="congthuong")).pk
    found["past"] = (
        Submission.objects.filter(round__status=RoundStatus.CLOSED, state=State.APPROVED)
        .filter(agency__code=f"{CODE}.SCT")
        .order_by("-pk")[0]
        .pk
    )
    # Of the archive's form with the narrative, Phụ lục 1, and of the section form.
    found["archived"] = Submission.objects.get(round__code="BM7-KHONG-RO").pk
    return found


def rounds(province: Agency, reviewer: User) -> dict[str, Any]:
    """Plan one round, cancel another, and have books in each state."""
    current = Round.objects.get(province=province, status=RoundStatus.OPEN)
    closed = Round.objects.filter(province=province, status=RoundStatus.CLOSED)
    published = Publication.objects.select_related("round", "form_version")[0]
    planned = planned_round(province, f"{CODE}-DA-LAP")
    cancelled = planned_round(province, f"{CODE}-DA-HUY")
    cancel_round(round=cancelled, reason="Lập nhầm kỳ.", by=reviewer)
    for state in BookState:
        # Of one content only one may be under way at a time.
        round_ = {BookState.MAKING: current, BookState.BROKEN: planned}.get(state, published.round)
        if state is BookState.DONE:
            offered(round_, reviewer)
        else:
            book_in(state, round_, reviewer)
    return {
        "round": current.code,
        "closed": closed.exclude(pk=published.round_id).order_by("-data_to")[0].code,
        "published": published.round.code,
        "layout": published.form_version.code,
        "planned": planned.code,
        "cancelled": cancelled.code,
        "year": timezone.localdate().year,
        "indicator": "tthc.dung_han.cap_xa.ty_le",
        "waiting_book": Book.objects.get(state=BookState.WAITING).pk,
    }


def people(province: Agency, reviewer: User) -> dict[str, Any]:
    """Enter people at every point of an account's life."""
    agency = Agency.objects.get(code=f"{CODE}.SXD")
    for name, full_name in (
        ("duocmoi", "Vũ Thị Được Mời"),
        ("danghi", "Lý Văn Đã Nghỉ"),
        ("doimatkhau", "Mai Thị Đổi Mật Khẩu"),
        ("haibuoc", "Cao Thị Hai Bước"),
    ):
        person = enter_user(
            username=name, full_name=full_name, password=PASSWORD, roles=[(Role.CLERK, agency)]
        )
        person.email = f"{name}@minh-hoa.example"
        person.save()
    give_first_password(person=User.objects.get(username="doimatkhau"), by=reviewer)
    invited = User.objects.get(username="duocmoi")
    invited.set_unusable_password()
    invited.save()
    left = User.objects.get(username="danghi")
    deactivate_person(person=left, reason="Chuyển công tác.", by=reviewer)
    clerk = User.objects.get(username="congthuong")
    today = timezone.localdate()
    name_deputy(
        person=clerk,
        deputy=User.objects.get(username="doimatkhau"),
        agency=Agency.objects.get(code=f"{CODE}.SCT"),
        valid_from=today,
        valid_to=today + timedelta(days=10),
        by=reviewer,
    )
    told(reviewer, "judged", days_ago=1)
    invited_as, token = invitation_path(invited).strip("/").split("/")[1:]
    forgetful_as, reset = reset_path(User.objects.get(username="nguoiky")).strip("/").split("/")[1:]
    recovery, *_ = with_factor(User.objects.get(username="haibuoc"))
    return {
        "clerk": clerk.pk,
        "reviewer": reviewer.pk,
        "invited": invited.pk,
        "left": left.pk,
        "invited_as": invited_as,
        "invitation": token,
        "forgetful_as": forgetful_as,
        "reset": reset,
        "recovery": recovery,
        "notice": Notice.objects.filter(user=reviewer).order_by("pk")[0].pk,
    }


def agencies() -> dict[str, Any]:
    return {
        "agency": Agency.objects.get(code=f"{CODE}.SCT").pk,
        "commune": Agency.objects.get(code=f"{CODE}.X001").pk,
        "other_commune": Agency.objects.get(code=f"{CODE}.X002").pk,
        "province": Agency.objects.get(code=CODE).pk,
    }


def drafts() -> dict[str, Any]:
    """Begin a draft from a printed table, and bring another table to it."""
    manager = signed_in("danhmuc")
    begun = {
        "code": "PL9-MH-2027",
        "form": "PL9-MH",
        "form_name": "Phụ lục 9 – Chuyển đổi số tại Bộ phận Một cửa",
        "edition": "2027",
        "valid_from": "01/01/2027",
        "title": "CHUYỂN ĐỔI SỐ {PERIOD} CỦA {AGENCY}",
        "label_heading": "Chỉ tiêu thống kê",
        "last_heading": "Ghi chú",
        "pasted": PRINTED,
    }
    manager.post("/bieu-mau/moi/", begun)
    changed = PRINTED.replace("số hóa\t%", "số hóa và ký số\t%").replace("Người", "Lượt người")
    brought = manager.post("/bieu-mau/PL9-MH-2027/nap/", {"pasted": changed})
    return {
        "proposed": "PL9-MH-2027",
        "upload": brought.headers["Location"].rstrip("/").rpartition("/")[2],
        "draft_form": FormVersion.objects.get(code__startswith="PL2-MH-").code,
    }


def codes() -> dict[str, Any]:
    """Print what bears a code: a published table, a report that counts, one changed since."""
    reader = signed_in("lanhdao")
    published = Publication.objects.select_related("round", "form_version")[0]
    at = (
        f"/dot/{published.round.code}/cong-bo/{published.form_version.code}/{published.number}"
        "/phu-luc.csv"
    )
    ended(reader.get(at))
    found = {"code_published": VerificationCode.objects.get(publication=published).code}
    draft = Submission.objects.filter(
        round__province__code=CODE, state=State.SUBMITTED, round__status=RoundStatus.OPEN
    ).order_by("-pk")
    submission_file(draft[0], FORMATS["csv"], by=None)
    found["code_report"] = VerificationCode.objects.get(submission=draft[0]).code
    other = draft[1]
    submission_file(other, FORMATS["csv"], by=None)
    found["code_overtaken"] = VerificationCode.objects.get(submission=other).code
    reviewer = User.objects.get(username="sonoivu")
    moved(other, "return", by=reviewer, reason="Xem lại mục 1.")
    return found


def background(reviewer: User) -> None:
    for status in TaskResultStatus:
        job(status)
    failed_letter(reviewer)


def nothing_there() -> None:
    province = enter_agency(
        agency=Agency(code=EMPTY, name="Tỉnh Còn Trống", kind=AgencyKind.PROVINCE.value)
    )
    for name, role in NEWCOMERS.items():
        enter_user(
            username=name, full_name="Người mới", password=PASSWORD, roles=[(role, province)]
        )


def letters(person: User) -> list[str]:
    """Write every letter that the portal sends, as those see it who read them as pages."""
    contents = {
        "person": person,
        "notices": [("Trả lại: báo cáo quý I & quý II", "https://portal.example/bao-cao/1/")],
        "more": 3,
        "all": "https://portal.example/thong-bao/",
        "link": "https://portal.example/loi-moi/MQ/abc-def/",
        "days": 7,
    }
    folder = settings.BASE_DIR / "templates/mail"
    return [render_to_string(f"mail/{one.name}", contents) for one in folder.glob("*.html")]


def signed_in(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=name))
    return client


def session_of(name: str) -> str:
    """Sign a person in; whoever has a second factor has shown it."""
    client = signed_in(name)
    session = client.session
    session[FACTOR_SHOWN] = second_factor_of(User.objects.get(username=name))
    session.save()
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
