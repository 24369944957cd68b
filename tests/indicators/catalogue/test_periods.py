"""How a figure behaves over rounds, told by words: on the real forms, and case by case."""

import pytest
from django.conf import settings

from indicators.catalogue.folders import read_version
from indicators.catalogue.periods import behaviour
from indicators.kinds import AcrossPeriods, Kind

STOCK, IN_PERIOD, CUMULATIVE = (
    AcrossPeriods.STOCK,
    AcrossPeriods.IN_PERIOD,
    AcrossPeriods.CUMULATIVE,
)


@pytest.mark.parametrize(
    ("labels", "unit", "expected"),
    [
        (["Số bổ nhiệm mới (lũy kế từ đầu năm)"], "Người", CUMULATIVE),
        (["Số người", "Bổ nhiệm (luỹ kế từ đầu năm)"], "Người", CUMULATIVE),
        (["Số ĐVSNCL tự chủ (lũy kế đến thời điểm báo cáo)"], "Đơn vị", STOCK),
        (["Biên chế có mặt tại thời điểm báo cáo"], "Người", STOCK),
        (["Số biên chế đã tinh giản trong kỳ"], "Người", IN_PERIOD),
        (["Tổng số TTHC đang có hiệu lực"], "Thủ tục", STOCK),
        (["Số TTHC công bố mới"], "Thủ tục", IN_PERIOD),
        (["Tổng số TTHC có yêu cầu (các TTHC có phát sinh phí)"], "Thủ tục", STOCK),
        (["Số hồ sơ đã giải quyết", "Tổng số TTHC đang có hiệu lực"], "Hồ sơ", IN_PERIOD),
        (["Số đã hoàn thành", "Kế hoạch CCHC"], "Nhiệm vụ", CUMULATIVE),
        (["Số cuộc họp"], "Cuộc", IN_PERIOD),
        (["Cấp tỉnh", "Thư điện tử"], "Email", STOCK),
        (["Số cũ đang có hiệu lực (điều chỉnh thành “Số văn bản đã ban hành”)"], "", IN_PERIOD),
    ],
)
def test_words_tell_how_a_figure_behaves(
    labels: list[str], unit: str, expected: AcrossPeriods
) -> None:
    assert behaviour(labels, unit) is expected


def test_words_alone_are_right_for_nearly_every_row_of_the_real_forms() -> None:
    wrong = {}
    for folder in sorted((settings.BASE_DIR / "fixtures" / "catalogue").glob("*/")):
        rows = {row["key"]: row for row in read_version(folder).rows}
        for key, row in rows.items():
            labels, above = [row["label"]], row["parent"]
            while above:
                labels.append(rows[above]["label"])
                above = rows[above]["parent"]
            if row["kind"] != Kind.HEADING:
                found = behaviour(labels, row["unit"])
                wrong[folder.name, key] = found.value != row["across_periods"]
    assert len(wrong) == 595
    assert sum(wrong.values()) <= 7
