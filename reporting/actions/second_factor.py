"""The acts on a second factor: switch it on and off, ask for a code, take it from who lost it."""

import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from reporting.actions.accounts import remember_of
from reporting.models import User
from reporting.refusals import CodeWrong, WrongState
from reporting.tidings import Subject

RECOVERY_CODES = 10
# So many failures count for the pause, which doubles: 2**9 seconds are the longest.
MOST_COUNTED = 10
ISSUER = "Thống kê CCHC"
# Letters and figures that are not taken for one another when read aloud or copied by hand.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_OF_APP = re.compile(r"\d{6}", re.ASCII)
_WRONG = "Mã không đúng hoặc đã dùng rồi. Mỗi mã chỉ dùng một lần: hãy đợi ứng dụng hiện mã mới."


def is_of_app(code: str) -> bool:
    """Say whether it is a code of an app, not a recovery code.

    >>> is_of_app("123456"), is_of_app("abcde-fghij")
    (True, False)
    """
    return _OF_APP.fullmatch(code) is not None


def new_key() -> str:
    """Return a secret of 160 bits for an app, in hexadecimal."""
    return secrets.token_hex(20)


def typed_key(key: str) -> str:
    """Return a secret as it is typed into an app: groups of four.

    >>> typed_key("00" * 20)
    'AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA'
    """
    letters = b32encode(bytes.fromhex(key)).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def key_address(key: str, person: User) -> str:
    """Return the address that an app reads out of a QR code."""
    secret = typed_key(key).replace(" ", "")
    asked = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{ISSUER}:{person.username}')}?{asked}"


@transaction.atomic
def switch_on(*, key: str, code: str, by: User) -> Sequence[str]:
    """Give ``by`` the second factor whose app has ``key`` and shows ``code``; return the recovery
    codes, which are kept nowhere as they are. Raises CodeWrong or WrongState."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not key or TOTPDevice.objects.filter(user=by).exists():
        raise WrongState("Trang đã cũ: xác thực hai bước có lẽ vừa được bật ở một thẻ khác.")
    device = TOTPDevice.objects.create(user=by, name=ISSUER, key=key)
    if not (is_of_app(code) and device.verify_token(code)):
        raise CodeWrong(
            "Mã không khớp. Hãy nhập mã đang hiện trong ứng dụng, và kiểm tra giờ của điện thoại"
            " (đặt tự động)."
        )
    codes = _give_codes(by)
    remember_of(by, "second_factor_on", "bật xác thực hai bước", by=by)
    return codes


def check_code(*, person: User, code: str) -> None:
    """Take a code of the app, or a recovery code, which is used up with it. Raises CodeWrong with
    why not; what failed is counted and recorded all the same."""
    with transaction.atomic():
        refusal = _tried(person, code)
    if refusal is not None:
        raise refusal


def _tried(person: User, code: str) -> CodeWrong | None:
    if is_of_app(code):
        held: TOTPDevice | StaticDevice | None = (
            TOTPDevice.objects.select_for_update(no_key=True).filter(user=person).first()
        )
        given = code
    else:
        held = StaticDevice.objects.select_for_update(no_key=True).filter(user=person).first()
        given = _kept(person, code)
    if held is None:
        return CodeWrong(_WRONG)
    held.throttling_failure_count = min(held.throttling_failure_count, MOST_COUNTED)
    is_allowed, why = held.verify_is_allowed()
    if not is_allowed:
        return CodeWrong(_too_often(why["locked_until"]))
    if held.verify_token(given):
        if isinstance(held, StaticDevice):
            left = held.token_set.count()
            what = f"đăng nhập hoặc xác nhận bằng mã dự phòng, còn {left} mã"
            remember_of(person, "recovery_code", what, by=person, subject=Subject.SIGN_IN)
        return None
    what = "nhập sai mã xác thực sau khi mật khẩu đúng"
    remember_of(person, "code_failed", what, by=None, subject=Subject.SIGN_IN)
    return CodeWrong(_WRONG)


def _too_often(until: datetime) -> str:
    wait = max(1, int((until - timezone.now()).total_seconds()) + 1)
    told = f"{wait} giây" if wait < 120 else f"{-(-wait // 60)} phút"
    return (
        f"Vừa nhập sai mã nên phải đợi {told} rồi mới thử tiếp; mỗi lần sai, thời gian đợi tăng gấp"
        " đôi, lâu nhất 9 phút. Mất điện thoại thì dùng mã dự phòng, hoặc nhờ Sở Nội vụ đặt lại."
    )


@transaction.atomic
def renew_codes(*, by: User) -> Sequence[str]:
    """Give ``by`` other recovery codes; those from before are worthless."""
    codes = _give_codes(by)
    remember_of(by, "recovery_codes", "lấy bộ mã dự phòng mới", by=by)
    return codes


@transaction.atomic
def switch_off(*, by: User) -> None:
    """Take the second factor of ``by`` away; who must have one begins anew, with another phone."""
    _take_away(by)
    remember_of(by, "second_factor_off", "tắt xác thực hai bước", by=by)


@transaction.atomic
def reset_by_command(*, person: User) -> bool:
    """Take the second factor away, by who runs the machine; return whether there was one."""
    had = _take_away(person)
    if had:
        what = f"đặt lại xác thực hai bước của {person}"
        remember_of(person, "second_factor_reset", what, by=None, via="command")
    return had


def _take_away(person: User) -> bool:
    StaticDevice.objects.filter(user=person).delete()
    taken, _ = TOTPDevice.objects.filter(user=person).delete()
    return bool(taken)


def take_second_factor(person: User) -> None:
    """Take it from who lost their phone. Raises WrongState where there is none."""
    if not _take_away(person):
        raise WrongState(f"{person} chưa bật xác thực hai bước.")


def _give_codes(person: User) -> Sequence[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name=ISSUER)
    codes = [_readable_code() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=_kept(person, code)) for code in codes
    )
    return codes


def _readable_code() -> str:
    """Return some 49 bits in two groups of five."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _kept(person: User, code: str) -> str:
    """Return what is kept of a recovery code: not what opens the door."""
    plain = "".join(code.lower().split()).replace("-", "")
    return salted_hmac(f"reporting.second_factor.{person.pk}", plain).hexdigest()[:16]
