"""The socket of a round inside one process: who may watch, where it stands, what changed, what was missed."""

import asyncio
import json
from datetime import timedelta
from threading import Thread

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction
from pytest_django import Settings

from marketplace import clock, realtime, realtime_hub
from marketplace.accounts.tickets import make_ticket
from marketplace.actions.refresh_demand import Watch, refresh_demand
from marketplace.actions.reserve import reserve
from marketplace.events import emit
from marketplace.models import OrderingWindow, Round
from marketplace.rules.roles import Role
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.delivering import deliver_all
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_hub_staff,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_window,
)
from tests.realtime.watching import Socket, listening, logged_in, watching

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def one_process(settings: Settings) -> None:
    settings.REDIS_URL = ""


@pytest.fixture
def round_() -> Round:
    round_ = make_round(make_hub())
    make_handover(round_)
    make_offer(make_window(round_), make_product(make_merchant()), case=6)
    return round_


def reserve_and_refresh(round_: Round, units: int, watch: Watch, at: timedelta) -> None:
    offer = round_.windows.get().offers.get()
    person = make_household().members.get()
    with clock.frozen(NOON + at):
        wanted = [WantedLine(offer_id=offer.pk, firm=units)]
        reserve(round_id=round_.pk, lines=wanted, request_key=f"key-{person.pk}", by=person)
        refresh_demand(watch=watch)


def test_the_first_frame_says_where_the_round_stands(round_: Round) -> None:
    window = round_.windows.get()

    @async_to_sync
    async def story() -> dict[str, object]:
        async with watching(round_.pk) as socket:
            return await socket.frame()

    frame = story()
    assert frame.pop("now")
    assert frame == {
        "type": "round.state",
        "round": round_.pk,
        "windows": [
            {
                "id": window.pk,
                "state": "open",
                "opens_at": window.opens_at.isoformat(),
                "fills_at": window.fills_at.isoformat(),
                "closes_at": window.closes_at.isoformat(),
                "version": 0,
            }
        ],
    }


def test_a_reservation_becomes_a_hint_and_a_missed_one_shows_as_a_gap(round_: Round) -> None:
    """Two reservations reach everybody who watches; who comes back later sees the version it missed."""
    watch, act = Watch(), sync_to_async(reserve_and_refresh)

    @async_to_sync
    async def told_while_watching() -> list[dict[str, object]]:
        async with watching(round_.pk) as first, watching(round_.pk) as second:
            await first.frame(), await second.frame()
            for minute in (1, 2):
                await act(round_, minute, watch, timedelta(minutes=minute))
            return [await first.frame(), await first.frame(), await second.frame(), await second.frame()]

    hints = told_while_watching()
    assert [(h["type"], h["version"], h["offers"][0]["reserved"]) for h in hints] == [  # type: ignore[index]
        ("round.changed", 1, 1),
        ("round.changed", 2, 3),
    ] * 2
    reserve_and_refresh(round_, 5, watch, timedelta(minutes=3))  # nobody watches

    @async_to_sync
    async def comes_back() -> list[dict[str, object]]:
        async with watching(round_.pk) as socket:
            state = await socket.frame()
            await act(round_, 7, watch, timedelta(minutes=4))
            return [state, await socket.frame()]

    state, next_hint = comes_back()
    assert state["windows"][0]["version"] == 3  # type: ignore[index]
    assert next_hint["version"] == 4


@pytest.mark.parametrize("state", [WindowState.DRAFT, WindowState.CANCELLED])
def test_a_round_that_was_not_announced_is_not_found_for_strangers(state: WindowState) -> None:
    round_ = make_round(make_hub())
    make_window(round_, state=state)
    stranger = logged_in(make_hub_staff(make_hub()))  # a coordinator of another hub
    own = logged_in(make_hub_staff(round_.hub, Role.COORDINATOR))

    @async_to_sync
    async def story() -> tuple[list[int], dict[str, object]]:
        codes = []
        for headers in ((), (stranger,)):
            socket = Socket(round_.pk, *headers)
            assert await socket.connect()
            codes.append(await socket.close_code())
        async with watching(round_.pk, own) as socket:
            return codes, await socket.frame()

    codes, state_frame = story()
    assert codes == [4404, 4404]
    assert state_frame["windows"] == []


@pytest.mark.parametrize("round_id", ["999999", "nonsense"])
def test_an_unknown_address_is_closed_for_good(round_id: str) -> None:
    @async_to_sync
    async def story() -> int:
        socket = Socket(round_id)
        assert await socket.connect()
        return await socket.close_code()

    assert story() == 4404


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", None])
def test_a_foreign_page_cannot_open_a_socket(round_: Round, origin: bytes | None) -> None:
    @async_to_sync
    async def story() -> bool:
        return await Socket(round_.pk, origin=origin).connect()

    assert story() is False


def test_a_ping_is_answered_and_anything_else_ignored(round_: Round) -> None:
    @async_to_sync
    async def story() -> list[dict[str, object]]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            for text in ("[]", '{"type":"round.changed"}', "ping"):
                await socket.send(text=text)
            await socket.send(binary=b"ping")
            frame = await socket.frame()
            assert await socket.is_silent()
            return [frame]

    assert story() == [{"type": "pong"}]


def test_only_those_who_watch_the_round_hear_of_it(round_: Round) -> None:
    other = make_round(round_.hub)
    make_window(other)

    @async_to_sync
    async def story() -> bool:
        async with watching(round_.pk) as socket, watching(other.pk) as elsewhere:
            await socket.frame(), await elsewhere.frame()
            realtime.publish(realtime.round_group(round_.pk), "{}")
            await socket.frame()
            return await elsewhere.is_silent()

    assert story()


def test_any_thread_may_push(round_: Round) -> None:
    @async_to_sync
    async def story() -> list[int]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            for version in range(5):
                text = json.dumps({"version": version})
                thread = Thread(target=realtime.publish, args=(realtime.round_group(round_.pk), text))
                thread.start()
                thread.join()
            return [(await socket.frame())["version"] for _ in range(5)]

    assert story() == [0, 1, 2, 3, 4]


def test_a_slow_client_loses_the_oldest_hints_and_is_told() -> None:
    async def story() -> tuple[bool, list[str], bool, list[str]]:
        mailbox = await realtime_hub.join("round-1", "")
        for version in range(realtime_hub.MAILBOX_SIZE + 3):
            realtime_hub.deliver_here("round-1", str(version))
        await asyncio.sleep(0.01)
        gap, texts = await mailbox.take()
        realtime_hub.deliver_here("round-1", "next")
        again, last = await mailbox.take()
        await realtime_hub.leave("round-1", mailbox)
        return gap, texts, again, last

    gap, texts, again, last = asyncio.run(story())
    assert (gap, texts[0], len(texts)) == (True, "3", realtime_hub.MAILBOX_SIZE)
    assert (again, last) == (False, ["next"])


def test_a_gap_reaches_the_client_as_a_frame_before_the_later_hints(round_: Round) -> None:
    @async_to_sync
    async def story() -> list[dict[str, object]]:
        async with watching(round_.pk) as socket:
            await socket.frame()
            group = realtime.round_group(round_.pk)
            # All at once, before the socket's task can run.
            for version in range(realtime_hub.MAILBOX_SIZE + 1):
                realtime.publish(group, f'{{"version":{version}}}')
            return [await socket.frame() for _ in range(realtime_hub.MAILBOX_SIZE + 1)]

    first, *others = story()
    assert first == {"type": "gap", "round": round_.pk}
    assert [frame["version"] for frame in others] == list(range(1, realtime_hub.MAILBOX_SIZE + 1))


def test_nothing_is_left_behind_when_everybody_has_gone(round_: Round) -> None:
    @async_to_sync
    async def story() -> None:
        async with watching(round_.pk) as socket:
            await socket.frame()
            assert len(realtime_hub._hubs) == 1

    story()
    assert realtime_hub._hubs == {}


@pytest.mark.parametrize(
    ("topic", "values", "state"),
    [
        ("window.opened", {}, WindowState.OPEN),
        ("window.reopened", {"closes_at": "2026-11-22T19:00:00+00:00"}, WindowState.OPEN),
        ("window.closed", {"run_id": 1, "closes_at": "2026-11-22T18:00:00+00:00"}, WindowState.CLOSED),
        ("window.cancelled", {}, WindowState.CANCELLED),
    ],
)
def test_a_window_that_moves_is_told(round_: Round, topic: str, values: dict[str, object], state: WindowState) -> None:
    OrderingWindow.objects.update(state=state)
    window = round_.windows.get()
    with listening(realtime.round_group(round_.pk)) as told:
        with transaction.atomic():
            emit(topic, window_id=window.pk, round_id=round_.pk, **values)
        deliver_all()
    expected = {"type": "window.state", "round": round_.pk, "window": window.pk, "state": state.value}
    assert told == [{**expected, "closes_at": window.closes_at.isoformat()}]


def with_ticket(round_id: object, ticket: str) -> Socket:
    """The socket of an app: no cookie, no origin."""
    return Socket(round_id, origin=None, subprotocols=("windrow", f"ticket.{ticket}"))


def test_an_app_opens_a_socket_with_its_ticket_once(round_: Round) -> None:
    draft = make_round(round_.hub)
    make_window(draft, state=WindowState.DRAFT)
    ticket = make_ticket(make_hub_staff(round_.hub, Role.COORDINATOR))

    async def check() -> None:
        socket = with_ticket(draft.pk, ticket)
        assert await socket.connect()
        assert (await socket.frame())["round"] == draft.pk
        await socket.disconnect()
        again = with_ticket(draft.pk, ticket)
        assert await again.connect()
        assert await again.close_code() == realtime.TICKET_REFUSED_CODE

    async_to_sync(check)()


def test_a_ticket_sees_what_its_user_may_see_and_no_more(round_: Round) -> None:
    draft = make_round(round_.hub)
    make_window(draft, state=WindowState.DRAFT)
    ticket = make_ticket(make_hub_staff(make_hub(), Role.COORDINATOR))

    async def check() -> None:
        socket = with_ticket(draft.pk, ticket)
        assert await socket.connect()
        assert await socket.close_code() == realtime.NOT_FOUND_CODE

    async_to_sync(check)()
