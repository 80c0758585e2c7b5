"""manage.py clear: a table for people, JSON alone with --json, exit code 2 with every problem."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.rules.test_clearing_file import GOOD, changed


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "window.json"
    path.write_text(json.dumps(GOOD))
    return str(path)


def test_json_is_all_that_is_written(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("clear", good, as_json=True)
    out, err = capsys.readouterr()
    assert json.loads(out)["purchase_orders"][0]["total"] == "23.40"
    assert err == ""


def test_the_table_names_offers_orders_and_lines(good: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("clear", good)
    out = capsys.readouterr().out
    assert out.startswith("Window w1 (EUR)")
    for word in ("reached", "23.40", "extra_for_case", "28.80"):
        assert word in out


def test_standard_input_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps([GOOD]).encode())))
    call_command("clear", "-", as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["window"] == "w1"


def test_bad_input_is_told_line_by_line_and_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text(changed((("lines", 0, "firm"), 0), (("currency",), "XXX")))
    with pytest.raises(SystemExit) as ended:
        call_command("clear", str(path))
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert [row.split(":")[0] for row in err.splitlines()] == ["currency", "lines[0].firm"]
    with pytest.raises(SystemExit) as ended:
        call_command("clear", str(path), as_json=True)
    out, err = capsys.readouterr()
    assert (ended.value.code, err) == (2, "")
    assert [error["place"] for error in json.loads(out)["errors"]] == ["currency", "lines[0].firm"]


def test_a_file_that_cannot_be_read_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin.json").write_bytes(b"\xff\xfe\xfa")
    for path in (tmp_path / "missing.json", tmp_path, tmp_path / "latin.json"):
        with pytest.raises(SystemExit) as ended:
            call_command("clear", str(path))
        assert ended.value.code == 2
        assert capsys.readouterr().err
