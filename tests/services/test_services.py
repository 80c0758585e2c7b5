"""Servers of a test run start from any source, and nothing of them is left, however the run ends."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.services import chromium, postgres, redis
from tests.services.errors import ServiceMissing
from tests.services.private import FOLDERS

SERVICES = [sys.executable, "-m", "tests.services"]


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, postgres.VARIABLE: "", redis.VARIABLE: "", **variables}


def up() -> tuple[subprocess.Popen[str], dict[str, str]]:
    process = subprocess.Popen(
        [*SERVICES, "up", "--json"], env=environment(), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    return process, json.loads(process.stdout.readline())


def is_gone(found: dict[str, str]) -> bool:
    try:
        psycopg.connect(found[postgres.VARIABLE], connect_timeout=3).close()
    except psycopg.OperationalError:
        pass
    else:
        return False
    try:
        Redis.from_url(found[redis.VARIABLE]).ping()
    except RedisConnectionError:
        return True
    return False


def folders_of(process: subprocess.Popen[str]) -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"{FOLDERS}*-{process.pid}-*"))


def soon(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_servers_and_removes_their_folders(ending: signal.Signals) -> None:
    process, found = up()
    assert len(folders_of(process)) == 2
    os.killpg(process.pid, ending)  # as the terminal does: the whole group
    process.communicate(timeout=40)
    assert process.returncode == 128 + ending
    assert is_gone(found)
    assert folders_of(process) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_servers_end_with_a_run_that_is_killed_and_the_next_run_sweeps_its_folders() -> None:
    process, found = up()
    process.kill()
    process.communicate()
    assert soon(lambda: is_gone(found))
    subprocess.run([*SERVICES, "run", "--", "true"], env=environment(), check=True)
    assert folders_of(process) == []


@pytest.mark.slow
def test_a_command_finds_its_services_and_its_exit_code_is_handed_on() -> None:
    code = "import os, sys; sys.exit(7 if os.environ['DATABASE_URL'] and os.environ['REDIS_URL'] else 1)"
    done = subprocess.run([*SERVICES, "run", "--", sys.executable, "-c", code], env=environment(), check=False)
    assert done.returncode == 7


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "url"),
    [(postgres.VARIABLE, "postgres://nobody@127.0.0.1:1/none"), (redis.VARIABLE, "redis://127.0.0.1:1/0")],
)
def test_a_service_that_does_not_answer_fails_the_run_and_names_itself(variable: str, url: str) -> None:
    command = [*SERVICES, "run", "--", "true"]
    done = subprocess.run(command, env=environment(**{variable: url}), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{variable} is set, and nothing answers there" in done.stderr


@pytest.mark.slow
def test_postgresql_of_the_development_packages_starts() -> None:
    with postgres.running(postgres.from_pip()) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_database(), lower('ÄÖ')").fetchone()
    assert row == ("windrow", "äö")


@pytest.mark.slow
def test_the_redis_protocol_server_of_the_development_packages_starts_and_runs_scripts() -> None:
    with redis.running(redis.from_pip()) as url, Redis.from_url(url) as client:
        assert client.eval("return 7", 0) == 7


def test_a_chromium_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.VARIABLE, "/nowhere/chromium")
    with pytest.raises(ServiceMissing, match="/nowhere/chromium does not run"):
        chromium.find()
