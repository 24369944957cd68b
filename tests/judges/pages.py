"""Every page in every state that people meet it in: its address, who looks, what they did there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import resolve

from tests.judges.walks import (
    Walk,
    both,
    brought,
    comparing,
    locked_out,
    new_codes,
    posted,
    pressed,
    reread,
    signed_out,
    standing_in,
    stay,
    too_often,
    typed,
    without_token,
)
from tests.pictures import PASSWORD, PRINTED

NOBODY = ""
WIDE, NARROW = (1440, 900), (390, 844)
# Who has a second factor, with the password alone.
HALF_WAY = {"username": "haibuoc", "password": PASSWORD}


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as one person sees it. The address names in braces what ``prepared`` found."""

    address: str
    by: str
    walk: Walk = stay
    status: int = 200
    after: str = ""
    keys_at: tuple[int, int] = WIDE

    @property
    def is_nowhere(self) -> bool:
        """Whether it stands for all addresses that are none."""
        return self.address.startswith("/khong-co")

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.address, self.by or "(khách)", self.after)))


def view_of(address: str) -> str:
    """Return the name of the view that answers an address."""
    path = re.sub(r"\{\w+\}", "1", address).partition("?")[0]
    return str(resolve(path).view_name)


def chosen(pages: Sequence[Seen]) -> list[Seen]:
    """Return of each page its first state and the first in which something was done on it, and
    every page that stands for none: what CI has the time for."""
    first: dict[object, Seen] = {}
    for seen in pages:
        is_done = seen.walk is not stay
        first.setdefault(seen if seen.is_nowhere else (view_of(seen.address), is_done), seen)
    return list(first.values())


def wrong(
    address: str,
    by: str,
    fields: Mapping[str, str] | None = None,
    *,
    form: str = "main form[method=post]",
    button: str = "",
    status: int = 422,
) -> Seen:
    """A page with what it says of a mistake."""
    after = f"sau khi gửi sai: {', '.join(fields or ['trống'])}"
    return Seen(address, by, posted(fields, form, button), status, after)


PAGES: tuple[Seen, ...] = (
    # Signing in, the account
    Seen("/dang-nhap/", NOBODY),
    Seen("/dang-nhap/?next=/bao-cao/", NOBODY),
    wrong("/dang-nhap/", NOBODY, {"username": "sonoivu", "password": "sai"}, status=200),
    wrong("/dang-nhap/", NOBODY, {}, status=200),
    Seen("/loi-moi/{invited_as}/{invitation}/", NOBODY),
    wrong(
        "/loi-moi/{invited_as}/{invitation}/", NOBODY, {"new_password1": "a", "new_password2": "b"}
    ),
    Seen("/loi-moi/MTI/abc-def/", NOBODY, status=410),
    Seen("/dang-nhap/", NOBODY, locked_out(), 429, "phải đợi"),
    Seen("/dang-nhap/ma/", NOBODY, posted(HALF_WAY), after="chờ mã"),
    Seen("/dang-nhap/ma/", NOBODY, both(posted(HALF_WAY), posted({"code": "0"})), 422, "mã sai"),
    Seen("/quen-mat-khau/", NOBODY),
    Seen("/quen-mat-khau/", NOBODY, posted({"name": "khong-co-ai"}), after="đã yêu cầu"),
    wrong("/quen-mat-khau/", NOBODY, {"name": ""}),
    Seen("/dat-lai-mat-khau/{forgetful_as}/{reset}/", NOBODY),
    wrong("/dat-lai-mat-khau/{forgetful_as}/{reset}/", NOBODY, {"new_password1": "a"}),
    Seen("/dat-lai-mat-khau/MTI/abc-def/", NOBODY, status=410),
    Seen("/tai-khoan/xac-thuc-hai-buoc/", "congthuong"),
    wrong("/tai-khoan/xac-thuc-hai-buoc/", "congthuong", {"bat-code": "0"}),
    Seen("/tai-khoan/xac-thuc-hai-buoc/", "haibuoc"),
    wrong(
        "/tai-khoan/xac-thuc-hai-buoc/", "haibuoc", {"tat-code": "0"}, form="form:has([value=tat])"
    ),
    Seen(
        "/tai-khoan/xac-thuc-hai-buoc/?ma={recovery}", "haibuoc", new_codes(), after="mã dự phòng"
    ),
    Seen("/mat-khau/", "congthuong"),
    wrong(
        "/mat-khau/",
        "congthuong",
        {"old_password": "sai", "new_password1": "a", "new_password2": "b"},
        status=200,
    ),
    Seen("/mat-khau/", "doimatkhau"),
    Seen("/tai-khoan/", "congthuong"),
    Seen("/tai-khoan/", "giamdocyte"),
    Seen("/tai-khoan/", "quantri"),
    wrong("/tai-khoan/", "congthuong", {"full_name": "", "email": "khong phai"}),
    wrong(
        "/tai-khoan/",
        "giamdocyte",
        {"deputy-deputy": "ai đó", "deputy-valid_from": "x"},
        form="form[action$='/lam-thay/']",
    ),
    # Reports: where they are listed
    Seen("/bao-cao/", "congthuong"),
    Seen("/bao-cao/", "xa001"),
    Seen("/bao-cao/", "soyte"),
    Seen("/bao-cao/", "giamdocyte"),
    Seen("/bao-cao/", "moinhap"),
    # A report in each state, as who works on it and as who judges it sees it
    Seen("/bao-cao/{not_started}/", "nhaplieu"),
    Seen("/bao-cao/{draft}/", "congthuong"),
    Seen("/bao-cao/{draft}/?loc=trong", "congthuong"),
    Seen("/bao-cao/{draft}/", "congthuong", typed("r-1.2.a", "5,356"), after="ô chưa nhận"),
    Seen("/bao-cao/{draft}/", "congthuong", pressed("r-1.2.a", "F2"), after="ngăn mở"),
    Seen(
        "/bao-cao/{draft}/",
        "congthuong",
        pressed("r-1.2.a", "F2"),
        after="ngăn che cả cửa sổ",
        keys_at=NARROW,
    ),
    Seen("/bao-cao/{draft}/", "congthuong", signed_out("r-1.1"), after="hết phiên, hộp đăng nhập"),
    Seen("/bao-cao/{draft}/", "sonoivu"),
    Seen("/bao-cao/{returned}/", "xa001"),
    Seen("/bao-cao/{returned}/", "sonoivu"),
    Seen("/bao-cao/{signing}/", "giamdocyte"),
    Seen("/bao-cao/{signing}/", "soyte"),
    Seen("/bao-cao/{submitted}/", "nhaplieu"),
    Seen("/bao-cao/{submitted}/?ds=trang-thai%3Dcho-duyet", "sonoivu"),
    Seen("/bao-cao/{in_review}/", "sonoivu"),
    Seen("/bao-cao/{approved}/", "nhaplieu"),
    Seen("/bao-cao/{approved}/", "sonoivu"),
    Seen("/bao-cao/{past}/", "congthuong"),
    Seen("/bao-cao/{archived}/", "sonoivu"),
    wrong(
        "/bao-cao/{approved}/", "sonoivu", {"reason": ""}, form=".moves details form", status=409
    ),
    # One row
    Seen("/bao-cao/{draft}/dong/1.2.a/", "congthuong"),
    Seen("/bao-cao/{draft}/dong/1.1/", "congthuong"),
    Seen("/bao-cao/{submitted}/dong/1.1/", "sonoivu"),
    wrong(
        "/bao-cao/{draft}/dong/1.1/",
        "congthuong",
        {"comment": ""},
        form="form:has([name=comment])",
    ),
    # What checks find
    Seen("/bao-cao/{draft}/kiem-tra/", "congthuong"),
    Seen("/bao-cao/{submitted}/kiem-tra/", "sonoivu"),
    Seen("/bao-cao/{not_started}/kiem-tra/", "nhaplieu"),
    # Handing in, and what comes of it
    Seen("/bao-cao/{draft}/gui/", "congthuong"),
    Seen("/bao-cao/{signing}/gui/", "giamdocyte"),
    Seen("/bao-cao/{approved}/gui/", "nhaplieu"),
    Seen("/bao-cao/{submitted}/lan-gui/1/", "sonoivu"),
    Seen("/bao-cao/{returned}/lan-gui/1/", "xa001"),
    Seen("/bao-cao/{returned}/thu-tra-lai/", "xa001"),
    Seen("/bao-cao/{submitted}/tra-lai/", "sonoivu"),
    wrong("/bao-cao/{submitted}/tra-lai/", "sonoivu", {"reason": ""}),
    # Entering figures by other ways
    Seen("/bao-cao/{draft}/ky-truoc/", "congthuong"),
    Seen("/bao-cao/{not_started}/ky-truoc/", "nhaplieu"),
    Seen("/bao-cao/{draft}/khong-phat-sinh/", "congthuong"),
    Seen("/bao-cao/{not_started}/khong-phat-sinh/", "nhaplieu"),
    Seen("/bao-cao/{draft}/dan/", "congthuong"),
    Seen(
        "/bao-cao/{draft}/dan/",
        "congthuong",
        posted({"text": "1.1\tSố văn bản chỉ đạo\tVăn bản\tmười lăm\n\tViệc lạ\tViệc\t3\n"}),
        after="xem trước",
    ),
    wrong("/bao-cao/{draft}/dan/", "congthuong", {"text": "chỉ có chữ"}),
    # Beside the figures
    Seen("/bao-cao/{draft}/nhat-ky/", "congthuong"),
    Seen("/bao-cao/{approved}/nhat-ky/", "sonoivu"),
    Seen("/bao-cao/{not_started}/nhat-ky/", "nhaplieu"),
    Seen("/bao-cao/{approved}/luc/", "sonoivu"),
    Seen("/bao-cao/{approved}/luc/?luc=hôm+qua", "sonoivu", status=422),
    Seen("/bao-cao/{returned}/y-kien/", "xa001"),
    Seen("/bao-cao/{submitted}/y-kien/", "sonoivu"),
    wrong("/bao-cao/{submitted}/y-kien/", "sonoivu", {"comment": ""}, form="form:has(#y-kien)"),
    Seen("/bao-cao/{draft}/tep/", "congthuong"),
    Seen("/bao-cao/{not_started}/tep/", "nhaplieu"),
    Seen("/bao-cao/{approved}/tep/", "sonoivu"),
    Seen(
        "/bao-cao/{draft}/tep/",
        "congthuong",
        brought("anh.pdf", b"khong phai PDF"),
        422,
        "tệp không nhận",
    ),
    # The record of the province
    Seen("/nhat-ky/", "sonoivu"),
    Seen("/nhat-ky/", "moivao"),
    Seen("/nhat-ky/?ai=khong-co-ai", "sonoivu"),
    # What leaders look at
    Seen("/tong-quan/", "lanhdao"),
    Seen("/tong-quan/", "sonoivu"),
    Seen("/tong-quan/", "moivao"),
    Seen("/tong-quan/chon/", "sonoivu"),
    Seen("/tien-do/", "lanhdao"),
    Seen("/tien-do/?tinh-trang=qua-han", "sonoivu"),
    Seen("/tien-do/", "moivao"),
    Seen("/dien-bien/", "lanhdao"),
    Seen("/dien-bien/?chi-tieu={indicator}", "lanhdao"),
    Seen("/dien-bien/?tim=khong+co+gi+nhu+vay", "lanhdao"),
    # Rounds: planned, open, closed, cancelled
    Seen("/dot/", "sonoivu"),
    Seen("/dot/", "lanhdao"),
    Seen("/dot/", "moivao"),
    Seen("/dot/lich/", "sonoivu"),
    Seen("/dot/lich/2025/", "lanhdao"),
    Seen("/dot/moi/", "sonoivu"),
    Seen("/dot/moi/?ky=quy-1-2027", "sonoivu"),
    wrong("/dot/moi/", "sonoivu", {"name": "", "data_from": "31/02/2026", "due_on": "x"}),
    Seen("/dot/{round}/", "sonoivu"),
    Seen("/dot/{round}/?trang-thai=cho-duyet&chon=1", "sonoivu"),
    Seen("/dot/{round}/?tim=khong+co", "sonoivu"),
    Seen("/dot/{round}/", "lanhdao"),
    Seen("/dot/{closed}/", "sonoivu"),
    Seen("/dot/{planned}/", "sonoivu"),
    Seen("/dot/{cancelled}/", "sonoivu"),
    wrong("/dot/{round}/", "sonoivu", {}, form="#duyet"),
    Seen("/dot/{round}/sua/", "sonoivu"),
    Seen("/dot/{planned}/sua/", "sonoivu"),
    Seen("/dot/{cancelled}/sua/", "sonoivu"),
    wrong("/dot/{round}/sua/", "sonoivu", {"name": "", "due_on": "32/13/2026"}),
    Seen("/dot/{planned}/mo/", "sonoivu"),
    Seen("/dot/{round}/mo/", "sonoivu"),
    Seen("/dot/{round}/dong/", "sonoivu"),
    Seen("/dot/{planned}/dong/", "sonoivu"),
    wrong("/dot/{round}/dong/", "sonoivu", {"reason": ""}),
    Seen("/dot/{closed}/mo-lai/", "sonoivu"),
    Seen("/dot/{round}/mo-lai/", "sonoivu"),
    wrong("/dot/{closed}/mo-lai/", "sonoivu", {"reason": "", "closes_on": "x"}),
    Seen("/dot/{planned}/huy/", "sonoivu"),
    Seen("/dot/{round}/huy/", "sonoivu"),
    wrong("/dot/{planned}/huy/", "sonoivu", {"reason": ""}),
    Seen("/dot/{round}/gia-han/", "sonoivu"),
    Seen("/dot/{round}/gia-han/?chon=chua-gui", "sonoivu"),
    Seen("/dot/{closed}/gia-han/", "sonoivu"),
    Seen("/dot/{planned}/gia-han/", "sonoivu"),
    wrong("/dot/{round}/gia-han/", "sonoivu", {"until": "x", "reason": ""}),
    # The province's figures
    Seen("/dot/{round}/tong-hop/", "sonoivu"),
    Seen("/dot/{published}/tong-hop/", "lanhdao"),
    Seen("/dot/{planned}/tong-hop/", "sonoivu"),
    Seen("/dot/{round}/tong-hop/dong/?dong=1.1", "sonoivu"),
    Seen("/dot/{published}/tong-hop/dong/?dong=1.2", "lanhdao"),
    Seen("/dot/{round}/doi-chieu/", "sonoivu"),
    Seen("/dot/{planned}/doi-chieu/", "sonoivu"),
    Seen("/dot/{round}/qua-ky/", "lanhdao"),
    Seen("/dot/{planned}/qua-ky/", "sonoivu"),
    Seen("/dot/{round}/bang-so/", "sonoivu"),
    Seen("/dot/{round}/bang-so/?phan=1", "lanhdao"),
    Seen("/dot/{planned}/bang-so/", "sonoivu"),
    Seen("/dot/{round}/xep-hang/", "lanhdao"),
    Seen("/dot/{round}/xep-hang/?dong=1.2&loai=so", "lanhdao"),
    Seen("/dot/{planned}/xep-hang/", "sonoivu"),
    # Books in each state
    Seen("/dot/{published}/quyen/", "sonoivu"),
    Seen("/dot/{round}/quyen/", "sonoivu"),
    Seen("/dot/{planned}/quyen/", "sonoivu"),
    Seen("/dot/{closed}/quyen/", "lanhdao"),
    # Publications
    Seen("/dot/{published}/cong-bo/", "sonoivu"),
    Seen("/dot/{published}/cong-bo/", "lanhdao"),
    Seen("/dot/{round}/cong-bo/", "sonoivu"),
    Seen("/dot/{planned}/cong-bo/", "sonoivu"),
    wrong("/dot/{closed}/cong-bo/", "sonoivu", {"report_date": "x"}),
    Seen("/dot/{published}/cong-bo/{layout}/1/", "lanhdao"),
    Seen("/dot/{published}/cong-bo/{layout}/1/dong/1.1/", "lanhdao"),
    # The page of a code
    Seen("/kiem-chung/", NOBODY),
    Seen("/kiem-chung/?ma=sai", NOBODY, status=422),
    Seen("/kiem-chung/K7QM-3XWP-9T4A/", NOBODY, status=404),
    Seen("/kiem-chung/{code_published}/", NOBODY),
    Seen("/kiem-chung/{code_published}/", "lanhdao"),
    Seen("/kiem-chung/{code_report}/", "sonoivu"),
    Seen("/kiem-chung/{code_overtaken}/", NOBODY),
    wrong("/kiem-chung/{code_report}/", "sonoivu", {}),
    Seen(
        "/kiem-chung/{code_report}/",
        "sonoivu",
        brought("khac.csv", b"a,b\n1,2\n"),
        after="tệp khác",
        status=422,
    ),
    Seen("/kiem-chung/{code_report}/", "sonoivu", comparing("phu-luc.csv"), after="tệp giống"),
    Seen(
        "/kiem-chung/{code_report}/",
        "sonoivu",
        comparing("phu-luc.csv", [(b",0,", b",7,"), (b",1,", b",8,")]),
        after="tệp bị sửa",
    ),
    Seen("/kiem-chung/{code_report}/", "moinhap", too_often(), 429, "hỏi quá nhiều lần"),
    # Notices, letters, jobs
    Seen("/thong-bao/", "xa001"),
    Seen("/thong-bao/?loc=chua-doc", "sonoivu"),
    Seen("/thong-bao/", "moivao"),
    Seen("/thu/", "sonoivu"),
    Seen("/thu/?trang-thai=sent", "sonoivu"),
    Seen("/thu/", "moivao"),
    Seen("/viec-nen/", "quantri"),
    Seen("/viec-nen/?trang-thai=FAILED", "quantri"),
    # Agencies
    Seen("/don-vi/", "sonoivu"),
    Seen("/don-vi/?tim=khong+co", "lanhdao"),
    Seen("/don-vi/", "moivao"),
    Seen("/don-vi/moi/", "sonoivu"),
    wrong("/don-vi/moi/", "sonoivu", {"code": "", "name": ""}),
    Seen("/don-vi/nap/", "sonoivu"),
    Seen("/don-vi/nap/", "sonoivu", brought("a.xlsx", b"khong phai"), 422, "tệp không đọc được"),
    Seen("/don-vi/nap/", "sonoivu", reread("/don-vi.csv"), after="xem trước"),
    Seen(
        "/don-vi/nap/",
        "sonoivu",
        reread("/don-vi.csv", [(b"X001", b""), (b"X003", b"X002")]),
        422,
        "tệp có lỗi",
    ),
    Seen("/don-vi/chuyen/?chon={commune}&chon={other_commune}", "sonoivu"),
    wrong("/don-vi/chuyen/", "sonoivu", {"on": "x", "reason": ""}),
    Seen("/don-vi/sap-nhap/?chon={commune}&chon={other_commune}", "sonoivu"),
    wrong("/don-vi/sap-nhap/", "sonoivu", {"on": "x"}),
    Seen("/don-vi/{agency}/", "sonoivu"),
    Seen("/don-vi/{commune}/", "lanhdao"),
    Seen("/don-vi/{province}/", "sonoivu"),
    Seen("/don-vi/{agency}/qua-cac-dot/", "lanhdao"),
    Seen("/don-vi/{agency}/sua/", "sonoivu"),
    wrong("/don-vi/{agency}/sua/", "sonoivu", {"name": "", "code": ""}),
    Seen("/don-vi/{commune}/chia-tach/", "sonoivu"),
    wrong("/don-vi/{commune}/chia-tach/", "sonoivu", {"on": "x"}),
    Seen("/don-vi/{commune}/ket-thuc/", "sonoivu"),
    wrong("/don-vi/{commune}/ket-thuc/", "sonoivu", {"on": "x", "reason": ""}),
    # People
    Seen("/nguoi-dung/", "sonoivu"),
    Seen("/nguoi-dung/?tim=khong+co", "sonoivu"),
    Seen("/nguoi-dung/", "moivao"),
    Seen("/nguoi-dung/moi/", "sonoivu"),
    wrong(
        "/nguoi-dung/moi/", "sonoivu", {"full_name": "", "email": "sai", "roles-0-agency": "đâu"}
    ),
    Seen("/nguoi-dung/ai-lam-gi/", "sonoivu"),
    Seen("/nguoi-dung/ai-lam-gi/?tim=khong+co", "sonoivu"),
    Seen("/nguoi-dung/{clerk}/", "sonoivu"),
    Seen("/nguoi-dung/{reviewer}/", "sonoivu"),
    Seen("/nguoi-dung/{invited}/", "sonoivu"),
    Seen("/nguoi-dung/{left}/", "sonoivu"),
    wrong(
        "/nguoi-dung/{clerk}/",
        "sonoivu",
        {"role-agency": "nơi nào đó", "role-valid_from": "x"},
        form="form[action$='/vai-tro/']",
    ),
    wrong(
        "/nguoi-dung/{clerk}/",
        "sonoivu",
        {"deputy-deputy": "ai đó", "deputy-valid_from": "x"},
        form="form[action$='/lam-thay/']",
    ),
    wrong(
        "/nguoi-dung/{clerk}/", "sonoivu", {"reason": ""}, form="form[action$='/nghi/']", status=409
    ),
    Seen("/nguoi-dung/{clerk}/sua/", "sonoivu"),
    wrong("/nguoi-dung/{clerk}/sua/", "sonoivu", {"full_name": "", "email": "sai"}),
    # The catalogue
    Seen("/bieu-mau/", "danhmuc"),
    Seen("/bieu-mau/", "congthuong"),
    Seen("/bieu-mau/so-sanh/", "danhmuc"),
    Seen("/bieu-mau/so-sanh/?cu=PL2-KH-2021&moi=PL2-KH-2022", "danhmuc"),
    Seen("/bieu-mau/so-sanh/?cu=PL2-KH-2022&moi=PL2-KH-2022", "congthuong"),
    Seen("/bieu-mau/moi/", "danhmuc"),
    Seen("/bieu-mau/moi/?tu=PL2-KH-2022", "danhmuc"),
    wrong("/bieu-mau/moi/", "danhmuc", {"code": "", "title": "", "pasted": PRINTED}),
    Seen("/bieu-mau/PL2-KH-2022/", "congthuong"),
    Seen("/bieu-mau/PL1-GL-2023/", "danhmuc"),
    Seen("/bieu-mau/{draft_form}/", "danhmuc"),
    Seen("/bieu-mau/{draft_form}/sua/", "danhmuc"),
    Seen("/bieu-mau/{draft_form}/sua/?sua=1.3.2", "danhmuc"),
    Seen("/bieu-mau/{proposed}/sua/", "danhmuc"),
    Seen("/bieu-mau/{proposed}/sua/?them=", "danhmuc"),
    wrong(
        "/bieu-mau/{proposed}/sua/?sua=1.1",
        "danhmuc",
        {"label": ""},
        button="button.main[value^='save:']",
    ),
    Seen("/bieu-mau/{draft_form}/dau-bieu/", "danhmuc"),
    wrong("/bieu-mau/{draft_form}/dau-bieu/", "danhmuc", {"title": "", "valid_from": "x"}),
    Seen("/bieu-mau/{draft_form}/quy-tac/", "danhmuc"),
    Seen("/bieu-mau/{proposed}/quy-tac/", "danhmuc"),
    wrong("/bieu-mau/{proposed}/quy-tac/", "danhmuc", {"form-0-condition": "[1.1] >"}),
    Seen("/bieu-mau/{proposed}/nap/", "danhmuc"),
    wrong("/bieu-mau/{proposed}/nap/", "danhmuc", {"pasted": ""}),
    Seen("/bieu-mau/{proposed}/nap/{upload}/", "danhmuc"),
    Seen("/bieu-mau/{draft_form}/cong-bo/", "danhmuc"),
    Seen("/bieu-mau/{proposed}/cong-bo/", "danhmuc"),
    Seen("/bieu-mau/PL2-KH-2022/het-hieu-luc/", "danhmuc"),
    wrong("/bieu-mau/PL2-KH-2022/het-hieu-luc/", "danhmuc", {"last_day": "x"}),
    Seen("/bieu-mau/{proposed}/bo/", "danhmuc"),
    Seen("/bieu-mau/{proposed}/lich-su/", "danhmuc"),
    Seen("/bieu-mau/PL2-KH-2022/lich-su/", "danhmuc"),
    Seen("/bieu-mau/PL2-KH-2022/xem-tren-giay/", "congthuong"),
    Seen("/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/", "congthuong"),
    Seen("/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/?tim=khong+co", "danhmuc"),
    Seen("/bieu-mau/PL2-KH-2022/quy-tac/thu/", "danhmuc"),
    Seen("/bieu-mau/{draft_form}/nhap-thu/", "danhmuc"),
    Seen(
        "/bieu-mau/{draft_form}/nhap-thu/",
        "danhmuc",
        posted({}, button="[name=save]"),
        after="đã nhập thử",
    ),
    Seen("/chi-tieu/", "congthuong"),
    Seen("/chi-tieu/?tim=ho+so+dung+han", "congthuong"),
    Seen("/chi-tieu/?tim=zzzz", "congthuong"),
    Seen("/chi-tieu/{indicator}/", "congthuong"),
    Seen("/chi-tieu/{indicator}/", "danhmuc"),
    Seen("/chi-tieu/{indicator}/sua/", "danhmuc"),
    wrong("/chi-tieu/{indicator}/sua/", "danhmuc", {"name": ""}),
    # What went wrong
    Seen("/mat-khau/", "moivao", too_often(), 429, "quá nhiều lần"),
    Seen("/khong-co/", "sonoivu", status=404),
    Seen("/khong-co/", NOBODY, status=404),
    Seen("/bao-cao/?a=%00", "sonoivu", status=400),
    Seen("/tai-khoan/", "sonoivu", without_token(), 403, "trang đã cũ"),
    Seen("/bao-cao/{draft}/tep/", "congthuong", brought("lon.pdf", b"x" * 6_000_000), 413, "to"),
    Seen("/khong-co-503/", "sonoivu", standing_in("503.html", 503), 503),
    Seen("/khong-co-500/", "sonoivu", standing_in("500.html", 500), 500),
)

# What answers with a file or a part of a page, to a posting alone, by leading elsewhere, or to a
# machine.
NO_PAGES = frozenset(
    {
        "account-act",
        "agencies-blank",
        "agencies-file",
        "approvals",
        "blank-file",
        "board-file",
        "book-cancel",
        "book-file",
        "cells",
        "checks-file",
        "evidence-file",
        "evidence-removal",
        "filing-file",
        "healthz",
        "home",
        "job-again",
        "journal-file",
        "letter-file",
        "logout",
        "mail-again",
        "matrix-file",
        "metrics",
        "move",
        "notice",
        "person-act",
        "publication-file",
        "read-cells",
        "readyz",
        "receipt-file",
        "reminder-file",
        "reminders-file",
        "round-file",
        "rule-book-file",
        "seen",
        "sso",
        "sso-callback",
        "submission-file",
        "trial-file",
        "upload-original",
        "version-file",
        "who-may-file",
    }
)
