"""Words compared across papers: what is the same word although it is written otherwise."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]")
_NO_WORD = re.compile(r"[^\w%/+]+")
_WORD = re.compile(r"[^\W_]+|%")

# The tone stands on either letter (hoá, hóa; luỹ, lũy), and some words end in i or y.
_TONE = re.compile(r"(?:(o)([ae])|(u)(y))([\u0300\u0301\u0303\u0309\u0323])(?![^\W\d_])")
_IN_Y = {"tỉ": "tỷ", "lí": "lý", "kì": "kỳ", "kĩ": "kỹ", "kỉ": "kỷ", "mĩ": "mỹ", "quí": "qúy"}

# What the field abbreviates without saying so.
ABBREVIATIONS: Mapping[str, str] = {
    "bcci": "bưu chính công ích",
    "cchc": "cải cách hành chính",
    "cntt": "công nghệ thông tin",
    "dvc": "dịch vụ công",
    "dvcqg": "dịch vụ công quốc gia",
    "dvctt": "dịch vụ công trực tuyến",
    "đvsn": "đơn vị sự nghiệp",
    "đvsncl": "đơn vị sự nghiệp công lập",
    "hđnd": "hội đồng nhân dân",
    "nsnn": "ngân sách nhà nước",
    "pakn": "phản ánh kiến nghị",
    "qppl": "quy phạm pháp luật",
    "qtnb": "quy trình nội bộ",
    "sncl": "sự nghiệp công lập",
    "tthc": "thủ tục hành chính",
    "ubnd": "ủy ban nhân dân",
    "vbqppl": "văn bản quy phạm pháp luật",
}
# Words that labels may have or lack and still mean the same.
FILLERS = frozenset(
    {"và", "của", "các", "cả", "đã", "được", "việc", "tại", "do", "cho", "về"}
    | {"số", "tổng", "lượng", "trong", "đó"}
)
_SHORT = re.compile(r"\((?:[^()]*\s)?([A-ZĐ]{2,12})\s*\)")
_RENAMED = re.compile(
    r"điều chỉnh\s+(?:lại\s+)?thành\s*(?::\s*)?[“”\"«'](.+?)(?:[”\"»]|$)", re.S | re.I
)


def folded(text: str) -> str:
    """Return ``text`` in small letters without diacritics, as people type in a hurry.

    >>> folded("Tỷ lệ hồ sơ ĐÃ giải quyết")
    'ty le ho so da giai quyet'
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return " ".join(_NO_WORD.sub(" ", plain.replace("đ", "d")).split())


def lowered(text: str) -> str:
    """Return ``text`` in small letters, NFC, single blanks, its diacritics kept.

    >>> lowered("Tỷ lệ  HỒ SƠ.")
    'tỷ lệ hồ sơ'
    """
    return " ".join(_NO_WORD.sub(" ", unicodedata.normalize("NFC", text.casefold())).split())


def search_text(*texts: str) -> str:
    """Return what a search looks through: the words as written, then without diacritics."""
    together = " ".join(texts)
    return f"{lowered(together)} | {folded(together)}"


def says(words: str, *texts: str) -> bool:
    """Say whether every one of ``words``, as they are typed between blanks, is in one of ``texts``.
    Capitals never count; accents count in a word that is typed with them, and «đ» is such a word.
    Compared in Python, because databases fold other letters than ASCII each in its own way.

    >>> says("so cong thuong", "Sở Công Thương"), says("ĐẤT", "Văn phòng Đăng ký đất đai")
    (True, True)
    >>> says("nam", "Năm 2026"), says("năm", "Miền Nam"), says("đan", "Dân vận")
    (True, False, False)
    >>> says("mh.01 thuong", "Sở Công Thương", "MH.01"), says("", "Sở Công Thương")
    (True, True)
    """
    return all(any(word in _searched(text) for text in texts) for word in _typed(words))


@lru_cache(maxsize=256)
def _typed(words: str) -> Sequence[str]:
    return [found for word in words.split() if (found := lowered(word))]


# Lists of thousands of names are looked through at each opening of a page.
_searched = lru_cache(maxsize=32768)(search_text)


def words(text: str, abbreviations: Mapping[str, str] = ABBREVIATIONS) -> list[str]:
    """Return the words of ``text`` in one spelling, abbreviations written out. Diacritics stay:
    «năm» (year) is not «nam» (south).

    >>> words("- Số hoá hồ sơ TTHC, luỹ kế")
    ['số', 'hóa', 'hồ', 'sơ', 'thủ', 'tục', 'hành', 'chính', 'lũy', 'kế']
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    spelled = unicodedata.normalize("NFC", _TONE.sub(r"\1\3\5\2\4", apart))
    found: list[str] = []
    for word in _WORD.findall(spelled):
        alike = _IN_Y.get(word, word)
        found += abbreviations[alike].split() if alike in abbreviations else (alike,)
    return found


def introduced(texts: Iterable[str]) -> dict[str, str]:
    """Return the abbreviations that a paper explains, each after the words that it stands for.

    >>> introduced(["Tỷ lệ giải quyết phản ánh, kiến nghị (PAKN) về quy định TTHC"])
    {'pakn': 'phản ánh kiến nghị'}
    """
    found: dict[str, str] = {}
    for text in texts:
        spelled = unicodedata.normalize("NFC", text)
        for short in _SHORT.finditer(spelled):
            explained = words(spelled[: short.start()], {})[-len(short[1]) :]
            if folded("".join(word[0] for word in explained)) == folded(short[1]):
                found.setdefault(short[1].casefold(), " ".join(explained))
    return found


def today_called(label: str) -> str:
    """Return the newer name where a paper renames a row in place.

    >>> today_called("Kế hoạch CCHC (điều chỉnh thành “Tỷ lệ hoàn thành Kế hoạch CCHC năm”)")
    'Tỷ lệ hoàn thành Kế hoạch CCHC năm'
    """
    newer = _RENAMED.findall(unicodedata.normalize("NFC", label))
    return newer[-1].strip() if newer else label
