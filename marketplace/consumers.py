"""The sockets of a round and of a person: each passes hints on. realtime.py describes the frames."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from marketplace import realtime_hub
from marketplace.access import round_for
from marketplace.errors import NotFound
from marketplace.queries.notices import inbox_group
from marketplace.queries.standings import round_versions
from marketplace.realtime import NOT_FOUND_CODE, TICKET_REFUSED_CODE, round_group


class HintConsumer(AsyncWebsocketConsumer):
    """What all sockets share: no channel layer, since one subscription per process feeds all mailboxes."""

    channel_layer_alias = "unused"

    async def refuse(self, code: int = NOT_FOUND_CODE) -> None:
        # Accepted first: a refused handshake reaches the browser without the code that says "do not try again".
        await self.accept(self.scope.get("subprotocol"))
        await self.close(code=code)


class WatchingConsumer(HintConsumer):
    """A socket with a mailbox: everything that its group is told goes to the client."""

    group: str
    gap: dict[str, Any]
    mailbox: realtime_hub.Mailbox | None = None
    sender: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:  # also after a failure, which brings no disconnect event
            await self._leave()

    async def watch(self) -> None:
        """Accept, listen, say where things stand, then pass hints on."""
        await self.accept(self.scope.get("subprotocol"))
        # Listen first, then read: what happens in between comes as a hint as well.
        self.mailbox = await realtime_hub.join(self.group, settings.REDIS_URL)
        await self.greet()
        self.sender = asyncio.create_task(self._pass_on(self.mailbox))

    async def greet(self) -> None:
        """The first frame, where a socket has one."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data == "ping":
            await self.send('{"type":"pong"}')

    async def _leave(self) -> None:
        if self.sender is not None:
            self.sender.cancel()
            with suppress(asyncio.CancelledError):
                await self.sender
        if self.mailbox is not None:
            await realtime_hub.leave(self.group, self.mailbox)

    async def _pass_on(self, mailbox: realtime_hub.Mailbox) -> None:
        # Sending fails once the client is gone; its disconnect event follows and ends this consumer.
        with suppress(OSError, RuntimeError):
            while True:
                gap, texts = await mailbox.take()
                if gap:
                    await self.send(json.dumps(self.gap))
                for text in texts:
                    await self.send(text)


class RoundConsumer(WatchingConsumer):
    """/ws/rounds/<id>/: for everybody who may see the round; nothing personal is in it."""

    round_id: int

    async def connect(self) -> None:
        self.round_id = self.scope["url_route"]["kwargs"]["round_id"]
        if self.scope.get("ticket_refused"):
            await self.refuse(TICKET_REFUSED_CODE)
            return
        try:
            await database_sync_to_async(round_for)(self.scope["user"], self.round_id)
        except NotFound:
            await self.refuse()
            return
        self.group, self.gap = round_group(self.round_id), {"type": "gap", "round": self.round_id}
        await self.watch()

    async def greet(self) -> None:
        state = await database_sync_to_async(round_versions)(self.round_id)
        await self.send(json.dumps({"type": "round.state", **state}))


class OwnConsumer(WatchingConsumer):
    """/ws/me/: for the signed-in person alone; it tells that something of theirs is new, never what."""

    async def connect(self) -> None:
        if self.scope.get("ticket_refused"):
            await self.refuse(TICKET_REFUSED_CODE)
            return
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.refuse()
            return
        self.group, self.gap = inbox_group(user.pk), {"type": "gap"}
        await self.watch()


class NoSuchSocket(HintConsumer):
    """Any other address."""

    async def connect(self) -> None:
        await self.refuse()
