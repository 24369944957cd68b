"""How much of a file is read at all, and the sentences that say that it is too much."""

from collections.abc import Sequence

from indicators.catalogue.cells import BadFile
from indicators.catalogue.problems import MOST_ROWS

MOST_BYTES = 10_000_000
# Of all parts of a zipped file; and of those that are read, without the empty cells of sheets.
MOST_UNPACKED, MOST_PARTS = 100_000_000, 5_000
MOST_READ = 12_000_000
# A table with its repeated headings, empty rows and what stands above and below it.
MOST_LINES = 2 * MOST_ROWS
MOST_CELLS = 20_000
# What Excel itself lets stand in one cell.
MOST_SIGNS = 32_767

_APART = "Hãy chép riêng bảng của biểu sang một tệp mới."


def check_bytes(name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise BadFile(
            f"Tệp «{name}» nặng {size // 1_000_000} MB; nhiều nhất {MOST_BYTES // 1_000_000} MB."
            f" {_APART}"
        )


def check_unpacked(name: str, sizes: Sequence[int]) -> None:
    if sum(sizes) > MOST_UNPACKED or len(sizes) > MOST_PARTS:
        raise BadFile(
            f"Tệp «{name}» khi mở ra quá lớn ({sum(sizes) // 1_000_000} MB, {len(sizes)} phần);"
            f" nhiều nhất {MOST_UNPACKED // 1_000_000} MB. Thường là do kẻ khung hay tô màu hàng"
            " triệu ô trống: hãy chép riêng bảng sang một tệp mới."
        )


def check_read(name: str, size: int) -> None:
    if size > MOST_READ:
        raise BadFile(
            f"Tệp «{name}» có {size // 1_000_000} MB chữ, quá nhiều cho một biểu (nhiều nhất"
            f" {MOST_READ // 1_000_000} MB). {_APART}"
        )


def check_signs(name: str, signs: int) -> None:
    if signs > MOST_SIGNS:
        raise BadFile(
            f"Tệp «{name}» có ô chứa {_grouped(signs)} ký tự; Excel cho một ô nhiều nhất"
            f" {_grouped(MOST_SIGNS)}. {_APART}"
        )


def check_lines(name: str, where: str, lines: int) -> None:
    if lines > MOST_LINES:
        raise BadFile(
            f"{where} của tệp «{name}» có {_grouped(lines)} dòng; một biểu có nhiều nhất"
            f" {_grouped(MOST_ROWS)} dòng. {_APART}"
        )


def check_cells(name: str, cells: int) -> None:
    if cells > MOST_CELLS:
        raise BadFile(
            f"Tệp «{name}» có {_grouped(cells)} ô, quá nhiều cho một biểu (nhiều nhất"
            f" {_grouped(MOST_CELLS)}). {_APART}"
        )


def _grouped(number: int) -> str:
    return f"{number:_}".replace("_", ".")
