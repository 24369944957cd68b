"""The kinds of things that the record tells and that people are told: words, no database."""

from indicators.kinds import Labelled


class Subject(Labelled):
    """What a line of the record is about, where it is not about a report."""

    ROUND = "round", "Đợt báo cáo"
    AGENCY = "agency", "Cơ quan, đơn vị"
    PERSON = "person", "Người dùng"
    SIGN_IN = "sign_in", "Đăng nhập"
    SYSTEM = "system", "Hệ thống"


class RecordKind(Labelled):
    """What the record can be narrowed to."""

    FIGURES = "so-lieu", "Số liệu"
    STATES = "trang-thai", "Trạng thái báo cáo"
    CHECKS = "kiem-tra", "Kiểm tra, giải trình"
    COMMENTS = "y-kien", "Ý kiến"
    FILES = "tep", "Tệp kèm theo, tệp tải về"
    CATALOGUE = "danh-muc", "Danh mục"
    ROUNDS = "dot", "Đợt báo cáo"
    AGENCIES = "don-vi", "Cơ quan, đơn vị"
    PEOPLE = "nguoi-dung", "Người dùng"
    SIGN_INS = "dang-nhap", "Đăng nhập"
    SYSTEM = "he-thong", "Hệ thống"


KIND_OF = {
    Subject.ROUND: RecordKind.ROUNDS,
    Subject.AGENCY: RecordKind.AGENCIES,
    Subject.PERSON: RecordKind.PEOPLE,
    Subject.SIGN_IN: RecordKind.SIGN_INS,
    Subject.SYSTEM: RecordKind.SYSTEM,
}


class NoticeKind(Labelled):
    """Why a person is told something."""

    OPENED = "opened", "Mở đợt"
    DUE = "due", "Sắp đến hạn"
    OVERDUE = "overdue", "Quá hạn"
    TO_SIGN = "to_sign", "Chờ ký"
    DECLINED = "declined", "Chưa ký"
    HANDED_IN = "handed_in", "Đã gửi"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Đã duyệt"
    EXTENDED = "extended", "Gia hạn"
    RESCHEDULED = "rescheduled", "Đổi hạn"
    CANCELLED = "cancelled", "Hủy đợt"


# A move of the report settles these: what they asked of their readers is done, or asked no more.
ASK_TO_ACT = frozenset(
    {NoticeKind.TO_SIGN, NoticeKind.DECLINED, NoticeKind.HANDED_IN, NoticeKind.RETURNED}
)
# These ask for what is not handed in, until nothing of a person's is left of the round.
REMINDERS = frozenset({NoticeKind.DUE, NoticeKind.OVERDUE})
# By mail these come only once a day: on the due day a province hands in all at once.
ONLY_IN_DIGEST = frozenset({NoticeKind.HANDED_IN})


class MailChoice(Labelled):
    """How a person wants notices by mail; in the portal they stand in any case."""

    EACH = "each", "Từng thông báo; nhiều thì gộp một thư mỗi ngày"
    DAILY = "daily", "Mỗi ngày một thư gộp"
    NONE = "none", "Không nhận thư"


class MailState(Labelled):
    """What became of a letter."""

    WAITING = "waiting", "Chờ gửi"
    SENT = "sent", "Đã gửi"
    FAILED = "failed", "Không gửi được"
