"""The portal's settings as the tests need them: nothing is written into the checkout."""

import atexit
import os
import tempfile
from pathlib import Path

_directory = tempfile.TemporaryDirectory(prefix="cchc-tests-")
atexit.register(_directory.cleanup)
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = f"{_directory.name}/hypothesis"
os.environ["SECRET_KEY"] = (
    "tests-only: long enough for HTTPS=on"  # before the portal's settings make one under var/
)

from cchc_portal.settings import *  # noqa: E402, F403

DEBUG = False
MEDIA_ROOT = Path(_directory.name) / "media"
STATIC_ROOT = Path(_directory.name) / "static"
STATIC_ROOT.mkdir()  # WhiteNoise warns of a directory that is not there
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # No manifest: pages render although nobody ran collectstatic.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as in an installation: threads of a database in memory lock each other out of its
    # tables at once instead of waiting. Nobody minds losing it with the machine.
    DATABASES["default"]["TEST"] = {"NAME": f"{_directory.name}/test.sqlite3"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
