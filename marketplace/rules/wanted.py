"""What a household asks for, line by line, and the first check of it: that it can be read at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from marketplace.rules.money import MAX_MINOR_UNITS

# A household's order, not a warehouse's: far above any basket, far below where sums could overflow.
MOST_UNITS = 100_000
MOST_LINES = 500
# Far above any household's wish; what a line may take extra is also what a minimum order value has to try.
MOST_FLEXIBLE = 100
MOST_SUBSTITUTES = 5
# A sack that needs three weeks, four times over.
MOST_COLLECTING_DAYS = 92
USES = ("case", "price", "order")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """At least `firm` units of an offer, up to `firm + flexible`; firm 0 takes the offer out of the basket.

    `flexible_for` says what the extra may be used for ("case" < "price" < "order"); `max_unit_price_minor` is the
    household's limit; `whole_only` means all firm units or none.

    `substitutes` are products of the round that may be supplied instead, best first. What is not reached moves to the
    next round's offer of the product, at no higher price, until the day `collect_until` (the hub's calendar).
    `seen_version` is the offer's version that the page or app showed: worse terms than those are not taken unseen.
    """

    offer_id: int
    firm: int
    flexible: int = 0
    flexible_for: str = "case"
    max_unit_price_minor: int | None = None
    whole_only: bool = False
    substitutes: tuple[int, ...] = ()
    collect_until: date | None = None
    seen_version: int | None = None


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
    TOO_MANY_SUBSTITUTES = "too_many_substitutes"
    NO_SUCH_SUBSTITUTE = "no_such_substitute"  # this round has no offer of the product, or it is named twice
    OWN_SUBSTITUTE = "own_substitute"
    NO_DATE = "no_date"
    COLLECTING_PAST = "collecting_past"
    COLLECTING_TOO_LONG = "collecting_too_long"


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
    yield from _problems_beside_quantities(line)


def _problems_beside_quantities(line: WantedLine) -> Iterator[tuple[str, LineProblem]]:
    if not all(_is_integer(product) for product in line.substitutes):
        yield "substitutes", LineProblem.NO_INTEGER
    elif len(line.substitutes) > MOST_SUBSTITUTES:
        yield "substitutes", LineProblem.TOO_MANY_SUBSTITUTES
    elif len(set(line.substitutes)) < len(line.substitutes):
        yield "substitutes", LineProblem.NO_SUCH_SUBSTITUTE
    until = line.collect_until
    # A datetime is a date to Python, and no day of a calendar.
    if until is not None and (isinstance(until, datetime) or not isinstance(until, date)):
        yield "collect_until", LineProblem.NO_DATE
    if line.seen_version is not None and not (_is_integer(line.seen_version) and line.seen_version >= 1):
        yield "seen_version", LineProblem.NO_INTEGER


def collecting_problem(until: date | None, today: date) -> LineProblem | None:
    """What is wrong with a last day of collecting that is chosen today."""
    if until is None:
        return None
    if until < today:
        return LineProblem.COLLECTING_PAST
    return LineProblem.COLLECTING_TOO_LONG if (until - today).days > MOST_COLLECTING_DAYS else None


def _is_integer(value: object) -> bool:
    # True and False are integers to Python, and a quantity to nobody.
    return type(value) is int
