"""What a person was told, as their page shows it."""

from django.db.models import Q, QuerySet

from reporting.models import Notice, User
from reporting.tidings import NoticeKind


def notices_of(user: User) -> QuerySet[Notice]:
    """Return all notices of ``user``: the unread first, and of each half the newest."""
    marked = Notice.objects.filter(user=user).annotate(is_read=Q(read_at__isnull=False))
    return marked.order_by("is_read", "-pk")


def kinds_of(user: User) -> list[NoticeKind]:
    """Return of which kinds ``user`` has notices, in the order of the list of kinds. One query."""
    kinds = Notice.objects.filter(user=user).order_by().values_list("kind", flat=True)
    found = set(kinds.distinct())
    return [kind for kind in NoticeKind if kind in found]
