"""What comes instead of missing units, where the household named it: its best product first, shared in turns."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from marketplace.rules.clearing.allocate import tie_hash
from marketplace.rules.clearing.sharing import by_turns
from marketplace.rules.clearing.terms import Id
from marketplace.rules.substitutes import Available, Substitution


class Missing(NamedTuple):
    """What a line goes without, the products that its household takes instead (best first), and the most that a unit
    may cost. `whole_only`: all of it from one product, or nothing."""

    line: Id
    units: int
    allowed: tuple[int, ...]
    at_most: int
    whole_only: bool = False


def substitutes_for(
    *, window: Id, available: Mapping[int, Available], missing: Sequence[Missing]
) -> dict[Id, list[Substitution]]:
    """What each line gets of the products that come instead; lines that get nothing are left out.

    Everybody's best product is given out first, then everybody's second, and so on; whoever competes for the same one
    takes a unit in turns, with the tie hash at the end.
    """
    left = {product: there.units for product, there in available.items()}
    wanted = {one.line: one.units for one in missing}
    found: dict[Id, list[Substitution]] = {}
    for rank in range(max((len(one.allowed) for one in missing), default=0)):
        for product, there in available.items():
            takers = [
                one._replace(units=wanted[one.line])
                for one in missing
                if wanted[one.line] and one.allowed[rank : rank + 1] == (product,) and there.unit_price <= one.at_most
            ]
            for line, units in _turns(window, left[product], takers).items():
                left[product] -= units
                wanted[line] -= units
                found.setdefault(line, []).append(Substitution(product, units, there.unit_price))
    return found


def _turns(window: Id, units: int, takers: Sequence[Missing]) -> dict[Id, int]:
    """Units in turns; who takes all or nothing and would get a part steps back, the smallest part first."""
    staying = list(takers)
    while units and staying:
        hashes = [tie_hash(window, one.line) for one in staying]
        got = by_turns(units, [one.units for one in staying], hashes.__getitem__)
        parts = [(one, n) for one, n in zip(staying, got, strict=True) if one.whole_only and n < one.units]
        if not parts:
            return {one.line: n for one, n in zip(staying, got, strict=True) if n}
        gone = min(parts, key=lambda part: (Fraction(part[1], part[0].units), tie_hash(window, part[0].line)))[0]
        staying = [one for one in staying if one.line != gone.line]
    return {}
