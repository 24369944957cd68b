"""The addresses of reporting; each has its line in the access table of the tests."""

from django.urls import path, register_converter

from reporting.documents.formats import FORMATS
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.documents.formats.listing import LIST_FORMATS
from reporting.documents.formats.printed_lists import PRINTED_LIST_FORMATS
from reporting.views import (
    account,
    agencies,
    agency_acts,
    agency_import,
    board,
    books,
    cells,
    checks,
    evidence,
    filings,
    forgotten,
    jobs,
    journal,
    letters,
    mails,
    matrix,
    nil,
    notices,
    overview,
    panels,
    past,
    pasting,
    people,
    previous,
    province,
    publications,
    ranking,
    reviews,
    round_acts,
    rounds,
    rulebook,
    second_factor,
    sessions,
    single_sign_on,
    submissions,
    tracks,
    trends,
    trials,
    verification,
)


class FormatConverter:
    """A file format by its extension; any other address is unknown."""

    regex = "|".join(FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ListFormatConverter(FormatConverter):
    """A format of lists by its extension."""

    regex = "|".join(LIST_FORMATS)


class PrintedListFormatConverter(FormatConverter):
    """A format of lists that go on paper, by its extension."""

    regex = "|".join(PRINTED_LIST_FORMATS)


class LetterFormatConverter(FormatConverter):
    """A format of letters by its extension."""

    regex = "|".join(LETTER_FORMATS)


register_converter(FormatConverter, "format")
register_converter(LetterFormatConverter, "letter-format")
register_converter(ListFormatConverter, "list-format")
register_converter(PrintedListFormatConverter, "printed-list-format")

urlpatterns = [
    path("", sessions.home, name="home"),
    path("dang-nhap/", sessions.SignIn.as_view(), name="login"),
    path("dang-xuat/", sessions.SignOut.as_view(), name="logout"),
    path("mat-khau/", sessions.ChangePassword.as_view(), name="password"),
    path("loi-moi/<uidb64>/<token>/", sessions.Invitation.as_view(), name="invitation"),
    path("dang-nhap/chung/", single_sign_on.start, name="sso"),
    path("dang-nhap/chung/tra-ve/", single_sign_on.callback, name="sso-callback"),
    path("dang-nhap/ma/", second_factor.SecondFactor.as_view(), name="second-factor"),
    path("tai-khoan/xac-thuc-hai-buoc/", second_factor.setup, name="second-factor-setup"),
    path("quen-mat-khau/", forgotten.forgotten, name="forgotten"),
    path("dat-lai-mat-khau/<uidb64>/<token>/", forgotten.Reset.as_view(), name="reset"),
    path("tai-khoan/", account.account, name="account"),
    path("tai-khoan/viec/<slug:name>/", account.act, name="account-act"),
    path("nguoi-dung/", people.listing, name="people"),
    path("nguoi-dung/moi/", people.new, name="person-new"),
    path("nguoi-dung/ai-lam-gi/", people.who_may, name="who-may"),
    path("nguoi-dung/ai-lam-gi.xlsx", people.who_may_export, name="who-may-file"),
    path("nguoi-dung/<int:pk>/", people.detail, name="person"),
    path("nguoi-dung/<int:pk>/sua/", people.edit, name="person-edit"),
    path("nguoi-dung/<int:pk>/viec/<slug:name>/", people.act, name="person-act"),
    path("bao-cao/", submissions.mine, name="my-reports"),
    path("bao-cao/<int:pk>/", submissions.sheet, name="submission"),
    path("bao-cao/<int:pk>/o/", cells.save, name="cells"),
    path("bao-cao/<int:pk>/doc/", cells.read, name="read-cells"),
    path("bao-cao/<int:pk>/dong/<str:key>/", panels.row, name="row"),
    path("bao-cao/<int:pk>/kiem-tra/", checks.checks, name="checks"),
    path("bao-cao/<int:pk>/kiem-tra.xlsx", checks.checks_file, name="checks-file"),
    path("bao-cao/<int:pk>/gui/", submissions.submit, name="submit"),
    path("bao-cao/<int:pk>/lan-gui/<int:number>/", filings.filing, name="filing"),
    path(
        "bao-cao/<int:pk>/lan-gui/<int:number>/phu-luc.<format:extension>",
        filings.export,
        name="filing-file",
    ),
    path(
        "bao-cao/<int:pk>/lan-gui/<int:number>/giay-bien-nhan.<letter-format:extension>",
        letters.receipt,
        name="receipt-file",
    ),
    path("bao-cao/<int:pk>/viec/<slug:name>/", submissions.move, name="move"),
    path("bao-cao/<int:pk>/ky-truoc/", previous.previous, name="previous"),
    path("bao-cao/<int:pk>/khong-phat-sinh/", nil.nil, name="nil"),
    path("bao-cao/<int:pk>/dan/", pasting.paste, name="paste"),
    path("bao-cao/<int:pk>/nhat-ky/", submissions.record, name="record"),
    path("bao-cao/<int:pk>/luc/", past.past, name="as-it-stood"),
    path("bao-cao/<int:pk>/y-kien/", reviews.comments, name="comments"),
    path("bao-cao/<int:pk>/da-xem/", submissions.seen, name="seen"),
    path("bao-cao/<int:pk>/tra-lai/", reviews.send_back_page, name="return"),
    path("bao-cao/<int:pk>/thu-tra-lai/", reviews.last_letter, name="letter"),
    path(
        "bao-cao/<int:pk>/thu-tra-lai.<letter-format:extension>",
        letters.return_letter,
        name="letter-file",
    ),
    path("bao-cao/<int:pk>/tep/", evidence.evidence, name="evidence"),
    path("bao-cao/<int:pk>/tep/<int:file>/", evidence.evidence_file, name="evidence-file"),
    path("bao-cao/<int:pk>/tep/<int:file>/go/", evidence.evidence_removal, name="evidence-removal"),
    path("bao-cao/<int:pk>/phu-luc.<format:extension>", submissions.export, name="submission-file"),
    path("nhat-ky/", journal.journal, name="journal"),
    path("nhat-ky.<list-format:extension>", journal.journal_export, name="journal-file"),
    path("tong-quan/", overview.detail, name="overview"),
    path("tong-quan/chon/", overview.choose, name="overview-choose"),
    path("tien-do/", board.detail, name="board"),
    path("tien-do.<list-format:extension>", board.export, name="board-file"),
    path("dien-bien/", trends.detail, name="trend"),
    path("dot/", rounds.listing, name="rounds"),
    # Before the codes of rounds: models.rounds.OWN_ADDRESSES keeps these words from being one.
    path("dot/lich/", round_acts.calendar, name="calendar"),
    path("dot/lich/<int:year>/", round_acts.calendar, name="calendar-year"),
    path("dot/moi/", round_acts.new, name="round-new"),
    path("dot/<slug:code>/sua/", round_acts.change, name="round-change"),
    path("dot/<slug:code>/mo/", round_acts.opening, name="round-open"),
    path("dot/<slug:code>/dong/", round_acts.closing, name="round-close"),
    path("dot/<slug:code>/mo-lai/", round_acts.reopening, name="round-reopen"),
    path("dot/<slug:code>/huy/", round_acts.cancelling, name="round-cancel"),
    path("dot/<slug:code>/gia-han/", round_acts.extending, name="round-extend"),
    path("dot/<slug:code>/", rounds.detail, name="round"),
    path("dot/<slug:code>/duyet/", reviews.approvals, name="approvals"),
    path(
        "dot/<slug:code>/don-vi/<int:agency>/thu-nhac.<letter-format:extension>",
        letters.reminder,
        name="reminder-file",
    ),
    path("dot/<slug:code>/thu-nhac.zip", letters.reminders, name="reminders-file"),
    path("dot/<slug:code>/tong-hop/", province.table, name="table"),
    path("dot/<slug:code>/tong-hop/dong/", province.breakdown, name="breakdown"),
    path("dot/<slug:code>/doi-chieu/", province.reconcile, name="round-reconcile"),
    path("dot/<slug:code>/qua-ky/", province.over_time, name="over-time"),
    path("dot/<slug:code>/bang-so/", matrix.detail, name="matrix"),
    path(
        "dot/<slug:code>/bang-so.<printed-list-format:extension>",
        matrix.export,
        name="matrix-file",
    ),
    path("dot/<slug:code>/xep-hang/", ranking.detail, name="ranking"),
    path("dot/<slug:code>/phu-luc.<format:extension>", province.export, name="round-file"),
    path("dot/<slug:code>/quyen/", books.listing, name="books"),
    path("dot/<slug:code>/quyen/<int:pk>/huy/", books.cancel, name="book-cancel"),
    path("dot/<slug:code>/quyen/<int:pk>/tep/", books.export, name="book-file"),
    path("dot/<slug:code>/cong-bo/", publications.publishing, name="round-publish"),
    path(
        "dot/<slug:code>/cong-bo/<slug:layout>/<int:number>/",
        publications.publication,
        name="publication",
    ),
    path(
        "dot/<slug:code>/cong-bo/<slug:layout>/<int:number>/dong/<str:key>/",
        publications.row,
        name="publication-row",
    ),
    path(
        "dot/<slug:code>/cong-bo/<slug:layout>/<int:number>/phu-luc.<format:extension>",
        publications.export,
        name="publication-file",
    ),
    path("kiem-chung/", verification.ask, name="verify"),
    path("kiem-chung/<str:code>/", verification.verified, name="verified"),
    path("thong-bao/", notices.listing, name="notices"),
    path("thong-bao/<int:pk>/", notices.notice, name="notice"),
    path("thu/", mails.listing, name="mails"),
    path("thu/<int:pk>/gui-lai/", mails.again, name="mail-again"),
    path("viec-nen/", jobs.listing, name="jobs"),
    path("viec-nen/<uuid:pk>/chay-lai/", jobs.again, name="job-again"),
    path("don-vi/", agencies.listing, name="agencies"),
    path("don-vi.<list-format:extension>", agencies.export, name="agencies-file"),
    path("don-vi/mau.xlsx", agencies.blank, name="agencies-blank"),
    path("don-vi/moi/", agencies.enter, name="agency-new"),
    path("don-vi/nap/", agency_import.bring, name="agencies-import"),
    path("don-vi/chuyen/", agency_acts.move, name="agencies-move"),
    path("don-vi/sap-nhap/", agency_acts.merge, name="agencies-merge"),
    path("don-vi/<int:pk>/", agencies.detail, name="agency"),
    path("don-vi/<int:pk>/qua-cac-dot/", tracks.track, name="agency-track"),
    path("don-vi/<int:pk>/sua/", agencies.change, name="agency-edit"),
    path("don-vi/<int:pk>/chia-tach/", agency_acts.split, name="agency-split"),
    path("don-vi/<int:pk>/ket-thuc/", agency_acts.end, name="agency-end"),
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
