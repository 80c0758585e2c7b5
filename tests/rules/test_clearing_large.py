"""A million lines clear from aggregates in bounded memory: lines are loaded in portions, only where they decide."""

import json
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_a_million_lines_clear_in_bounded_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.large_window"], capture_output=True, text=True, check=True, timeout=150
    )
    figures = json.loads(done.stdout)
    assert figures["lines"] == 1_000_000
    assert figures["reached"] > 19_000
    # 500 offers of fifty lines are loaded at once at the most.
    assert 0 < figures["most_at_once"] <= 25_000
    assert figures["loaded"] < figures["lines"]
    assert figures["peak_mb"] - figures["before_mb"] < 150
