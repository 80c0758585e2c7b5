"""What a notice says, in one person's language: the shape that inbox, mail and push share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class NoticeText:
    """`title` tells all in one line, `body` the rest in a sentence or two, `action` names the link.

    `total` is an amount that is worth being read first, with its currency; empty where there is none.
    """

    title: str
    body: str = ""
    action: str = ""
    total: str = ""


# (kind, facts, now) to words, in the active language. The words live above the actions, which are handed them.
Wording = Callable[[str, Mapping[str, Any], datetime], NoticeText]
