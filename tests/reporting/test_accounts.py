"""The account behind a request, with the count of its unread notices."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.accounts import Accounts
from reporting.actions.notices import mark_read
from reporting.models import User
from tests.reporting.background import told


def test_unread_notices_are_counted_for_each_person_alone(hoa: User, thu: User) -> None:
    for key in "abc":
        told(hoa, key)
    mark_read(notice=told(thu), by=thu)
    counts = [getattr(Accounts().get_user(user.pk), "unread", None) for user in (hoa, thu)]
    assert counts == [3, 0]


def test_an_account_that_is_gone_or_shut_out_is_nobody(hoa: User) -> None:
    hoa.is_active = False
    hoa.save()
    assert Accounts().get_user(hoa.pk) is None
    assert Accounts().get_user(hoa.pk + 7777) is None


def test_the_count_costs_a_page_no_query(
    hoa: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(hoa)
    for key in ("", "a", "b"):
        if key:
            told(hoa, key)
        with django_assert_num_queries(4):  # session, account, roles, forms' reports
            page = client.get("/bao-cao/").content.decode()
        assert ('<b class="count">' in page) is bool(key)
    assert '<b class="count">2</b><span class="vh"> chưa đọc</span>' in page
