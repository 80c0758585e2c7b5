"""Carries hints to the sockets of this process: one Redis subscription for all, a bounded mailbox for each.

A hub belongs to one event loop (a server process has one). Its mailboxes are touched in that loop only; other
threads hand texts over with `deliver_here`. Without Redis there is no subscription: the process is the whole house.
"""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from threading import Lock
from typing import Final

import redis.asyncio
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Hints that may wait for one client; a slower one is told that it missed some.
MAILBOX_SIZE: Final = 32
# A quiet subscription is asked for a sign of life after so many seconds, and given up after as many more.
QUIET_SECONDS: Final = 15.0
# How long a new socket waits for a subscription that is just being made.
READY_SECONDS: Final = 2.0
RETRY_SECONDS: Final = (0.1, 0.5, 1.0, 2.0, 5.0)

Loop = asyncio.AbstractEventLoop


class Mailbox:
    """Hints waiting for one socket, oldest first; when it is full the oldest go and `gap` is marked."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._gap = False
        self._some = asyncio.Event()

    def put(self, text: str) -> None:
        if len(self._texts) >= MAILBOX_SIZE:
            self._texts.popleft()
            self._gap = True
        self._texts.append(text)
        self._some.set()

    def mark_gap(self) -> None:
        """What waited is superseded: the client has to fetch."""
        self._texts.clear()
        self._gap = True
        self._some.set()

    def empty(self) -> None:
        """Begin anew: what came so far is known otherwise."""
        self._texts.clear()
        self._gap = False
        self._some.clear()

    @property
    def waits(self) -> bool:
        """Whether there is something to take."""
        return self._some.is_set()

    async def take(self) -> tuple[bool, list[str]]:
        """Wait for hints; whether some were dropped before them, and all that wait."""
        await self._some.wait()
        self._some.clear()
        gap, texts = self._gap, list(self._texts)
        self._gap = False
        self._texts.clear()
        return gap, texts


class Hub:
    """The mailboxes of one event loop by group, and the subscription that feeds them."""

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self._groups: dict[str, set[Mailbox]] = {}
        self._ready = asyncio.Event()
        self._feed = asyncio.create_task(self._feed_for_ever()) if redis_url else None

    def add(self, group: str, mailbox: Mailbox) -> None:
        self._groups.setdefault(group, set()).add(mailbox)

    def remove(self, group: str, mailbox: Mailbox) -> None:
        members = self._groups.get(group, set())
        members.discard(mailbox)
        if not members:
            self._groups.pop(group, None)

    @property
    def is_empty(self) -> bool:
        return not self._groups

    def deliver(self, group: str, text: str) -> None:
        for mailbox in self._groups.get(group, ()):
            mailbox.put(text)

    async def ready(self) -> None:
        """Wait for the subscription, not for ever: while Redis is away sockets open and catch up later."""
        if self._feed is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), READY_SECONDS)

    async def close(self) -> None:
        if self._feed is not None:
            self._feed.cancel()
            with suppress(asyncio.CancelledError):
                await self._feed

    async def _feed_for_ever(self) -> None:
        failures = 0
        while True:
            try:
                await self._feed_once()
            except (RedisError, OSError) as error:
                failures = 0 if self._ready.is_set() else failures + 1
                self._ready.clear()
                logger.warning("The feed of hints was interrupted: %s", error)
            await asyncio.sleep(RETRY_SECONDS[min(failures, len(RETRY_SECONDS) - 1)])

    async def _feed_once(self) -> None:
        """Subscribe and pass on what comes, until the connection fails.

        redis-py 8 drops a subscription that is quiet for 5 s, unless its socket has no timeout of its own and each
        read states one: then silence is an answer, not an error.
        """
        client = redis.asyncio.Redis.from_url(
            self.redis_url, socket_timeout=None, socket_connect_timeout=2, socket_keepalive=True, decode_responses=True
        )
        prefix = redis_channel(self.redis_url, "")
        async with client, client.pubsub() as subscription:
            await subscription.psubscribe(f"{prefix}*")
            asked = False
            while True:
                message = await subscription.get_message(timeout=QUIET_SECONDS)
                if message is None:
                    if asked:
                        raise redis.exceptions.TimeoutError("no sign of life")
                    await subscription.ping()
                    asked = True
                    continue
                asked = False
                if message["type"] == "psubscribe":
                    self._subscribed()
                elif message["type"] == "pmessage":
                    self.deliver(message["channel"].removeprefix(prefix), message["data"])

    def _subscribed(self) -> None:
        """Whoever watched before may have missed hints meanwhile."""
        self._ready.set()
        for members in self._groups.values():
            for mailbox in members:
                mailbox.mark_gap()


_hubs: dict[Loop, Hub] = {}
_guard = Lock()


async def join(group: str, redis_url: str) -> Mailbox:
    """A mailbox that gets every hint of the group from now on; read where things stand after this returns."""
    loop = asyncio.get_running_loop()
    with _guard:
        hub = _hubs.get(loop)
        if hub is None:
            hub = _hubs[loop] = Hub(redis_url)
        mailbox = Mailbox()
        hub.add(group, mailbox)
    await hub.ready()
    mailbox.empty()
    return mailbox


async def leave(group: str, mailbox: Mailbox) -> None:
    """Stop filling the mailbox; the last one to leave ends the subscription."""
    loop = asyncio.get_running_loop()
    with _guard:
        hub = _hubs.get(loop)
        if hub is None:
            return
        hub.remove(group, mailbox)
        if not hub.is_empty:
            return
        del _hubs[loop]
    await hub.close()


def deliver_here(group: str, text: str) -> None:
    """Hand a text to the sockets of this process, from any thread."""
    with _guard:
        hubs = list(_hubs.items())
    for loop, hub in hubs:
        with suppress(RuntimeError):  # the loop ended with its server
            loop.call_soon_threadsafe(hub.deliver, group, text)


def redis_channel(redis_url: str, group: str) -> str:
    """The Redis channel of a group. Channels span a server's databases: the number keeps installations apart."""
    database = redis_url.partition("://")[2].partition("/")[2].partition("?")[0] or "0"
    return f"windrow:{database}:{group}"
