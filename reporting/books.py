"""What books of appendices there are and where one may stand: words, no database."""

from indicators.kinds import Labelled


class Binding(Labelled):
    """How the appendices of a book are held together."""

    BOUND = "quyen", "Một quyển PDF có mục lục"
    ZIP = "zip", "Tệp nén"


class BookState(Labelled):
    """Where a book stands. One broken off is taken up again, by itself or when asked for."""

    WAITING = "waiting", "Chờ làm"
    MAKING = "making", "Đang làm"
    BROKEN = "broken", "Gián đoạn"
    DONE = "done", "Xong"
    FAILED = "failed", "Không làm được"
    CANCELLED = "cancelled", "Đã hủy"
    EXPIRED = "expired", "Hết hạn tải"


# A book that breaks off so often is not taken up again unless somebody asks.
PATIENCE = 4
# Of the same content one of these is there at a time.
UNDER_WAY = frozenset({BookState.WAITING, BookState.MAKING, BookState.BROKEN})
