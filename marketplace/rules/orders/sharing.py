"""Who keeps what, when less comes than was ordered: from what the close gave, by the offer's shortage rule.

What the close gave is the ground of every run after it, never an earlier answer: when the merchant answers anew and
more comes, it is given back to those who went without.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from marketplace.rules.clearing.allocate import shared_out, tie_hash
from marketplace.rules.clearing.sharing import by_turns
from marketplace.rules.clearing.terms import Id, Line, OfferTerms, Raise


class Holding(NamedTuple):
    """A line with the units that it has by the close (and by later consent), `extra` of them above its firm ones."""

    line: Line
    units: int
    extra: int = 0

    @property
    def firm(self) -> int:
        return self.units - self.extra


def kept_units(*, window: Id, offer: OfferTerms, units: int, holdings: Sequence[Holding]) -> dict[Id, int]:
    """What each line keeps when `units` come for the households. Their sum is at most `units`; the rest is the hub's.

    Extras go first: they were taken to complete a case, which is open again. Then firm units are shared by the offer's
    rule, lines without a limit first; a line of all or nothing keeps all or nothing. What such lines leave goes to
    extras, one unit at a time.
    """
    firm = [_as_line(holding) for holding in holdings if holding.firm]
    if units >= sum(line.firm for line in firm):
        kept = {line.id: line.firm for line in firm}
    else:
        kept = dict(shared_out(window=window, offer=offer, quantity=units, lines=firm))
    left = units - sum(kept.values())
    taking = [holding for holding in holdings if holding.extra and kept.get(holding.line.id, 0) == holding.firm]
    turns = by_turns(left, [one.extra for one in taking], lambda n: tie_hash(window, taking[n].line.id))
    for holding, extra in zip(taking, turns, strict=True):
        kept[holding.line.id] = kept.get(holding.line.id, 0) + extra
    return {holding.line.id: kept.get(holding.line.id, 0) for holding in holdings}


def _as_line(holding: Holding) -> Line:
    """The line as if it had asked for what it has: the units that it went without are its latest."""
    line, missing = holding.line, max(0, holding.line.firm - holding.firm)
    raised: list[Raise] = []
    for part in sorted(line.raised, key=_at, reverse=True):
        dropped = min(missing, part.by)
        missing -= dropped
        if part.by > dropped:
            raised.append(Raise(part.at, part.by - dropped))
    return line._replace(firm=holding.firm, raised=tuple(sorted(raised, key=_at)))


def _at(part: Raise) -> datetime:
    return part.at
