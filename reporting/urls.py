"""The addresses of reporting; each has its line in the access table of the tests."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter

from reporting.documents.formats import FORMATS
from reporting.views import (
    cells,
    checks,
    evidence,
    nil,
    panels,
    pasting,
    previous,
    reviews,
    rounds,
    rulebook,
    sessions,
    submissions,
    trials,
)


class FormatConverter:
    """A file format by its extension; any other address is unknown."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "format")

urlpatterns = [
    path("", sessions.home, name="home"),
    path("dang-nhap/", sessions.SignIn.as_view(), name="login"),
    path("dang-xuat/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("mat-khau/", sessions.ChangePassword.as_view(), name="password"),
    path("bao-cao/", submissions.mine, name="my-reports"),
    path("bao-cao/<int:pk>/", submissions.sheet, name="submission"),
    path("bao-cao/<int:pk>/o/", cells.save, name="cells"),
    path("bao-cao/<int:pk>/doc/", cells.read, name="read-cells"),
    path("bao-cao/<int:pk>/dong/<str:key>/", panels.row, name="row"),
    path("bao-cao/<int:pk>/kiem-tra/", checks.checks, name="checks"),
    path("bao-cao/<int:pk>/kiem-tra.xlsx", checks.checks_file, name="checks-file"),
    path("bao-cao/<int:pk>/gui/", submissions.submit, name="submit"),
    path("bao-cao/<int:pk>/viec/<slug:name>/", submissions.move, name="move"),
    path("bao-cao/<int:pk>/ky-truoc/", previous.previous, name="previous"),
    path("bao-cao/<int:pk>/khong-phat-sinh/", nil.nil, name="nil"),
    path("bao-cao/<int:pk>/dan/", pasting.paste, name="paste"),
    path("bao-cao/<int:pk>/nhat-ky/", submissions.record, name="record"),
    path("bao-cao/<int:pk>/y-kien/", reviews.comments, name="comments"),
    path("bao-cao/<int:pk>/da-xem/", submissions.seen, name="seen"),
    path("bao-cao/<int:pk>/tra-lai/", reviews.send_back_page, name="return"),
    path("bao-cao/<int:pk>/thu-tra-lai/", reviews.last_letter, name="letter"),
    path("bao-cao/<int:pk>/tep/", evidence.evidence, name="evidence"),
    path("bao-cao/<int:pk>/tep/<int:file>/", evidence.evidence_file, name="evidence-file"),
    path("bao-cao/<int:pk>/tep/<int:file>/go/", evidence.evidence_removal, name="evidence-removal"),
    path("bao-cao/<int:pk>/phu-luc.<format:extension>", submissions.export, name="submission-file"),
    path("dot/", rounds.listing, name="rounds"),
    path("dot/<slug:code>/", rounds.detail, name="round"),
    path("dot/<slug:code>/duyet/", reviews.approvals, name="approvals"),
    path("dot/<slug:code>/tong-hop/", rounds.table, name="table"),
    path("dot/<slug:code>/tong-hop/dong/", rounds.breakdown, name="breakdown"),
    path("dot/<slug:code>/phu-luc.<format:extension>", rounds.export, name="round-file"),
    path("bieu-mau/<slug:code>/xem-tren-giay/", trials.paper, name="paper"),
    path("bieu-mau/<slug:code>/mau-trong.<format:extension>", trials.blank_form, name="blank-file"),
    path("bieu-mau/<slug:code>/quy-tac-kiem-tra/", rulebook.rule_book, name="rule-book"),
    path(
        "bieu-mau/<slug:code>/quy-tac-kiem-tra.xlsx",
        rulebook.rule_book_export,
        name="rule-book-file",
    ),
    path("bieu-mau/<slug:code>/quy-tac/thu/", rulebook.rule_trial, name="rule-trial"),
    path("bieu-mau/<slug:code>/nhap-thu/", trials.trial, name="trial"),
    path(
        "bieu-mau/<slug:code>/nhap-thu/phu-luc.<format:extension>",
        trials.trial_export,
        name="trial-file",
    ),
]
