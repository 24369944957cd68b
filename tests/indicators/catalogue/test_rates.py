"""Which numbers a rate is made of, in the words of the real forms and of others like them."""

import pytest

from indicators.catalogue.rates import Count, rate_formula

NONE = ""


def formula(rate: str, *labels: str, are_parts: bool = True) -> str:
    """The formula over rows a, b, c … as "b/a"."""
    numbers = [Count(key, label, "Hồ sơ") for key, label in zip("abcdef", labels, strict=False)]
    found = rate_formula(rate, numbers, are_parts=are_parts)
    return found.replace("percent([", "").replace("], [", "/").replace("])", "")


@pytest.mark.parametrize(
    ("made_of", "rate", "labels"),
    [
        ("b/a", "Tỷ lệ hoàn thành kế hoạch", ["Số nhiệm vụ đề ra", "Số nhiệm vụ đã hoàn thành"]),
        (
            "b/a",
            "Tỷ lệ xử lý vấn đề phát hiện qua kiểm tra",
            ["- Số vấn đề phát hiện qua kiểm tra", "- Số vấn đề phát hiện đã xử lý xong"],
        ),
        ("a/b", "Tỷ lệ hoàn thành", ["Số nhiệm vụ đã hoàn thành", "Tổng số nhiệm vụ được giao"]),
        ("b/a", "Tỷ lệ giải ngân", ["Kế hoạch được giao", "Đã thực hiện"]),
        (
            "b/a",
            "Tỷ lệ giải quyết PAKN",
            ["Tổng số PAKN đã tiếp nhận", "Số PAKN đã giải quyết xong"],
        ),
        (
            "c/b",
            "Tỷ lệ hồ sơ được giải quyết đúng hạn của UBND cấp xã",
            ["Tổng số hồ sơ đã tiếp nhận", "Số hồ sơ đã giải quyết xong", "Số hồ sơ đúng hạn"],
        ),
        (
            "c/b",
            "Tỷ lệ hồ sơ giải quyết đúng hạn",
            [
                "Tổng số hồ sơ tiếp nhận",
                "Số đã giải quyết",
                "Đúng hạn",
                "Quá hạn",
                "Đang giải quyết",
            ],
        ),
        (
            "b/a",
            "Tỷ lệ nhiệm vụ hoàn thành đúng hạn",
            ["Tổng số nhiệm vụ được giao", "Số hoàn thành đúng hạn", "Số hoàn thành quá hạn"],
        ),
        ("b/a", "Tỷ lệ hồ sơ trễ hạn", ["Tổng số hồ sơ đã giải quyết", "Số hồ sơ trễ hạn"]),
        (
            "b/a",
            "Tỷ lệ TTHC cung cấp trực tuyến",
            ["Tổng số đủ điều kiện", "Số đang cung cấp", "Số đang cung cấp có phát sinh hồ sơ"],
        ),
        ("b/a", "Tỷ lệ TTHC thanh toán trực tuyến", ["Tổng số có yêu cầu", "Số đang triển khai"]),
        (NONE, "Tỷ lệ hồ sơ", ["Số hồ sơ mức độ 3", "Số hồ sơ mức độ 4"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ mức độ 3", "Tổng số hồ sơ đang có ở mức độ 4"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ", "Số đã nhận", "Số đã trả"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ", "Cấp tỉnh", "Cấp huyện"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ cũ", "Tổng số hồ sơ mới", "Số đã xử lý xong"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ"]),
        (NONE, "Tỷ lệ hồ sơ", ["Tổng số hồ sơ", "Số chưa hoàn thành"]),
        (NONE, "Tỷ lệ hồ sơ đúng hạn", ["Tổng số hồ sơ", "Số hồ sơ quá hạn"]),
        (NONE, "Tỷ lệ tinh giản so với năm 2015", ["Tổng số được giao", "Số đã tinh giản"]),
    ],
)
def test_the_parts_of_a_rate_are_told_by_their_words(
    made_of: str, rate: str, labels: list[str]
) -> None:
    assert formula(rate, *labels) == made_of


def test_numbers_of_two_units_make_no_rate() -> None:
    numbers = [Count("a", "Kế hoạch được giao", "Tỷ đồng"), Count("b", "Đã thực hiện", "Đồng")]
    assert rate_formula("Tỷ lệ giải ngân", numbers) == ""


def test_what_stands_beside_a_rate_must_speak_of_the_same_thing() -> None:
    beside = ["Tổng số văn bản cần phải xử lý sau kiểm tra", "Số đã được xử lý xong"]
    assert formula("Tỷ lệ xử lý văn bản sau kiểm tra", *beside, are_parts=False) == "b/a"
    people = ["Tổng số cán bộ", "Số cán bộ được đào tạo"]
    assert formula("Tỷ lệ cán bộ có trình độ đại học", *people, are_parts=False) == ""
    assert formula("Tỷ lệ cán bộ được đào tạo", *people, are_parts=False) == "b/a"
