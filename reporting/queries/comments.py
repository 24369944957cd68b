"""What is said about the cells of a report: listed for one row, counted for all."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, QuerySet

from reporting.models import Comment, Submission


def open_comments(submission: Submission) -> Mapping[int, int]:
    """Return how many comments are still open at each row that has any, by the row's id. One
    query."""
    still_open = _of(submission).filter(resolved_at=None).order_by()
    return dict(still_open.values_list("row_id").annotate(comments=Count("pk")))


def comments_of(submission: Submission, row_id: int) -> Sequence[Comment]:
    """Return the comments on one row with who wrote and who resolved them, oldest first. One
    query."""
    return list(_of(submission).filter(row=row_id).select_related("by", "resolved_by"))


def _of(submission: Submission) -> QuerySet[Comment]:
    return Comment.objects.filter(submission=submission)
