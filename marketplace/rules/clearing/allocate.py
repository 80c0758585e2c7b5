"""Closing, 3: who gets it, once the quantity is chosen, and the loop that releases whole_only lines."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from marketplace.rules.clearing.demand import grouped, is_limited, participants
from marketplace.rules.clearing.outcome import Allocation
from marketplace.rules.clearing.quantities import Choice, best_choice
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.clearing.sharing import TimedUnits, by_turns, first_come, proportionally
from marketplace.rules.clearing.terms import Consent, Id, Line, OfferTerms, ShortageRule

_EXTRA_REASON = {
    Consent.CASE: LineReason.EXTRA_FOR_CASE,
    Consent.PRICE: LineReason.EXTRA_FOR_PRICE,
    Consent.ORDER: LineReason.EXTRA_FOR_ORDER,
}


class Settlement(NamedTuple):
    """An offer that was cleared down to its lines: the choice (None: not reached), and the exceptions to it."""

    choice: Choice | None
    remaining: Sequence[Line]
    released: Sequence[Line]
    exceptions: list[Allocation]


def tie_hash(window: Id, line: Id) -> bytes:
    """sha256 of "window:line"; the bytes sort as the hex text does."""
    return sha256(f"{window}:{line}".encode()).digest()


def settle(*, window: Id, offer: OfferTerms, lines: Sequence[Line], steps: Iterable[int] | None = None) -> Settlement:
    """Clear one offer from its lines, releasing whole_only lines one by one until none has a part.

    `steps` restricts it to some steps. Each release clears anew from the first rule, so the price may change.
    """
    tried = None if steps is None else tuple(steps)
    remaining, released = list(lines), list[Line]()
    while True:
        choice = best_choice(offer, grouped(remaining), tried)
        if choice is None:
            return Settlement(None, remaining, released, [])
        if choice.quantity >= choice.demand.firm:
            break
        shares = _short_shares(window, offer, choice, remaining)
        victim = _to_release(window, shares)
        if victim is None:
            break
        remaining.remove(victim)
        released.append(victim)
    exceptions = exceptions_of(window=window, offer=offer, choice=choice, lines=remaining)
    price = offer.ladder[choice.step].unit_price
    for line in participants(offer, released, price):
        exceptions.append(Allocation(line.id, line.offer, line.firm, 0, 0, LineReason.WHOLE_ONLY_RELEASED))
    return Settlement(choice, remaining, released, exceptions)


def exceptions_of(*, window: Id, offer: OfferTerms, choice: Choice, lines: Sequence[Line]) -> list[Allocation]:
    """The allocations that differ from the firm quantity. Where extras are used, flexible lines are enough."""
    price = offer.ladder[choice.step].unit_price
    if choice.quantity < choice.demand.firm:
        short_cap = offer.cap is not None and offer.cap < choice.demand.firm
        reason = LineReason.SHORT_CAP if short_cap else LineReason.WAITING_CASE_OPEN
        return [
            Allocation(line.id, line.offer, line.firm, got, got * price, reason)
            for line, got in _short_shares(window, offer, choice, lines)
            if got != line.firm
        ]
    if choice.use is None:
        return []
    reason = _EXTRA_REASON[choice.use]
    return [
        Allocation(line.id, line.offer, line.firm, line.firm + extra, (line.firm + extra) * price, reason)
        for line, extra in _extra_shares(window, offer, choice, choice.use, lines)
        if extra
    ]


def _extra_shares(
    window: Id, offer: OfferTerms, choice: Choice, use: Consent, lines: Sequence[Line]
) -> Iterable[tuple[Line, int]]:
    """Extras of the eligible lines; what they cannot take is the hub's."""
    price = offer.ladder[choice.step].unit_price
    eligible = [line for line in participants(offer, lines, price) if line.flexible and line.flexible_for >= use]
    extras = by_turns(
        choice.quantity - choice.demand.firm,
        [line.flexible for line in eligible],
        _tie(window, eligible),
        [line.extra_taken for line in eligible],
    )
    return zip(eligible, extras, strict=True)


def _short_shares(window: Id, offer: OfferTerms, choice: Choice, lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Every participant's share of a quantity below the firm demand: lines without a limit first."""
    present = participants(offer, lines, offer.ladder[choice.step].unit_price)
    short_cap = offer.cap is not None and offer.cap < choice.demand.firm
    rule = offer.shortage_rule if short_cap else ShortageRule.FIRST_COME
    shares: list[tuple[Line, int]] = []
    left = choice.quantity
    for limited in (False, True):
        group = [line for line in present if is_limited(line.max_unit_price, offer) is limited]
        part = min(left, sum(line.firm for line in group))
        shares += zip(group, _share(rule, part, group, _tie(window, group)), strict=True)
        left -= part
    return shares


def _share(rule: ShortageRule, quantity: int, group: Sequence[Line], tie: Callable[[int], bytes]) -> list[int]:
    firm = [line.firm for line in group]
    if rule is ShortageRule.MAX_MIN:
        return by_turns(quantity, firm, tie)
    if rule is ShortageRule.PROPORTIONAL:
        return proportionally(quantity, firm, tie)
    return first_come(quantity, _timed(group), len(group), tie)


def _timed(group: Sequence[Line]) -> list[TimedUnits]:
    """The units of the lines with their times: raised parts have their own, the rest has placed_at."""
    units: list[TimedUnits] = []
    for index, line in enumerate(group):
        first = line.firm
        for raised in line.raised:
            units.append(TimedUnits(raised.at, index, raised.by))
            first -= raised.by
        units.append(TimedUnits(line.placed_at, index, first))
    return units


def _to_release(window: Id, shares: Sequence[tuple[Line, int]]) -> Line | None:
    """The whole_only line with a part whose part is the smallest; then the latest placed, then the smaller hash."""
    parted = [(Fraction(got, line.firm), line) for line, got in shares if line.whole_only and 0 < got < line.firm]
    if not parted:
        return None
    least = min(part for part, _line in parted)
    latest = max(line.placed_at for part, line in parted if part == least)
    worst = [line for part, line in parted if part == least and line.placed_at == latest]
    return worst[0] if len(worst) == 1 else min(worst, key=lambda line: tie_hash(window, line.id))


def _tie(window: Id, lines: Sequence[Line]) -> Callable[[int], bytes]:
    return lambda index: tie_hash(window, lines[index].id)
