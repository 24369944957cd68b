"""What files are called: names that people understand and that any system keeps."""

import re
import unicodedata

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.models import Round
from reporting.printing.sections import sections

LONGEST_PART = 60
# How names begin that are not of appendices.
CHECKS_STEM = "KiemTra"
MATRIX_STEM = "BangSo"
BOOK_STEM = "Quyen"
RETURN_STEM, REMINDER_STEM, RECEIPT_STEM = "ThuTraLai", "ThuNhac", "GiayBienNhan"
# What the record calls files whose names begin so; every other is an appendix.
TOLD_BY_STEM = {
    CHECKS_STEM: "kết quả kiểm tra",
    MATRIX_STEM: "bảng số của các đơn vị",
    BOOK_STEM: "quyển phụ lục",
    RETURN_STEM: "thư trả lại",
    REMINDER_STEM: "thư nhắc",
    RECEIPT_STEM: "giấy biên nhận",
}
# The pages that offer letters; an appendix is offered on many.
PAGE_BY_STEM = {
    RETURN_STEM: "trang thư trả lại",
    REMINDER_STEM: "trang của đợt",
    RECEIPT_STEM: "trang giấy biên nhận",
}
UNSENT = "ban-nhap"
_LONGEST_LABEL = 12
_ROMAN = re.compile(r"[IVXLC]+")
_QUARTERS = {"Quy1": "QuyI", "Quy2": "QuyII", "Quy3": "QuyIII", "Quy4": "QuyIV"}
_YEAR = re.compile(r"(.*?)(?: dau)?(?: nam)? ?(\d{4})", re.IGNORECASE)


def file_stem(*parts: str) -> str:
    """Join names into a file name that any system keeps: no accents, no spaces.

    >>> file_stem("PL2-KH-2022", "Sở Công Thương", "KH-2022-Q1")
    'PL2-KH-2022_SoCongThuong_KH-2022-Q1'
    """
    return "_".join(map(_joined, parts))


def report_stem(
    version: FormVersion, round_: Round, whose: str, standing: str, section: str = ""
) -> str:
    """Return the name of an agency's appendix: form, province, period, whose figures they are, as
    which handing in, and the part that is printed alone."""
    form = form_name(version.appendix_label, version.code)
    return _appendix_stem(form, round_, whose, standing, section_name(version, section))


def province_stem(
    version: FormVersion, round_: Round, what: str, standing: str = "", section: str = ""
) -> str:
    """Return the name of a province's table; one drawn up by another form than the province's own,
    which may bear the same heading, is called by the code of that form."""
    is_own = version.pk == round_.summary_version_id
    form = form_name(version.appendix_label if is_own else "", version.code)
    return _appendix_stem(form, round_, what, standing, section_name(version, section))


def matrix_stem(layout: FormVersion, round_: Round) -> str:
    """Return the name of the list of all agencies' figures by the rows of ``layout``."""
    return "_".join((MATRIX_STEM, province_stem(layout, round_, "")))


def book_stem(version: FormVersion | None, round_: Round, what: str) -> str:
    """Return the name of the book of a round's appendices, by one form or all of them."""
    form = form_name(version.appendix_label, version.code) if version else ""
    return "_".join(filter(None, (BOOK_STEM, form, *of_round(round_), what)))


def _appendix_stem(form: str, round_: Round, who: str, standing: str, section: str) -> str:
    return "_".join(filter(None, (form, *of_round(round_), _joined(who), standing, section)))


def letter_stem(kind: str, round_: Round, who: str, standing: str = "") -> str:
    """Return the name of a letter: what it is, province, period, to whom, and of which handing
    in."""
    return "_".join(filter(None, (kind, *of_round(round_), _joined(who), standing)))


def handed_in(number: int) -> str:
    return f"lan{number}"


def published(number: int) -> str:
    return f"congbo{number}"


def section_name(version: FormVersion, key: str) -> str:
    """Call a part of a form by its place in it; nothing where the whole form is meant."""
    if not key:
        return ""
    keys = [one.key for one in sections(form_definition(version))]
    return f"Phan{keys.index(key) + 1}"


def form_name(label: str, code: str) -> str:
    """Call a form by the heading of its paper, as people do; by its code where it has none.

    >>> form_name("Phụ lục 2", "PL2-KH-2022"), form_name("PHỤ LỤC SỐ II", "X"), form_name("", "X")
    ('PL2', 'PLII', 'X')
    """
    words = [word for word in _ascii(label).split() if word.lower() != "so"]
    short = "".join(word[:1].upper() if _is_word(word) else word for word in words)
    return short if 0 < len(short) <= _LONGEST_LABEL else _joined(code)


def _is_word(text: str) -> bool:
    return text.isalpha() and _ROMAN.fullmatch(text) is None


def of_round(round_: Round) -> tuple[str, str]:
    """Return how a name tells province and period."""
    return province_name(round_.province.name), period_name(round_.period_text, round_.code)


def province_name(name: str) -> str:
    """Call a province without what it is.

    >>> province_name("Tỉnh Khánh Hòa"), province_name("Thành phố Huế")
    ('KhanhHoa', 'Hue')
    """
    return _joined(re.sub(r"^(?:tinh|thanh pho) (?=.)", "", _ascii(name), flags=re.IGNORECASE))


def period_name(text: str, code: str) -> str:
    """Call a period by what is printed of it; by the code of its round where that has no year.

    >>> period_name("quý I năm 2022", "A"), period_name("quý 1 năm 2022", "A")
    ('QuyI-2022', 'QuyI-2022')
    >>> period_name("6 tháng đầu năm 2023", "A"), period_name("quý III/2021", "A")
    ('6Thang-2023', 'QuyIII-2021')
    >>> period_name("năm 2023", "A"), period_name("quý này", "MH-QUY")
    ('Nam-2023', 'MH-QUY')
    """
    found = _YEAR.fullmatch(_ascii(text.replace("/", " ")).strip())
    if found is None:
        return _joined(code)
    name = _joined(found[1]) or "Nam"
    return f"{_QUARTERS.get(name, name)}-{found[2]}"


def _joined(text: str) -> str:
    words = _ascii(text).split()
    return "".join(word[:1].upper() + word[1:] for word in words)[:LONGEST_PART]


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^A-Za-z0-9 -]+", "", plain.encode("ascii", "ignore").decode())
