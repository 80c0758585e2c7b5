"""What was sent and what came of an order, counted line by line."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.states import OrderState

_FOREIGN = gettext_noop("This line is not on the order.")
_UNCOUNTED = gettext_noop("Say how many %(name)s there are.")
_TOO_MANY = gettext_noop("From 0 to %(most)d; more was not confirmed.")
_NEGATIVE = gettext_noop("A count is 0 or more.")
_LOTS = gettext_noop("The lots come to %(sum)d units, the line to %(units)d.")
_LOT_CODE = gettext_noop("Write the code of each lot, at most 40 characters.")

LONGEST_LOT = 40


class Lot(NamedTuple):
    """Units of one lot."""

    code: str
    units: int
    best_before: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        day = None if self.best_before is None else self.best_before.isoformat()
        return {"code": self.code.strip(), "units": self.units, "best_before": day}


class Sent(NamedTuple):
    """What is sent of a line: units, and which lots they are of, as far as that is known."""

    units: int
    lots: tuple[Lot, ...] = ()


class CountedLine(NamedTuple):
    """A line that is counted; `most` units may be there."""

    id: int
    name: str
    most: int


def sent_problems(lines: Iterable[CountedLine], sent: Mapping[int, Sent]) -> list[tuple[str, Broken]]:
    """What is wrong with a shipment, by line; every line has to be counted."""
    lines = list(lines)
    problems = _unknown(lines, sent)
    for line in lines:
        place, found = f"lines.{line.id}", sent.get(line.id)
        if found is None:
            problems.append((place, Broken(_UNCOUNTED, {"name": line.name})))
            continue
        if not 0 <= found.units <= line.most:
            problems.append((place, Broken(_TOO_MANY, {"most": line.most})))
        if any(not 0 < len(lot.code.strip()) <= LONGEST_LOT or lot.units < 1 for lot in found.lots):
            problems.append((f"{place}.lots", Broken(_LOT_CODE)))
        elif found.lots and (sum_ := sum(lot.units for lot in found.lots)) != found.units:
            problems.append((f"{place}.lots", Broken(_LOTS, {"sum": sum_, "units": found.units})))
    return problems


def received_problems(lines: Iterable[CountedLine], received: Mapping[int, int]) -> list[tuple[str, Broken]]:
    """What is wrong with a count at the dock, by line; more may come than was sent."""
    lines = list(lines)
    problems = _unknown(lines, received)
    for line in lines:
        if line.id not in received:
            problems.append((f"lines.{line.id}", Broken(_UNCOUNTED, {"name": line.name})))
        elif received[line.id] < 0:
            problems.append((f"lines.{line.id}", Broken(_NEGATIVE)))
    return problems


def received_state(lines: Iterable[CountedLine], received: Mapping[int, int]) -> OrderState:
    """Received where all that was expected came, else partly received."""
    complete = all(received[line.id] >= line.most for line in lines)
    return OrderState.RECEIVED if complete else OrderState.PARTLY_RECEIVED


def _unknown(lines: Iterable[CountedLine], counted: Mapping[int, object]) -> list[tuple[str, Broken]]:
    known = {line.id for line in lines}
    return [(f"lines.{line_id}", Broken(_FOREIGN)) for line_id in sorted(set(counted) - known)]
