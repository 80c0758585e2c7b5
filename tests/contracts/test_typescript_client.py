"""A client generated from the description compiles, and so does an app that reserves with it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SNAPSHOT = Path(__file__).with_name("openapi.json")
APP = Path(__file__).with_name("typescript")
SECONDS = 240


def run(*command: str, within: Path) -> str:
    """What a command printed; fails the test with it when the command fails."""
    done = subprocess.run(command, cwd=within, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}", pytrace=False)
    return done.stdout


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app, the tools that its package.json names, and the client."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.fail(
            "npm is missing, which only this test needs: install Node.js 20 or newer "
            "(apt-get install nodejs npm, or https://nodejs.org/), then run it again.",
            pytrace=False,
        )
    folder = tmp_path_factory.mktemp("typescript")
    shutil.copytree(APP, folder, dirs_exist_ok=True)
    run(npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", within=folder)
    return folder


def generate(description: str, within: Path) -> None:
    """The client's types; members that have a default may be left out."""
    tool = "node_modules/.bin/openapi-typescript"
    run(tool, description, "--output", "windrow.ts", "--default-non-nullable", "false", within=within)


def test_an_app_that_finds_reserves_and_reads_what_came_of_it_compiles(workshop: Path) -> None:
    generate(str(SNAPSHOT), workshop)
    run("node_modules/.bin/tsc", "--noEmit", "--strict", "--project", ".", within=workshop)


def test_the_compiler_would_see_a_member_that_is_gone(workshop: Path) -> None:
    """The control: without the sentences of its lines the description no longer fits the app."""
    told = json.loads(SNAPSHOT.read_text())
    del told["components"]["schemas"]["LineResult"]["properties"]["sentence"]
    (workshop / "less.json").write_text(json.dumps(told))
    generate("less.json", workshop)
    compiled = subprocess.run(
        ["node_modules/.bin/tsc", "--noEmit", "--strict", "--project", "."],
        cwd=workshop,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert compiled.returncode != 0
    assert "Property 'sentence' does not exist" in compiled.stdout
