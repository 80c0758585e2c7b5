"""The embedded form: one process, SQLite, an in-process worker, no services. `make demo` uses it."""

import secrets
from contextlib import suppress
from tempfile import NamedTemporaryFile
from typing import Any

from config import env
from config.settings.base import *  # noqa: F403 - settings modules extend each other by design
from config.settings.base import database_settings

env.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _own_secret_key() -> str:
    """A key made once and kept in the data folder, readable by its owner only.

    It appears whole: a process that starts beside the first one finds no empty file, and nobody a readable one.
    """
    path = env.DATA_DIR / "secret_key"
    if not path.exists():
        with NamedTemporaryFile("w", dir=env.DATA_DIR, prefix="secret_key.") as made:  # mode 600 from the start
            made.write(secrets.token_urlsafe(50))
            made.flush()
            with suppress(FileExistsError):
                path.hardlink_to(made.name)
    return path.read_text().strip()


DEBUG = False
SECRET_KEY = env.SECRET_KEY or _own_secret_key()
ALLOWED_HOSTS = env.ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
DATABASES: dict[str, Any] = {"default": database_settings(env.DATABASE_URL, str(env.DATA_DIR / "windrow.sqlite3"))}

# Served from the source folders, so that no collect step stands before the first page.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = False

if env.EMAIL_URL:
    globals().update(env.email(env.EMAIL_URL))
else:
    EMAIL_BACKEND = "config.mail_files.OneFileEach"
    EMAIL_FILE_PATH = env.DATA_DIR / "mails"

REDIS_URL = env.REDIS_URL
VAPID_KEY_FILE = env.DATA_DIR / "vapid_key"

MFA_REQUIRED = env.MFA_REQUIRED is True
# On this machine passkeys work without TLS, under http://localhost (browsers refuse them under a bare number).
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
