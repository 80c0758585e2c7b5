"""The problem types that docs/api.md lists are the ones that there are, with their statuses: clients rely on them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marketplace import errors
from marketplace.api import problems as api_problems
from marketplace.api.refusals import Refusal
from marketplace.problems import problem_for

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
_ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (\d{3}) \| (.+) \|$", re.MULTILINE)


def below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def known() -> dict[str, int]:
    """Each type's slug with its status."""
    found = {"fault": 500, errors.MarketError.code: 409}
    for error in below(errors.MarketError):
        if error.__module__ == errors.__name__:
            found[error.code] = problem_for(error()).status
    found |= {words.slug: kind.status_code for kind, words in api_problems._TABLE.items()}
    found |= {refusal.slug: refusal.status_code for refusal in below(Refusal)}
    return found | {"reservation-changed": 412, "household-changed": 412}


def listed() -> dict[str, int]:
    return {slug: int(status) for slug, status, _meaning in _ROW.findall(DOCUMENT.read_text())}


def test_every_problem_type_is_documented_with_its_status() -> None:
    assert listed() == known()


def test_every_problem_type_says_what_it_means_in_a_line() -> None:
    assert all(len(meaning) > 10 for _slug, _status, meaning in _ROW.findall(DOCUMENT.read_text()))
