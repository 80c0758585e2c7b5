"""A sender that is killed loses nothing: what it held goes out later, and at most the one in its hands twice."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # a dozen processes
# Longer than a claim lasts.
LATER = 200


def run(folder: Path, point: str, *, later: int = 0) -> int:
    """One sender, to its end or its death; its exit code."""
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "WINDROW_DATA_DIR": str(folder),
        "CLOCK_SHIFT_SECONDS": str(later),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.marketplace.messages.sending_process", point]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True).returncode


def mails(folder: Path) -> dict[str, int]:
    """How many mails each message id has."""
    found = (message_from_bytes(path.read_bytes()) for path in (folder / "mails").glob("*.eml"))
    return dict(Counter(str(mail["Message-ID"]) for mail in found))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded")
    assert run(folder, "seed") == 0
    return folder


@pytest.fixture
def house(seeded: Path, tmp_path: Path) -> Path:
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_control_a_sender_that_lives_sends_each_once(house: Path) -> None:
    assert run(house, "live") == 0
    assert run(house, "live", later=LATER) == 0
    assert sorted(mails(house).values()) == [1, 1, 1]


def test_killed_between_claim_and_send_everything_goes_out_once_when_the_claim_ends(house: Path) -> None:
    assert run(house, "begin") == -signal.SIGKILL
    assert mails(house) == {}
    assert run(house, "live") == 0  # the dead one's claim still holds
    assert mails(house) == {}
    assert run(house, "live", later=LATER) == 0
    assert sorted(mails(house).values()) == [1, 1, 1]


def test_killed_between_send_and_mark_only_that_one_is_sent_again_under_the_same_id(house: Path) -> None:
    assert run(house, "mark") == -signal.SIGKILL
    assert sorted(mails(house).values()) == [1]
    assert run(house, "live", later=LATER) == 0
    assert sorted(mails(house).values()) == [1, 1, 2]
    assert run(house, "live", later=2 * LATER) == 0
    assert sorted(mails(house).values()) == [1, 1, 2]
