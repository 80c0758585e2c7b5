"""One request to reserve, change or cancel, as the three actions hand it in, and the check that it can be read."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.errors import InvalidInput, InvalidLines
from marketplace.rules.wanted import (
    MOST_FLEXIBLE,
    MOST_LINES,
    MOST_UNITS,
    LineProblem,
    Problem,
    WantedLine,
    line_problems,
)

LONGEST_KEY = 80


class Verb(StrEnum):
    RESERVE = "reserve"
    CHANGE = "change"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`replace`: the lines are the whole basket of the windows still open; else they are merged, line by line."""

    verb: Verb
    round_id: int
    request_key: str
    lines: tuple[WantedLine, ...] = ()
    replace: bool = False
    handover_id: int | None = None
    group_id: int | None = None
    household_id: int | None = None
    expected_version: int | None = None

    @property
    def concerns_all_windows(self) -> bool:
        """Whether it may change lines that it does not name."""
        return self.replace or not self.lines

    def body_hash(self) -> str:
        """What "the same body" means for the request key: everything but who sends it and as which household."""
        body = [
            self.verb.value,
            self.round_id,
            self.replace,
            self.handover_id,
            self.group_id,
            self.expected_version,
            sorted(
                [w.offer_id, w.firm, w.flexible, w.flexible_for, w.max_unit_price_minor, w.whole_only]
                for w in self.lines
            ),
        ]
        return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


SENTENCES: Mapping[LineProblem, Promise] = {
    LineProblem.NO_LINES: _("Name at least one offer."),
    LineProblem.TOO_MANY_LINES: _("At most %(lines)d lines fit into one basket."),
    LineProblem.NO_INTEGER: _("Give a whole number."),
    LineProblem.NEGATIVE: _("Give 0 or more units."),
    LineProblem.TOO_MANY_UNITS: _("Give at most %(units)d units."),
    LineProblem.TOO_MUCH_EXTRA: _("Give at most %(extra)d extra units."),
    LineProblem.FLEXIBLE_WITHOUT_FIRM: _("Extra units need at least one firm unit."),
    LineProblem.UNKNOWN_USE: _("Extra units may be used for case, price or order."),
    LineProblem.LIMIT_OUT_OF_RANGE: _("A price limit is at least one minor unit; leave it out to have none."),
    LineProblem.TWICE: _("This offer is named twice; add the quantities up."),
    LineProblem.NO_SUCH_OFFER: _("This round has no such offer."),
}


def check(request: Request) -> None:
    """Raise InvalidInput or InvalidLines, with every problem, for a request that cannot be read."""
    key = request.request_key
    if not key.strip() or len(key) > LONGEST_KEY:
        problem = _("A request needs a key of its own, at most %(most)d characters.") % {"most": LONGEST_KEY}
        raise InvalidInput(problems=[{"place": "request_key", "problem": problem}])
    problems = line_problems(request.lines)
    if not request.lines and not request.replace and request.handover_id is None:
        problems = [Problem("lines", LineProblem.NO_LINES)]
    refuse(problems)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise InvalidLines if there is any problem."""
    if problems:
        bounds = {"lines": MOST_LINES, "units": MOST_UNITS, "extra": MOST_FLEXIBLE}
        raise InvalidLines(
            problems=[
                {"place": place, "code": code.value, "problem": SENTENCES[code] % bounds} for place, code in problems
            ]
        )
