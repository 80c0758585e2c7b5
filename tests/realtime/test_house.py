"""Server, worker, broker and database as processes: hints arrive in time, killed workers lose nothing."""

import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from marketplace.events import subscriptions
from tests.realtime.house import House, wait_for

pytestmark = [pytest.mark.redis, pytest.mark.slow, pytest.mark.timeout(240)]
WITHIN_SECONDS = 2.0
# Everybody who listens to an opening, each once.
DONE = sorted((one.name, "done", 1) for one in subscriptions("window.opened"))


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Path:
    """A migrated database to copy."""
    house = House(tmp_path_factory.mktemp("empty"), redis_url)
    house.migrate()
    return house.database


@pytest.fixture
def house(tmp_path: Path, redis_url: str, empty_database: Path) -> Iterator[House]:
    house = House(tmp_path, redis_url)
    try:
        shutil.copy(empty_database, house.database)
        yield house
    finally:
        house.stop()


def frame(client: ClientConnection, seconds: float) -> Any:
    return json.loads(client.recv(timeout=seconds))


def watch(address: str, round_id: int) -> ClientConnection:
    return connect(f"ws://{address}/ws/rounds/{round_id}/", origin=Origin(f"http://{address}"))


def test_a_reservation_is_on_everybodys_page_within_two_seconds(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = house.step("seed")
    address = house.serve()
    house.work()
    took = []
    with watch(address, ids["round"]) as client, watch(address, ids["round"]) as other:
        states = [frame(client, 5), frame(other, 5)]
        assert [(s["type"], s["windows"][0]["version"]) for s in states] == [("round.state", 0)] * 2
        for turn in (1, 2, 3):
            reserved_at = house.step("reserve_units", ids["offer"], 3)
            hint = frame(client, 10)
            took.append(time.time() - reserved_at)
            assert (hint["type"], hint["version"], hint["offers"][0]["reserved"]) == ("round.changed", turn, 3 * turn)
            assert frame(other, 5) == hint
    house.step("reserve_units", ids["offer"], 1)  # while nobody watches
    time.sleep(2)
    with watch(address, ids["round"]) as client:
        assert frame(client, 5)["windows"][0]["version"] == 4
        event = house.step("tell_opened", ids["window"], ids["round"])
        assert frame(client, 10)["type"] == "window.state"
    wait_for(lambda: house.handled(event) == DONE, seconds=10, what=house.log)
    with capsys.disabled():
        print(f"\nfrom the accepted reservation to the hint: {', '.join(f'{s:.2f} s' for s in took)}")
    assert max(took) < WITHIN_SECONDS, took


def hold_between_writes(worker: "subprocess.Popen[bytes]", database: Path) -> None:
    """Stop a process at a moment at which it does not hold the database's write lock."""
    for _ in range(100):
        worker.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(database, isolation_level=None, timeout=0.1)) as probe:
            try:
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
            except sqlite3.OperationalError:
                worker.send_signal(signal.SIGCONT)
                time.sleep(0.05)
            else:
                return
    pytest.fail("the worker writes without a pause")


def test_a_worker_killed_while_it_delivers_loses_nothing(house: House) -> None:
    ids = house.step("seed")
    worker = house.work()
    hold_between_writes(worker, house.database)
    event = house.step("tell_opened", ids["window"], ids["round"])
    lock = sqlite3.connect(house.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")  # the delivery cannot write
    worker.send_signal(signal.SIGCONT)
    wait_for(lambda: house.unacknowledged() > 0, seconds=20, what=house.log)
    time.sleep(0.5)
    house.kill(worker)
    lock.execute("ROLLBACK")
    lock.close()
    assert house.handled(event) == []
    house.work()
    # Its message comes back after minutes only: the sweep finds the row.
    wait_for(lambda: house.handled(event) == DONE, seconds=25, what=house.log)


def test_a_lost_wake_up_is_made_good_by_the_sweep(house: House) -> None:
    ids = house.step("seed")
    event = house.step("tell_quietly", ids["window"], ids["round"])
    house.work()
    wait_for(lambda: house.handled(event) == DONE, seconds=25, what=house.log)


def test_a_handler_killed_in_the_middle_leaves_nothing_and_is_done_later(house: House) -> None:
    ids = house.step("seed")
    event = house.step("tell_quietly", ids["window"], ids["round"])
    assert house.step("deliver_and_hang", event) == "in the middle"
    house.kill_other()
    names, state, attempts = house.step("deliver_and_finish", event)
    assert (names, state, attempts) == (["Done"], "done", 2)
