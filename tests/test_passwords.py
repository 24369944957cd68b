"""What a password takes of the server, whoever sends it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import override_settings

from cchc_portal import settings as portal
from cchc_portal.passwords import Argon2

HASHERS = override_settings(PASSWORD_HASHERS=portal.PASSWORD_HASHERS)


@HASHERS
def test_a_password_is_kept_at_djangos_price_or_a_higher_one() -> None:
    kept = make_password("Mật khẩu nào đó")
    assert check_password("Mật khẩu nào đó", kept)
    assert not check_password("Mật khẩu khác", kept)
    own = Argon2().decode(kept)
    assert own["variety"] == "argon2id"
    assert own["time_cost"] >= Argon2PasswordHasher.time_cost
    assert own["memory_cost"] >= Argon2PasswordHasher.memory_cost


@HASHERS
def test_one_that_django_kept_opens_and_is_kept_anew() -> None:
    hasher = Argon2PasswordHasher()
    kept = hasher.encode("Mật khẩu nào đó", hasher.salt())
    anew: list[str] = []
    assert check_password("Mật khẩu nào đó", kept, setter=anew.append)
    assert anew == ["Mật khẩu nào đó"]


def test_no_two_are_worked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0

    def work(*_: object) -> bool:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.01)
        at_work -= 1
        return True

    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, work)
    with ThreadPoolExecutor(4) as threads:
        done = [
            threads.submit(one, "a", "b")
            for _ in range(5)
            for one in (Argon2().encode, Argon2().verify)
        ]
    assert all(one.result() for one in done)
    assert most == 1
