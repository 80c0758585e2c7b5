"""The key pair by which push services know this installation (VAPID, RFC 8292).

From the environment in production; the embedded form makes one in its data folder at the first need. Without a key
there is no push: pages say so, and what would have been pushed stays in the inbox.
"""

import os
from base64 import urlsafe_b64encode
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02


def private_key() -> str:
    """The private key as base64url text; empty where there is none."""
    if settings.VAPID_PRIVATE_KEY:
        return str(settings.VAPID_PRIVATE_KEY)
    path: Path | None = settings.VAPID_KEY_FILE
    return "" if path is None else _kept(path)


def public_key() -> str:
    """What browsers are given as `applicationServerKey`: the uncompressed point as base64url text; empty for none."""
    private = private_key()
    return _public(private) if private else ""


def new_private_key() -> str:
    """A fresh private key: 32 bytes as base64url text."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(number.to_bytes(32, "big"))


def _kept(path: Path) -> str:
    """The key of the data folder, made once, readable by its owner only; it appears whole."""
    if not path.exists():
        with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as made:  # mode 600 from the start
            made.write(new_private_key())
            made.flush()
            os.fsync(made.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(made.name)
    return path.read_text().strip()


@lru_cache(maxsize=4)
def _public(private: str) -> str:
    point = Vapid02.from_string(private).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return _text(point)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
