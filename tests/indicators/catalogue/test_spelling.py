"""The same word although it is written otherwise; other words although they look alike."""

import unicodedata

import pytest

from indicators.catalogue.spelling import (
    folded,
    introduced,
    lowered,
    says,
    search_text,
    today_called,
    words,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Luỹ kế", "Lũy kế"),
        ("Tỉ lệ", "Tỷ lệ"),
        ("Số hoá", "Số hóa"),
        ("uỷ ban", "Ủy ban"),
        ("Quí I", "Quý I"),
        ("hồ sơ TTHC", "hồ sơ thủ tục hành chính"),
        ("ĐVSNCL", "đơn vị sự nghiệp công lập"),
        ("Cổng DVCQG", "Cổng DVC quốc gia"),
        ("NSNN", "ngân sách nhà nước"),
        ("- Số  VĂN BẢN ĐI.", "Số văn bản đi"),
        ("Tỷ lệ", unicodedata.normalize("NFD", "Tỷ lệ")),
    ],
)
def test_one_word_in_two_writings_is_one(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Năm", "Nam"), ("mở", "mơ"), ("đất", "dat"), ("xã", "xa"), ("oan", "oán")]
)
def test_diacritics_tell_words_apart(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_an_abbreviation_is_taken_from_the_words_before_it() -> None:
    labels = [
        "Thực hiện tự chủ tài chính của đơn vị sự nghiệp (ĐVSN) (lũy kế đến thời điểm báo cáo)",
        "Tích hợp trên Cổng Dịch vụ công quốc gia (Cổng DVCQG)",
        "Số xã đạt chuẩn nông thôn mới (NTM)",
        "Nền tảng chia sẻ, tích hợp dùng chung (LGSP)",
        "Một cửa (03 cấp), (Kế hoạch)",
    ]
    assert introduced(labels) == {
        "đvsn": "đơn vị sự nghiệp",
        "dvcqg": "dịch vụ công quốc gia",
        "ntm": "nông thôn mới",
    }


def test_what_a_paper_explains_is_written_out() -> None:
    explained = introduced(["Số xã đạt chuẩn nông thôn mới (NTM)"])
    assert words("Xã NTM", explained) == words("xã nông thôn mới", {})
    assert words("Xã NTM", {}) == ["xã", "ntm"]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Số hồ sơ", "Số hồ sơ"),
        (
            "Số cấp sở (điều chỉnh thành “Số cấp tỉnh (gồm ngành dọc)”)",
            "Số cấp tỉnh (gồm ngành dọc)",
        ),
        ("Kế hoạch (điều chỉnh thành “Tỷ lệ (lũy kế)", "Tỷ lệ (lũy kế)"),
        ("Số A điều chỉnh lại thành “Số B”", "Số B"),
        ('Số A (Điều chỉnh thành: "Số B")', "Số B"),
        ("Số A (điều chỉnh thành “Số B”, điều chỉnh thành “Số C”)", "Số C"),
        ("Số văn bản điều chỉnh thành công", "Số văn bản điều chỉnh thành công"),
    ],
)
def test_a_row_renamed_in_place_goes_by_its_newer_name(label: str, name: str) -> None:
    assert today_called(label) == name


def test_searching_looks_through_words_with_and_without_diacritics() -> None:
    assert lowered("Tỷ lệ  HỒ SƠ.") == "tỷ lệ hồ sơ"
    assert folded("Tỷ lệ  HỒ SƠ Đất.") == "ty le ho so dat"
    assert search_text("1.2.", "Tỷ lệ") == "1 2 tỷ lệ | 1 2 ty le"


@pytest.mark.parametrize(
    ("words", "is_said"),
    [
        ("", True),
        (" ", True),
        ("so cong thuong", True),
        ("SỞ CÔNG", True),
        ("Thương sở", True),
        ("cong Thương", True),
        ("sở mh.01.2", True),
        ("mh.2.01", False),
        ("sở - công", True),
        ("sợ", False),
        ("số cong", False),
        ("đất", True),
        ("ĐAT", False),
        ("đat", False),
        ("dat", True),
        (unicodedata.normalize("NFD", "Đất"), True),
        ("công an", False),
        ("%", False),
        ("_", False),
    ],
)
def test_every_word_is_looked_for_with_the_accents_it_is_typed_with(
    words: str, is_said: bool
) -> None:
    texts = ["Sở Công Thương", "MH.01.2", "Đất"]
    assert says(words, *texts) is is_said
    assert says(words, *(unicodedata.normalize("NFD", text) for text in texts)) is is_said


def test_a_word_is_within_one_text() -> None:
    assert not says("ab", "a", "b")
    assert not says("a.b", "a", "b")
    assert not says("a")
