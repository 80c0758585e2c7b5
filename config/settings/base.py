"""What holds in every form of the house; local.py, test.py and production.py add the rest."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config import env
from config.settings.accounts import *  # noqa: F403 - settings modules extend each other by design
from config.settings.desks import UNFOLD, UNFOLD_HUB_DESK, UNFOLD_MERCHANT_DESK, UNFOLD_STAFF  # noqa: F401 - settings

BASE_DIR = env.ROOT

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "marketplace.apps.MarketplaceConfig",
    "logistics.apps.LogisticsConfig",
    "analytics.apps.AnalyticsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Pages, API and, where nobody compressed them before, styles and scripts: a first view of 70 kB instead of 260 kB.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After the user is known: somebody who is signed in reads in the language of the account.
    "marketplace.views.middleware.OwnLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "marketplace.views.middleware.ProblemPages",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
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
            ],
            "builtins": ["marketplace.templatetags.market"],
        },
    }
]

SQLITE_OPTIONS = {
    # Each write transaction takes the write lock at its start: reading and then writing never meets "locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
}


def database_settings(url: str, sqlite_path: str) -> dict[str, Any]:
    """Connection settings of the database of record: PostgreSQL by URL, else SQLite at the path."""
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": sqlite_path, "OPTIONS": SQLITE_OPTIONS}
    return {**env.database(url), "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 60}


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "marketplace.User"
AUTHENTICATION_BACKENDS = ["marketplace.accounts.backend.SignInBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# A month, for browsers and for the tokens of apps (their sessions): each can be ended one by one at /me/security/.
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ar", _("Arabic"))]
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT: Path | None = env.DATA_DIR / "static"

CSRF_FAILURE_VIEW = "marketplace.views.problems.form_too_old"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL
# A gateway that does not answer holds a worker no longer than this, in seconds.
EMAIL_TIMEOUT = 20
SITE_URL = env.SITE_URL
VAPID_PRIVATE_KEY = env.VAPID_PRIVATE_KEY
VAPID_SUBJECT = env.VAPID_SUBJECT
# Where a key is made and kept when the environment has none; None: nowhere, and without a key there is no push.
VAPID_KEY_FILE: Path | None = None
# Hosts that need be neither https nor public to be pushed to: a test's own push service.
PUSH_TRUSTED_HOSTS: list[str] = []
TILES_URL = env.TILES_URL
TILES_ATTRIBUTION = env.TILES_ATTRIBUTION
PICTURES_DIR = env.DATA_DIR / "pictures"
CLOCK_SHIFT_SECONDS = env.CLOCK_SHIFT_SECONDS
SCAN_SECONDS = env.SCAN_SECONDS

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.api.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "marketplace.api.problems.exception_handler",
    "DEFAULT_THROTTLE_RATES": {
        "reserve": "120/min",
        "ticket": "60/min",
        "write": "120/min",
        "upload": "30/min",
        "invite": "30/h",
    },
    # Whose address a throttle counts: the connection's own, or what our proxy says; never what a client claims.
    "NUM_PROXIES": 1 if env.BEHIND_TLS_PROXY else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Windrow",
    "DESCRIPTION": "Rounds, windows, offers, reservations and purchase orders of a group-ordering hub.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "marketplace.api.sign_in_schema.add_sign_in",
    ],
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    # Standard error: commands that print JSON print nothing else on standard output.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": env.LOG_LEVEL, "propagate": False}
        for name in ("config", "marketplace", "logistics", "analytics")
    }
    # A broken page leaves its traceback where the operator looks.
    | {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

# Messages are wake-ups: results are rows, so there is no result backend (docs/adr/0003).
CELERY_BROKER_URL = env.REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_DEFAULT_QUEUE = "notify"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 300, "unacked_restore_throttle": 1, "socket_timeout": 30}
    if env.REDIS_URL
    else {"polling_interval": 0.1}
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
