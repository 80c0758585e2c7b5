"""The embedded form: one process, SQLite, an in-process worker, no services. `make demo` uses it."""

import secrets
from typing import Any

from config import env
from config.settings.base import *  # noqa: F403 - settings modules extend each other by design
from config.settings.base import database_settings

env.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _own_secret_key() -> str:
    """A key made once and kept in the data folder, readable by its owner only."""
    path = env.DATA_DIR / "secret_key"
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
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
