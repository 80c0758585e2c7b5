"""Those who watch a round, in tests: a socket inside the process, and a mailbox in a thread of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Event, Thread
from typing import Any

from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from config.asgi import application
from marketplace import realtime_hub
from marketplace.models import User


def logged_in(user: User) -> tuple[bytes, bytes]:
    """The cookie of a session of this user."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return b"cookie", f"sessionid={session.session_key}".encode()


class Socket:
    """A client of a round's socket, spoken to without a network."""

    def __init__(
        self,
        round_id: object,
        *headers: tuple[bytes, bytes],
        origin: bytes | None = b"http://testserver",
        subprotocols: tuple[str, ...] = (),
    ):
        own = [] if origin is None else [(b"origin", origin)]
        path = f"/ws/rounds/{round_id}/"
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": [*headers, *own],
            "subprotocols": list(subprotocols),
        }
        self._asgi = ApplicationCommunicator(application, scope)

    async def connect(self) -> bool:
        """Open it; whether the server accepted."""
        await self._asgi.send_input({"type": "websocket.connect"})
        return bool((await self._output(10))["type"] == "websocket.accept")

    async def disconnect(self) -> None:
        """Leave, and wait until the server has noticed."""
        await self._asgi.send_input({"type": "websocket.disconnect", "code": 1001})
        await self._asgi.wait(10)

    async def send(self, *, text: str | None = None, binary: bytes | None = None) -> None:
        await self._asgi.send_input({"type": "websocket.receive", "text": text, "bytes": binary})

    async def frame(self, within: float = 3) -> dict[str, Any]:
        """The next frame, which comes within so many seconds."""
        output = await self._output(within)
        assert output["type"] == "websocket.send", output
        return json.loads(output["text"])  # type: ignore[no-any-return]

    async def is_silent(self, seconds: float = 0.1) -> bool:
        """Whether nothing comes for so long."""
        return bool(await self._asgi.receive_nothing(seconds))

    async def close_code(self) -> int:
        """The code with which the server closes the socket next."""
        output = await self._output(3)
        assert output["type"] == "websocket.close", output
        return int(output["code"])

    async def _output(self, within: float) -> dict[str, Any]:
        return await self._asgi.receive_output(within)  # type: ignore[no-any-return]


@asynccontextmanager
async def watching(round_id: object, *headers: tuple[bytes, bytes]) -> AsyncIterator[Socket]:
    """An open socket."""
    socket = Socket(round_id, *headers)
    assert await socket.connect()
    try:
        yield socket
    finally:
        await socket.disconnect()


@contextmanager
def listening(group: str, redis_url: str = "") -> Iterator[list[dict[str, Any]]]:
    """What reaches a mailbox of this group; complete once the block is left."""
    heard: list[dict[str, Any]] = []
    ready, loop = Event(), asyncio.new_event_loop()
    over = asyncio.Event()

    async def listen() -> None:
        mailbox = await realtime_hub.join(group, redis_url)
        ready.set()
        await over.wait()
        await asyncio.sleep(0)  # what was handed over before is in the mailbox now
        if mailbox.waits:
            heard.extend(json.loads(text) for text in (await mailbox.take())[1])
        await realtime_hub.leave(group, mailbox)

    thread = Thread(target=lambda: loop.run_until_complete(listen()))
    thread.start()
    try:
        assert ready.wait(5)
        yield heard
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()
