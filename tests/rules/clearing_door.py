"""The way in that the tests share: a window of the `clear` command's file through the real reader, rules and answer."""

import json
from typing import Any

from marketplace.rules.clearing.answer import answer_file
from marketplace.rules.clearing.file_format import parse_file


def cleared(window: dict[str, Any]) -> dict[str, Any]:
    """The answer of the real clearing to one window."""
    answer = answer_file(parse_file(json.dumps(window)))
    assert isinstance(answer, dict)
    return answer
