"""Tests: SQLite in memory unless DATABASE_URL names PostgreSQL; no service unless REDIS_URL names one."""

from typing import Any

from config import env
from config.settings.base import *  # noqa: F403 - settings modules extend each other by design
from config.settings.base import database_settings

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES: dict[str, Any] = {"default": database_settings(env.DATABASE_URL, ":memory:")}
if env.DATABASE_URL:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of race tests close what they opened
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
REDIS_URL = env.REDIS_URL
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
