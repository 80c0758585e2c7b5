"""What a household asks for, line by line, and the first check of it: that it can be read at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from marketplace.rules.money import MAX_MINOR_UNITS

# A household's order, not a warehouse's: far above any basket, far below where sums could overflow.
MOST_UNITS = 100_000
MOST_LINES = 500
# Far above any household's wish; what a line may take extra is also what a minimum order value has to try.
MOST_FLEXIBLE = 100
USES = ("case", "price", "order")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """At least `firm` units of an offer, up to `firm + flexible`; firm 0 takes the offer out of the basket.

    `flexible_for` says what the extra may be used for ("case" < "price" < "order"); `max_unit_price_minor` is the
    household's limit; `whole_only` means all firm units or none.
    """

    offer_id: int
    firm: int
    flexible: int = 0
    flexible_for: str = "case"
    max_unit_price_minor: int | None = None
    whole_only: bool = False


class LineProblem(StrEnum):
    """Why wanted lines cannot be read. Stable codes."""

    NO_LINES = "no_lines"
    TOO_MANY_LINES = "too_many_lines"
    NO_INTEGER = "no_integer"
    NEGATIVE = "negative"
    TOO_MANY_UNITS = "too_many_units"
    TOO_MUCH_EXTRA = "too_much_extra"
    FLEXIBLE_WITHOUT_FIRM = "flexible_without_firm"
    UNKNOWN_USE = "unknown_use"
    LIMIT_OUT_OF_RANGE = "limit_out_of_range"
    TWICE = "twice"
    NO_SUCH_OFFER = "no_such_offer"


class Problem(NamedTuple):
    """One problem and its place, like "lines[2].firm"."""

    place: str
    code: LineProblem


def line_problems(lines: Sequence[WantedLine]) -> list[Problem]:
    """Every problem that shows without looking at the offers."""
    if len(lines) > MOST_LINES:
        return [Problem("lines", LineProblem.TOO_MANY_LINES)]
    problems: list[Problem] = []
    seen: set[int] = set()
    for index, line in enumerate(lines):
        problems += [Problem(f"lines[{index}].{field}", code) for field, code in _problems_of(line)]
        if line.offer_id in seen:
            problems.append(Problem(f"lines[{index}].offer_id", LineProblem.TWICE))
        seen.add(line.offer_id)
    return problems


def _problems_of(line: WantedLine) -> Iterator[tuple[str, LineProblem]]:
    if not _is_integer(line.offer_id):
        yield "offer_id", LineProblem.NO_INTEGER
    for field, units in (("firm", line.firm), ("flexible", line.flexible)):
        if not _is_integer(units):
            yield field, LineProblem.NO_INTEGER
        elif units < 0:
            yield field, LineProblem.NEGATIVE
        elif units > MOST_UNITS:
            yield field, LineProblem.TOO_MANY_UNITS
        elif field == "flexible" and units > MOST_FLEXIBLE:
            yield field, LineProblem.TOO_MUCH_EXTRA
    if line.firm == 0 and line.flexible:
        yield "flexible", LineProblem.FLEXIBLE_WITHOUT_FIRM
    if line.flexible_for not in USES:
        yield "flexible_for", LineProblem.UNKNOWN_USE
    limit = line.max_unit_price_minor
    if limit is not None and not (_is_integer(limit) and 1 <= limit <= MAX_MINOR_UNITS):
        yield "max_unit_price_minor", LineProblem.LIMIT_OUT_OF_RANGE


def _is_integer(value: object) -> bool:
    # True and False are integers to Python, and a quantity to nobody.
    return type(value) is int
