"""One settings file, read from the environment; a real installation that lacks something fails loudly at start-up.

A real installation is one whose `SITE_URL` begins with https. Everything else is a demo on one's own machine: it makes
its own secret and uses the embedded database.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal import database
from portal.lib.videos import players

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(str(BASE_DIR / ".env"))

SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
IS_PRODUCTION = SITE_URL.startswith("https://")
DEBUG = env.bool("DEBUG", default=False)
PORTAL_DATA = Path(env.str("PORTAL_DATA", default=str(BASE_DIR / "data"))).expanduser()
DATABASE_URL: str = env.str("DATABASE_URL", default="")
DEMO_PASSWORD: str = env.str("DEMO_PASSWORD", default="khuyenhoc-2026")


def _required(name: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set where SITE_URL begins with https (see .env.example).")
    return value


def _demo_secret() -> str:
    """A secret of this machine, kept beside the demo's data so that sessions outlive a restart."""
    path = PORTAL_DATA / "secret_key"
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        secret = secrets.token_urlsafe(50)
    try:
        PORTAL_DATA.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secret)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ImproperlyConfigured(
            f"PORTAL_DATA ({PORTAL_DATA}) cannot be written: set it to a folder of yours."
        ) from error
    return secret


if IS_PRODUCTION:
    SECRET_KEY = _required("SECRET_KEY")
    _required("DATABASE_URL")
    # of citizen numbers: the first one seals, all of them open, by the last one equal numbers are found
    FIELD_KEYS: list[str] = [key.strip() for key in _required("FIELD_KEYS").split(",")]
    if any(len(key) < 32 for key in FIELD_KEYS):
        raise ImproperlyConfigured("Every key in FIELD_KEYS must have 32 letters or more (see .env.example).")
    ALLOWED_HOSTS: list[str] = _required("ALLOWED_HOSTS").split(",")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off where SITE_URL begins with https.")
else:
    SECRET_KEY = env.str("SECRET_KEY", default="") or _demo_secret()
    FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [SECRET_KEY]
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])

INSTALLED_APPS = [
    "portal",
    "intakes",
    "news",
    "members",
    "scholarships",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "js_asset",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.first_answers",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.response_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.chosen_language",
    "portal.middleware.plain_requests",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.source_of_actions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.refused_acts",
    "portal.middleware.RefusalPages",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
            "builtins": [
                "portal.templatetags.portal",
                "portal.templatetags.components",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

DATABASES = {"default": database.configuration(DATABASE_URL, PORTAL_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["portal.services.leaving.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "full_name", "phone", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work_home"
ACCOUNT_ADAPTER = "portal.forms.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "portal.forms.accounts.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}  # SignInForm turns a phone number into its account's user name
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up itself is closed by the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter to an address that anybody may type
ACCOUNT_USER_DISPLAY = "portal.forms.accounts.display_name"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an unattended screen must not change where new passwords go
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # how long one answer counts before acts of consequence
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "60/m/ip",
    "activate_account": "20/10m/ip",
    "reader_note": "10/10m/ip",
    "join": "10/10m/ip",
    "join_status": "60/10m/ip",
}
ACCOUNT_RATE_LIMITS["reader_note"] = "30/10m/ip"  # of what readers write to the editors, looks at the form included
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Khuyến học"
MFA_TOTP_TOLERANCE = 1  # a slow phone and a slow hand: the code before and after count too (RFC 6238, 5.2)
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # amounts are written by portal.lib.vietnamese, ids must stay plain

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PORTAL_DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = PORTAL_DATA / "media"
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.assets.JoinedSheetsStorage"},
}
# Compressed already, or read by developers' tools alone: squeezing these takes most of the time of collecting.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "avif",
    "gz",
    "jpeg",
    "jpg",
    "map",
    "png",
    "ttf",
    "txt",
    "webp",
    "woff",
    "woff2",
    "br",
)
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

# --- background work ------------------------------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- cache: shared by the workers and kept over a restart, for the limits on signing in ------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": PORTAL_DATA / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

READS_WRITTEN_EVERY = 60.0  # seconds after which a process writes down what it counted of articles; 0: at its end

# --- mail -----------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_TIMEOUT = 10

# --- security -------------------------------------------------------------------------------------------------------
TRUSTED_PROXY: str = env.str("TRUSTED_PROXY", default="")  # the address whose X-Forwarded-For is believed
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    if TRUSTED_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]
else:
    # A demo on 127.0.0.1 has no TLS to redirect to and no certificate to insist on; production has no such list.
    SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF, *players()],  # of videos, once a reader presses one
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- forms, lists ---------------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
PAGE_SIZE = 50
DIRECT_ROWS = 5_000  # of a list of people that are saved while one waits; longer ones are made by the worker
UPLOAD_PATIENCE = 3.0  # seconds that a page waits for a workbook to be read; the worker goes on with it
UPLOADS_PATIENCE = 10.0  # seconds after which the worker reads the rest of the workbooks sent at once
PICTURE_PATIENCE = 20.0  # seconds that a page waits for one picture to be read
PICTURES_PATIENCE = 60.0  # seconds after which it begins no further one of those that were sent at once
UPLOAD_LIMIT = 15 * 1024 * 1024  # bytes of one workbook or photo

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}

SITE_HOST = urlsplit(SITE_URL).netloc
