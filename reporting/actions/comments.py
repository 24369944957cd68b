"""The acts on comments: say something about a row or the whole report, and settle it."""

from django.db import transaction
from django.utils import timezone

from indicators.queries.definitions import form_definition
from indicators.words import LONGEST_WORDS, clean
from reporting.access import roles_on
from reporting.actions.submissions import locked, require_entry
from reporting.models import Comment, Submission, User
from reporting.refusals import (
    AlreadyResolved,
    CommentUnfit,
    NoSuchRow,
    NotYours,
    Refused,
    WrongState,
)
from reporting.workflow import HANDED_IN, Role, State

# The Sở Nội vụ judges what has been handed in; what it has sent back it may still explain.
_JUDGED = HANDED_IN | {State.RETURNED}


@transaction.atomic
def add_comment(*, submission: Submission, row_key: str, text: str, by: User) -> Comment:
    """Keep what ``by`` says about a row, or, with no ``row_key``, about the whole report.

    Raises NoSuchRow, CommentUnfit, and as ``require_comment``; then nothing is changed.
    """
    current = locked(submission)
    require_comment(current, by=by)
    row = form_definition(current.form_version).by_key.get(row_key)
    if row is None and row_key:
        raise NoSuchRow(f"Biểu này không có dòng «{row_key}». Hãy tải lại trang rồi chọn lại dòng.")
    words = clean(text)
    if not words:
        raise CommentUnfit("Ý kiến chưa có nội dung. Hãy ghi điều cần xem lại hoặc câu trả lời.")
    if len(words) > LONGEST_WORDS:
        raise CommentUnfit(f"Ý kiến dài {len(words)} ký tự; nhiều nhất {LONGEST_WORDS}.")
    row_id = row.id if row else None
    said = Comment.objects.filter(
        submission=current, row=row_id, text=words, by=by, resolved_at=None
    ).first()
    # A double click says it once.
    return said or Comment.objects.create(
        submission=current, row_id=row_id, text=words, by=by, at=timezone.now()
    )


@transaction.atomic
def resolve_comment(*, submission: Submission, comment_id: int, by: User) -> Comment:
    """Mark a comment of the report as done: the reviewer may, and who wrote it, in any state.

    Raises NotYours or AlreadyResolved.
    """
    current = locked(submission)
    found = Comment.objects.select_related("row", "resolved_by").filter(
        submission=current, pk=comment_id
    )
    comment = found.first()
    if comment is None or not may_resolve(comment, current, by=by):
        raise NotYours("Chỉ Sở Nội vụ hoặc người viết ý kiến mới đánh dấu được là đã xong.")
    if comment.resolved_at is not None:
        at = timezone.localtime(comment.resolved_at)
        raise AlreadyResolved(
            f"{comment.resolved_by} đã đánh dấu ý kiến này là xong lúc {at:%H:%M ngày %d/%m/%Y},"
            " không cần làm lại."
        )
    comment.resolved_by, comment.resolved_at = by, timezone.now()
    comment.save(update_fields=["resolved_by", "resolved_at"])
    return comment


def may_resolve(comment: Comment, submission: Submission, *, by: User) -> bool:
    """Say whether ``by`` may mark ``comment`` as done; who wrote it, as long as they see it."""
    roles = roles_on(by, submission)
    return Role.REVIEWER in roles or (bool(roles) and comment.by_id == by.pk)


def require_comment(submission: Submission, *, by: User) -> None:
    """Raise unless ``by`` may say something now: the reviewer of what was handed in or sent back,
    clerk and head while they may edit."""
    state = State(submission.state)
    is_reviewer = Role.REVIEWER in roles_on(by, submission)
    if is_reviewer and state in _JUDGED:
        return
    try:
        require_entry(submission, by=by)
    except NotYours as refusal:
        if is_reviewer:
            raise WrongState(
                f"Báo cáo ở trạng thái «{state.label}»: Sở Nội vụ ghi ý kiến được từ khi đơn vị gửi"
                " báo cáo."
            ) from refusal
        raise NotYours("Ông/bà được xem báo cáo này nhưng không ghi được ý kiến.") from refusal
    except Refused as refusal:
        raise WrongState(
            f"Đơn vị ghi ý kiến được khi báo cáo còn nhập được số liệu. {refusal}"
        ) from refusal


def why_no_comment(submission: Submission, *, by: User) -> str:
    """Return the sentence why ``by`` can't say anything now; empty if they can."""
    try:
        require_comment(submission, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""
