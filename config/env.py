"""The only reader of the environment: every variable's name, type, default and meaning.

Settings import the values from here; nothing else looks at os.environ. `.env.example` lists the same names.
"""

import os
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent

_env = environ.Env()

# Where the embedded form keeps its database, secret key, mails and lock file.
DATA_DIR = Path(_env.str("WINDROW_DATA_DIR", default=str(ROOT / ".windrow"))).absolute()

# Database of record; empty means SQLite in DATA_DIR. Production: postgres://user:password@host:5432/name
DATABASE_URL: str = _env.str("DATABASE_URL", default="")

# Broker and socket layer; empty means in-process (one process only). Production: redis://host:6379/0
REDIS_URL: str = _env.str("REDIS_URL", default="")

# Signs sessions and links. The embedded form makes one in DATA_DIR; production refuses to start without it.
SECRET_KEY: str = _env.str("SECRET_KEY", default="")

# Earlier keys, comma separated, that still verify while a new one is rolled out.
SECRET_KEY_FALLBACKS: list[str] = _env.list("SECRET_KEY_FALLBACKS", default=[])

# Host names that may be asked for, comma separated.
ALLOWED_HOSTS: list[str] = _env.list("ALLOWED_HOSTS", default=[])

# Origins (https://host) that may post forms, comma separated; needed behind a proxy that ends TLS.
CSRF_TRUSTED_ORIGINS: list[str] = _env.list("CSRF_TRUSTED_ORIGINS", default=[])

# True when a proxy that sets X-Forwarded-Proto itself stands in front.
BEHIND_TLS_PROXY: bool = _env.bool("BEHIND_TLS_PROXY", default=False)

# Whether desks are closed to people without a second step of signing in (passkey or authenticator app); not set, this
# is so in production and not in the embedded form.
MFA_REQUIRED: bool | None = None if "MFA_REQUIRED" not in os.environ else _env.bool("MFA_REQUIRED")

# Outgoing mail: smtp://user:password@host:587 (smtp+tls, smtp+ssl), empty means files in DATA_DIR/mails.
EMAIL_URL: str = _env.str("EMAIL_URL", default="")

# Sender of purchase orders and messages.
DEFAULT_FROM_EMAIL: str = _env.str("DEFAULT_FROM_EMAIL", default="orders@windrow.example")

# Public address of this installation, for links in mails.
SITE_URL: str = _env.str("SITE_URL", default="http://127.0.0.1:8000")

# Map tiles, where a map is wanted: https://tiles.example/{z}/{x}/{y}.png, and who is to be named for them. Empty: no
# map; places are then chosen from lists and by street names.
TILES_URL: str = _env.str("TILES_URL", default="")
TILES_ATTRIBUTION: str = _env.str("TILES_ATTRIBUTION", default="© OpenStreetMap contributors")

# Private key by which push services know this installation (`manage.py vapid_keys` makes one); empty: no web push. The
# embedded form makes its own in DATA_DIR.
VAPID_PRIVATE_KEY: str = _env.str("VAPID_PRIVATE_KEY", default="")

# Whom a push service writes to when something is wrong: mailto: or https:.
VAPID_SUBJECT: str = _env.str("VAPID_SUBJECT", default="mailto:push@windrow.example")

# Seconds added to the one clock (demonstrations and tests only; production refuses a value other than 0).
CLOCK_SHIFT_SECONDS: int = _env.int("CLOCK_SHIFT_SECONDS", default=0)

# Seconds between two scans for windows that are due to open or close.
SCAN_SECONDS: float = _env.float("SCAN_SECONDS", default=5.0)

# Log level of Windrow's own loggers.
LOG_LEVEL: str = _env.str("LOG_LEVEL", default="INFO")


def database(url: str) -> dict[str, object]:
    """Django's connection settings for a DATABASE_URL; raises environ.ImproperlyConfigured on a malformed one."""
    return dict(_env.db_url_config(url))


def email(url: str) -> dict[str, object]:
    """Django's e-mail settings (EMAIL_HOST …) for an EMAIL_URL."""
    return dict(_env.email_url_config(url))


# What makes a process the embedded form, whatever the environment says otherwise.
_EMBEDDED = {
    "DJANGO_SETTINGS_MODULE": "config.settings.local",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "EMAIL_URL": "",
    "SECRET_KEY": "",
    "ALLOWED_HOSTS": "",
    "CLOCK_SHIFT_SECONDS": "0",
    "MFA_REQUIRED": "false",
}


def embedded(*, data_dir: Path, site_url: str) -> dict[str, str]:
    """The environment of a process of the embedded form that keeps its data in the folder."""
    return {**os.environ, **_EMBEDDED, "WINDROW_DATA_DIR": str(data_dir), "SITE_URL": site_url}


def is_embedded(*, site_url: str) -> bool:
    """Whether this process is the embedded form at that address, with nothing of another one in its environment."""
    return site_url == SITE_URL and all(os.environ.get(name, value) == value for name, value in _EMBEDDED.items())
