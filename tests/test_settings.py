"""Settings as an installation gives them in its environment."""

import json
import os
import subprocess
import sys

from django.conf import settings

_ASK = """
import json
from cchc_portal import settings as found
print(json.dumps({name: str(getattr(found, name, "")) for name in (
    "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS", "EMAIL_FILE_PATH", "PORTAL_URL", "DEFAULT_FROM_EMAIL",
)}))
"""


def read(**environment: str) -> dict[str, str]:
    """Return the settings of mail as the portal reads them from an environment."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith("EMAIL_")}
    answer = subprocess.run(
        [sys.executable, "-c", _ASK],
        env={**plain, "SECRET_KEY": "x", **environment},
        cwd=settings.BASE_DIR,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    found: dict[str, str] = json.loads(answer)
    return found


def test_a_mail_server_is_named_by_one_address() -> None:
    found = read(
        EMAIL_URL="smtp+tls://cong:m%40t@thu.example.vn:587",
        PORTAL_URL="https://thongke.example.vn/",
        DEFAULT_FROM_EMAIL="cchc@example.vn",
    )
    assert found == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "thu.example.vn",
        "EMAIL_PORT": "587",
        "EMAIL_HOST_USER": "cong",
        "EMAIL_HOST_PASSWORD": "m@t",
        "EMAIL_USE_TLS": "True",
        "EMAIL_FILE_PATH": "",
        "PORTAL_URL": "https://thongke.example.vn",
        "DEFAULT_FROM_EMAIL": "cchc@example.vn",
    }


def test_without_one_letters_are_left_as_files_beside_the_database() -> None:
    found = read()
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert found["EMAIL_FILE_PATH"] == str(settings.BASE_DIR / "var" / "mail")
