"""Hints over a real Redis: one subscription per process, quiet for long, interrupted, and for several processes."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from pytest_django import Settings
from redis import Redis
from redis.exceptions import RedisError

from marketplace import realtime, realtime_hub
from marketplace.models import Round
from tests.factories import make_hub, make_round, make_window
from tests.realtime.watching import watching
from tests.services import private
from tests.services.redis import find_binary

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


class OwnRedis:
    """A Redis that a test may stop and start again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, private.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        command = [str(find_binary()), *options]
        self.process = private.start(command, folder=self.folder, owner=None, goodbye=signal.SIGTERM)
        assert private.wait_until_it_answers(self._answers, self.process, seconds=15), private.log_of(self.folder)

    def stop(self) -> None:
        private.stop(self.process, signal.SIGTERM)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_connect_timeout=1) as client:
                return bool(client.ping())
        except RedisError:
            return False


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    server = OwnRedis(tmp_path)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def round_() -> Round:
    round_ = make_round(make_hub())
    make_window(round_)
    return round_


def subscriptions(url: str) -> int:
    with Redis.from_url(url) as client:
        return int(client.pubsub_numpat())


def say(round_: Round, version: int) -> None:
    realtime.publish(realtime.round_group(round_.pk), json.dumps({"version": version}))


def test_all_sockets_of_a_process_share_one_subscription_and_the_last_one_ends_it(round_: Round) -> None:
    before = subscriptions(settings.REDIS_URL)

    @async_to_sync
    async def story() -> tuple[int, list[int]]:
        async with watching(round_.pk) as first, watching(round_.pk) as second, watching(round_.pk) as third:
            sockets = (first, second, third)
            for socket in sockets:
                await socket.frame()
            say(round_, 1)
            heard = [(await socket.frame())["version"] for socket in sockets]
            with Redis.from_url(settings.REDIS_URL) as client:
                channel = realtime_hub.redis_channel(settings.REDIS_URL, realtime.round_group(round_.pk))
                receivers = int(client.publish(channel, json.dumps({"version": 2})))
            return receivers, heard

    assert story() == (1, [1, 1, 1])
    assert subscriptions(settings.REDIS_URL) == before


def test_a_hint_from_another_process_arrives(round_: Round) -> None:
    script = (
        "import django; django.setup()\n"
        "from marketplace import realtime\n"
        f"realtime.push(realtime.round_group({round_.pk}), {{'version': 5}})"
    )

    @async_to_sync
    async def story() -> dict[str, object]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
            assert await process.wait() == 0
            return await socket.frame()

    assert story() == {"version": 5}


@pytest.mark.slow
def test_a_socket_that_was_idle_for_12_seconds_still_receives(round_: Round) -> None:
    """redis-py 8 drops a subscription that is quiet for 5 s unless it is told otherwise."""

    @async_to_sync
    async def story() -> tuple[bool, dict[str, object]]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            quiet = await socket.is_silent(12)
            say(round_, 1)
            return quiet, await socket.frame()

    assert story() == (True, {"version": 1})


@pytest.mark.slow
def test_a_quiet_subscription_is_asked_for_a_sign_of_life(
    round_: Round, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(realtime_hub, "QUIET_SECONDS", 0.2)

    @async_to_sync
    async def story() -> tuple[bool, dict[str, object]]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            quiet = await socket.is_silent(1.5)
            say(round_, 1)
            return quiet, await socket.frame()

    assert story() == (True, {"version": 1})


@pytest.mark.slow
def test_after_redis_was_away_the_clients_are_told_of_the_gap_and_hear_again(
    round_: Round, own_redis: OwnRedis, settings: Settings
) -> None:
    settings.REDIS_URL = own_redis.url

    @async_to_sync
    async def story() -> list[dict[str, object]]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            say(round_, 1)
            frames = [await socket.frame()]
            await asyncio.to_thread(own_redis.stop)
            say(round_, 2)  # lost
            await asyncio.to_thread(own_redis.start)
            frames.append(await socket.frame(within=10))
            say(round_, 3)
            frames.append(await socket.frame())
            return frames

    assert story() == [{"version": 1}, {"type": "gap", "round": round_.pk}, {"version": 3}]


@pytest.mark.slow
def test_a_frozen_redis_is_given_up_and_found_again(
    round_: Round, own_redis: OwnRedis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = own_redis.url
    monkeypatch.setattr(realtime_hub, "QUIET_SECONDS", 0.3)

    @async_to_sync
    async def story() -> dict[str, object]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            own_redis.process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(1.5)
            own_redis.process.send_signal(signal.SIGCONT)
            return await socket.frame(within=10)

    assert story() == {"type": "gap", "round": round_.pk}


@pytest.mark.slow
def test_without_redis_a_socket_opens_and_a_push_neither_fails_nor_blocks(
    round_: Round, own_redis: OwnRedis, settings: Settings
) -> None:
    settings.REDIS_URL = own_redis.url
    own_redis.stop()

    @async_to_sync
    async def story() -> dict[str, object]:
        async with watching(round_.pk) as socket:
            state = await socket.frame(within=5)
            await asyncio.to_thread(own_redis.start)
            assert (await socket.frame(within=10))["type"] == "gap"
            return state

    started = time.monotonic()
    say(round_, 1)
    assert time.monotonic() - started < 3
    assert story()["type"] == "round.state"


def test_installations_on_one_server_do_not_hear_each_other() -> None:
    assert realtime_hub.redis_channel("redis://h:6379/3", "round-1") == "windrow:3:round-1"
    assert realtime_hub.redis_channel("redis://h:6379", "round-1") == "windrow:0:round-1"
