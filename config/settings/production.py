"""Production: PostgreSQL, Redis, TLS. Refuses to start while a needed variable is missing."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config import env
from config.settings.base import *  # noqa: F403 - settings modules extend each other by design
from config.settings.base import database_settings

_NEEDED = {
    "SECRET_KEY": env.SECRET_KEY,
    "DATABASE_URL": env.DATABASE_URL,
    "REDIS_URL": env.REDIS_URL,
    "ALLOWED_HOSTS": env.ALLOWED_HOSTS,
    "EMAIL_URL": env.EMAIL_URL,
}
_missing = sorted(name for name, value in _NEEDED.items() if not value)
if _missing:
    raise ImproperlyConfigured(f"Set {', '.join(_missing)} in the environment; .env.example says what each means.")
if not env.DATABASE_URL.startswith(("postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL: SQLite serves one process only.")
if env.CLOCK_SHIFT_SECONDS:
    raise ImproperlyConfigured("CLOCK_SHIFT_SECONDS must be 0: deadlines follow the database's own clock.")

DEBUG = False
SECRET_KEY = env.SECRET_KEY
SECRET_KEY_FALLBACKS = env.SECRET_KEY_FALLBACKS
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS
DATABASES: dict[str, Any] = {"default": database_settings(env.DATABASE_URL, "")}
REDIS_URL = env.REDIS_URL
MFA_REQUIRED = env.MFA_REQUIRED is not False
globals().update(env.email(env.EMAIL_URL))

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Shared by all processes: tries of sign-ins, limits and socket tickets are counted here.
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.REDIS_URL}
}
