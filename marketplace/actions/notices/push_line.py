"""The line to a push service: an address that a stranger named is called for so long and no longer, reads as little as
can be, and never ends in the private net.

The timeout of sockets begins anew with each byte; here one end holds for the whole answer. The body is not read at
all. And where the connection really ended is looked at before a byte is sent: a name may resolve otherwise each time.
"""

import io
import socket
import time
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from marketplace.actions.notices.push_address import check_address


class PushLine(requests.Session):
    """A session of one call: no proxy, no stored password, no redirect, no body."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.trust_env = False
        self.max_redirects = 0
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(seconds))

    def request(self, *args: Any, **named: Any) -> requests.Response:
        """As the library calls it, whatever it asks for."""
        answer = super().request(*args, **{**named, "stream": True, "allow_redirects": False})
        answer._content = b""
        answer.close()
        return answer


class _Reader(io.RawIOBase):
    """Reads of a socket until a moment, counted over all of them."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock, self._end = sock, end

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long.")
        self._sock.settimeout(left)
        return self._sock.recv_into(into)


class _Socket:
    """A socket whose answer has an end."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock, self._end = sock, end

    def makefile(self, *_args: Any, **_named: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._end))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Ended:
    """What both kinds of connection have in common."""

    seconds: float

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        if self.host not in settings.PUSH_TRUSTED_HOSTS:  # type: ignore[attr-defined]
            try:
                check_address(str(sock.getpeername()[0]))
            except Exception:
                sock.close()
                raise
        return sock

    def getresponse(self) -> Any:
        self.sock: Any = _Socket(self.sock, time.monotonic() + self.seconds)
        return super().getresponse()  # type: ignore[misc]


class _Adapter(HTTPAdapter):
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        ends = {"seconds": self._seconds}
        plain = type("_Plain", (_Ended, HTTPConnection), ends)
        secure = type("_Secure", (_Ended, HTTPSConnection), ends)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
