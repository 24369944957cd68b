"""Settings of one installation, read from the environment and refused when wrong.

Everything has a value that makes a fresh checkout run on one machine, and none of
those values is unsafe: debugging is off, only loopback names are answered, and a
secret key is made on first start and kept outside the repository's files.
``docs/settings.md`` names every variable; a test holds that page to this module.
What is wrong is told all at once, and then nothing starts.
"""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.http.request import validate_host

from cchc_portal import logs
from cchc_portal.environment import POSTGRESQL, SQLITE, Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = Environment(os.environ)


def installation_secret(path: Path) -> str:
    """Return the key kept in ``path``, making it (readable by its owner only) if absent.

    Of two processes that start together the first to link its key wins, and both read it. Where
    nothing may be written, as in an installation, the key has to be given.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8") as fresh:
                fresh.write(get_random_secret_key())
                fresh.flush()
                with suppress(FileExistsError):
                    os.link(fresh.name, path)
        return path.read_text(encoding="utf-8").strip()
    except OSError as fault:
        why = fault.strerror
        env.refuse(
            unless=False,
            fault=f"SECRET_KEY: còn trống, mà khóa tự tạo không cất được vào «{path}» ({why});"
            " cần 64 ký tự ngẫu nhiên, như «openssl rand -hex 32» in ra.",
        )
        return get_random_secret_key()


DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY") or installation_secret(VAR_DIR / "secret_key")
# Who asks whether the portal is well does so from the same machine, whatever the portal is called.
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
_hosts = env.hosts("ALLOWED_HOSTS", LOOPBACK)
ALLOWED_HOSTS = [*_hosts, *(host for host in LOOPBACK if host not in _hosts)]
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
# Where links in letters lead has to be said: a letter is written without a request.
PORTAL_URL = env.origin("PORTAL_URL", "http://127.0.0.1:8000")

# HTTPS=on says that a proxy in front terminates TLS and sets X-Forwarded-Proto. People use such a
# portal: what would lead them nowhere, or let others in, is refused.
HTTPS = env.flag("HTTPS", default=False)
if HTTPS:
    _scheme, _, _site = PORTAL_URL.partition("://")
    _named = _site.rpartition(":")[0] or _site if not _site.endswith("]") else _site
    env.refuse(not DEBUG, "DEBUG: không được bật cùng với HTTPS.")
    env.refuse(
        _scheme == "https" and validate_host(_named, _hosts) and _named not in LOOPBACK,
        f"PORTAL_URL: đang là «{PORTAL_URL}»; khi HTTPS bật phải bắt đầu bằng «https://» và có tên"
        " máy chủ nằm trong ALLOWED_HOSTS, không phải tên của riêng máy này.",
    )
    env.refuse(len(SECRET_KEY) >= 32, "SECRET_KEY: ngắn hơn 32 ký tự.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# No neighbour under the same domain may set a cookie that has this prefix.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
# Asked on the machine itself, past the proxy (cchc_portal.probes).
SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "reporting",
    "indicators",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "import_export",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

# Who may read /metrics has to bring this; without it there is nothing to read.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN:
    env.refuse(len(METRICS_TOKEN) >= 20, "METRICS_TOKEN: ngắn hơn 20 ký tự.")
    # Where the processes that serve the portal keep their counts; read when their library is.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(
        env.folder("PROMETHEUS_MULTIPROC_DIR", VAR_DIR / "metrics")
    )

MIDDLEWARE = [
    "cchc_portal.middleware.NameRequest",
    "cchc_portal.middleware.TellRequest",
    *(["cchc_portal.metrics.CountRequest"] if METRICS_TOKEN else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cchc_portal.middleware.KeepPrivate",
    "cchc_portal.middleware.SayNotAllowed",
    "cchc_portal.middleware.RefuseUnreadable",
    "cchc_portal.middleware.RefuseTooLarge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reporting.views.sessions.SignInFirst",
    "reporting.views.limits.WithinLimits",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "cchc_portal.urls"
WSGI_APPLICATION = "cchc_portal.wsgi.application"
# How many processes serve pages (cchc_portal.serving).
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, least=1, most=64)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reporting.context.navigation",
            ],
        },
    },
]

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == SQLITE:
    # A transaction takes the write lock when it begins: two writers queue for up to
    # 20 s instead of failing half-way with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    VAR_DIR.mkdir(exist_ok=True)
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A second server that follows the first answers pages that only read (cchc_portal.replica).
REPLICA_URL = env.text("REPLICA_URL")
if REPLICA_URL:
    _replica = env.database("REPLICA_URL", "")
    env.refuse(
        {_replica["ENGINE"], DATABASES["default"]["ENGINE"]} == {POSTGRESQL},
        "REPLICA_URL: chỉ dùng khi cả DATABASE_URL và REPLICA_URL là PostgreSQL.",
    )
    env.refuse(
        env.text("DATABASE_URL") != REPLICA_URL,
        "REPLICA_URL: trùng với DATABASE_URL; hãy ghi địa chỉ máy chủ dữ liệu thứ hai.",
    )
    # One that hangs is soon given up; by mistake nothing is written there.
    _replica["OPTIONS"] = {
        **_replica.get("OPTIONS", {}),
        "connect_timeout": 2,
        "keepalives_idle": 3,
        "keepalives_interval": 1,
        "keepalives_count": 3,
        "tcp_user_timeout": 3000,
        "options": "-c default_transaction_read_only=on",
    }
    DATABASES["replica"] = _replica | {
        "CONN_MAX_AGE": DATABASES["default"].get("CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["cchc_portal.replica.Router"]
    MIDDLEWARE.append("cchc_portal.replica.ReadFromReplica")
# Work that no page waits for: kept in the database, done by `manage.py db_worker`. Books, which
# take minutes, have a queue of their own, so that letters need not wait for them.
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "books"]},
}
# Letters; without a server of its own the portal leaves them as files.
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Thống kê CCHC <khong-tra-loi@localhost>")
EMAIL_TIMEOUT = 20
vars().update(env.mail("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}"))

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "reporting.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "reporting.accounts.Accounts",
]
# Who fails too often waits (reporting.lockout, docs/adr/0029-signing-in.md). Counted in the
# database, for all processes together; the page of signing in itself answers, and the record tells.
AXES_HANDLER = "reporting.lockout.Lockout"
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_FAILURE_LIMIT = 1  # the handler tells whether one of its limits is reached
AXES_USERNAME_CALLABLE = "reporting.lockout.account_of"
AXES_CLIENT_IP_CALLABLE = "reporting.views.limits.house_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Of whom a code is asked besides the password (reporting.queries.second_factor).
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR", "optional", ("off", "optional", "reviewers", "everybody")
)
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
CSRF_FAILURE_VIEW = "reporting.views.sessions.csrf_failure"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60  # of an invitation
PASSWORD_HASHERS = [
    "cchc_portal.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A province's single sign-on by OpenID Connect; without an issuer there is none.
OIDC_ISSUER = env.text("OIDC_ISSUER").rstrip("/")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET")
OIDC_CLAIM = env.choice("OIDC_CLAIM", "preferred_username", ("preferred_username", "email"))
OIDC_NAME = env.text("OIDC_NAME", "tài khoản chung của tỉnh")
OIDC_PASSWORDS = env.flag("OIDC_PASSWORDS", default=True)
_provider = urlsplit(OIDC_ISSUER)
if OIDC_ISSUER:
    env.refuse(
        OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: còn trống."
    )
    env.refuse(
        _provider.netloc
        and _provider.scheme in (("https",) if HTTPS else ("https", "http"))
        and not (_provider.query or _provider.fragment),
        f"OIDC_ISSUER: đang ghi «{OIDC_ISSUER[:60]}», cần địa chỉ như https://dangnhap.tinh.gov.vn.",
    )

LANGUAGE_CODE = "vi"
USE_I18N = True
FORMAT_MODULE_PATH = ["cchc_portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.folder("MEDIA_ROOT", VAR_DIR / "media")
env.refuse(
    not any(
        MEDIA_ROOT.resolve().is_relative_to(public.resolve())
        for public in (STATIC_ROOT, *STATICFILES_DIRS)
    ),
    f"MEDIA_ROOT: «{MEDIA_ROOT}» nằm trong thư mục tệp tĩnh (STATIC_ROOT hoặc «static»), nơi ai"
    " cũng mở được; cần một thư mục ở ngoài.",
)
STORAGES = {
    "default": {"BACKEND": "cchc_portal.storage.AttachedFiles"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "cchc_portal.storage.StaticFiles"
        )
    },
}

# A form has at most a thousand rows, each posting a figure and a note.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_100
# Of one attached file; and of all that is posted at once, which may be several files.
EVIDENCE_MAX_MB = env.number("EVIDENCE_MAX_MB", 20, least=1, most=500)
POSTING_MAX_MB = 5 * EVIDENCE_MAX_MB

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers ask it of where a posted form is led on to as well.
        "form-action": [
            SELF,
            *([f"{_provider.scheme}://{_provider.netloc}"] if OIDC_ISSUER else []),
        ],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logs.configuration(
    form=env.choice("LOG_FORMAT", "text", logs.FORMS),
    level=env.choice("LOG_LEVEL", "WARNING", logs.LEVELS),
)

env.refuse_faults()
