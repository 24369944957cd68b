"""What is said about reports: by row, in one list, counted for many reports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, QuerySet
from django.utils import timezone

from reporting.models import Comment, Submission
from reporting.reviewing import Remark


def open_comments(submission: Submission) -> Mapping[int | None, Sequence[Remark]]:
    """Return the comments that are still open, oldest first, by the row's id; None holds those on
    the whole report. One query."""
    found: dict[int | None, list[Remark]] = defaultdict(list)
    for comment in _of(submission).filter(resolved_at=None).select_related("by"):
        at = timezone.localtime(comment.at)
        found[comment.row_id].append(Remark(comment.pk, comment.text, str(comment.by), at))
    return dict(found)


def comments_of(submission: Submission, row_id: int) -> Sequence[Comment]:
    """Return the comments on one row with who wrote and who resolved them, oldest first. One
    query."""
    return list(all_comments(submission).filter(row=row_id))


def all_comments(submission: Submission) -> QuerySet[Comment]:
    """Return the comments of a report with who wrote and who resolved them, oldest first. One
    query."""
    return _of(submission).select_related("by", "resolved_by")


def open_counts(submissions: Iterable[int]) -> Mapping[int, int]:
    """Return how many comments are open at each of these submissions that has any. One query."""
    still_open = Comment.objects.filter(submission__in=list(submissions), resolved_at=None)
    counted = still_open.order_by().values("submission").annotate(comments=Count("pk"))
    return dict(counted.values_list("submission", "comments"))


def _of(submission: Submission) -> QuerySet[Comment]:
    return Comment.objects.filter(submission=submission)
