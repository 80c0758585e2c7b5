"""One request to reserve, change or cancel, as the three actions hand it in, and the check that it can be read."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.errors import InvalidInput, InvalidLines
from marketplace.models import Via
from marketplace.rules.wanted import (
    MOST_COLLECTING_DAYS,
    MOST_FLEXIBLE,
    MOST_LINES,
    MOST_SUBSTITUTES,
    MOST_UNITS,
    LineProblem,
    Problem,
    WantedLine,
    line_problems,
)

LONGEST_KEY = 80
# The `group_id` that says "without a group"; None says "as before".
ON_ONES_OWN = 0


class Verb(StrEnum):
    RESERVE = "reserve"
    CHANGE = "change"
    CANCEL = "cancel"
    AGREE = "agree"  # to a changed offer, as the line stands
    DECLINE = "decline"  # a changed offer: its line is released


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`replace`: the lines are the whole basket of the windows still open; else they are merged, line by line.

    `for_household`: who asks acts for the household (`household_id`) and need not belong to it; the action that says so
    has made sure that it may. `via` is how the wish came in. `keeps_something`: where nothing of the wishes can be
    kept, the request is refused as a whole (StockShort, LimitExceeded) instead of answered line by line.
    """

    verb: Verb
    round_id: int
    request_key: str
    lines: tuple[WantedLine, ...] = ()
    replace: bool = False
    handover_id: int | None = None
    group_id: int | None = None
    household_id: int | None = None
    expected_version: int | None = None
    for_household: bool = False
    via: str = Via.SELF.value
    keeps_something: bool = False

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
            sorted((_body_of(wanted) for wanted in self.lines), key=lambda body: body[0]),
        ]
        return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def _body_of(wanted: WantedLine) -> list[Any]:
    """A line's part of the body. What came later to the words of a line is named only where it is used, so that
    requests without it keep the hash they had."""
    body: list[Any] = [
        *(wanted.offer_id, wanted.firm, wanted.flexible, wanted.flexible_for),
        *(wanted.max_unit_price_minor, wanted.whole_only),
    ]
    if wanted.substitutes:
        body.append(["substitutes", *wanted.substitutes])
    if wanted.collect_until is not None:
        body.append(["collect_until", wanted.collect_until.isoformat()])
    if wanted.seen_version is not None:
        body.append(["seen_version", wanted.seen_version])
    return body


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
    LineProblem.TOO_MANY_SUBSTITUTES: _("At most %(substitutes)d products may come instead."),
    LineProblem.NO_SUCH_SUBSTITUTE: _("Choose other products of this round to come instead, each once."),
    LineProblem.OWN_SUBSTITUTE: _("A product cannot come instead of itself."),
    LineProblem.NO_DATE: _("Give a day."),
    LineProblem.COLLECTING_PAST: _("Choose a day that is not past."),
    LineProblem.COLLECTING_TOO_LONG: _("Choose a day within the next %(days)d days."),
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
        bounds = {
            "lines": MOST_LINES,
            "units": MOST_UNITS,
            "extra": MOST_FLEXIBLE,
            "substitutes": MOST_SUBSTITUTES,
            "days": MOST_COLLECTING_DAYS,
        }
        raise InvalidLines(
            problems=[
                {"place": place, "code": code.value, "problem": SENTENCES[code] % bounds} for place, code in problems
            ]
        )
