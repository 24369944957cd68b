"""Who a request comes from: the account as it is read at the start of every request."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from reporting.models import Notice, User
from reporting.queries.second_factor import THE_ONE

# Made once: putting the two questions together takes Django as long as reading the account.
_UNREAD = (
    Notice.objects.filter(user=OuterRef("pk"), read_at=None)
    .order_by()
    .values("user")
    .values(count=Count("pk"))
)
_ACCOUNTS = User.objects.annotate(unread=Coalesce(Subquery(_UNREAD), 0), second_factor=THE_ONE)


class Accounts(ModelBackend):
    """Accounts with how many notices their person has not read (``unread``), which every page
    shows, and which second factor they have: asked here, neither costs a query of its own."""

    def get_user(self, user_id: int) -> User | None:
        user = _ACCOUNTS.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
