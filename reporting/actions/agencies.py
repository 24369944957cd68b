"""The acts on agencies and people: enter an agency, give a person an account and roles."""

from collections.abc import Iterable

from django.db import transaction

from reporting.models import Agency, Membership, User
from reporting.workflow import Role


@transaction.atomic
def enter_agency(*, agency: Agency) -> Agency:
    """Store a new agency; raises django's ValidationError with a sentence for each fault."""
    agency.full_clean()
    agency.save()
    return agency


@transaction.atomic
def enter_user(
    *,
    username: str,
    full_name: str,
    password: str,
    roles: Iterable[tuple[Role, Agency]],
    is_operator: bool = False,
) -> User:
    """Store a new account with its roles. An operator may enter the administration pages."""
    user = User(
        username=username, full_name=full_name, is_staff=is_operator, is_superuser=is_operator
    )
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    for role, agency in roles:
        membership = Membership(user=user, agency=agency, role=role.value)
        membership.full_clean()
        membership.save()
    return user
