"""Closing, 3: who gets it, once the quantity is chosen, and the loop that releases whole_only lines."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from marketplace.rules.clearing.demand import grouped, is_limited, participants, takes_part
from marketplace.rules.clearing.outcome import Allocation
from marketplace.rules.clearing.quantities import Choice, best_choice
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.clearing.releasing import Rival, Rivalry
from marketplace.rules.clearing.sharing import TimedUnits, by_turns, first_come, proportionally
from marketplace.rules.clearing.terms import Consent, DemandGroup, Id, Line, OfferTerms, ShortageRule

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
    remaining, released, choice = _released(window, offer, lines, None if steps is None else tuple(steps))
    if choice is None:
        return Settlement(None, remaining, released, [])
    exceptions = exceptions_of(window=window, offer=offer, choice=choice, lines=remaining)
    price = offer.ladder[choice.step].unit_price
    for line in participants(offer, released, price):
        exceptions.append(Allocation(line.id, line.offer, line.firm, 0, 0, LineReason.WHOLE_ONLY_RELEASED))
    return Settlement(choice, remaining, released, exceptions)


def _released(
    window: Id, offer: OfferTerms, lines: Sequence[Line], steps: Sequence[int] | None
) -> tuple[list[Line], list[Line], Choice | None]:
    """The lines that stay, those released in their order, and the choice that the others clear to."""
    sums, released = _Sums(lines), dict[int, Line]()
    rivalry: Rivalry | None = None
    while True:
        choice = best_choice(offer, sums.groups(), steps)
        if choice is None or choice.quantity >= choice.demand.firm or not choice.demand.whole_only:
            break
        rivalry = rivalry or Rivalry(lines, [tie_hash(window, line.id) for line in lines])
        victim = _to_release(offer, choice, sums, rivalry)
        if victim is None:
            break
        sums.remove(victim.line)
        rivalry.gone.append(victim)
        released[victim.number] = victim.line
    remaining = [line for index, line in enumerate(lines) if index not in released]
    return remaining, list(released.values()), choice


def _to_release(offer: OfferTerms, choice: Choice, sums: "_Sums", rivalry: Rivalry) -> Rival | None:
    """The whole_only line with a part whose part is the smallest; then the latest placed, then the smaller hash.

    Lines without a limit are served first, so that only one of the two groups has parts.
    """
    rule, price = _rule(offer, choice), offer.ladder[choice.step].unit_price
    free = sum(firm for key, (firm, _flexible, _lines) in sums.of.items() if not is_limited(key[0], offer))
    if choice.quantity < free:
        return rivalry.victim(
            (rule, None), rule, choice.quantity, lambda line: not is_limited(line.max_unit_price, offer)
        )

    def limited(line: Line) -> bool:
        return is_limited(line.max_unit_price, offer) and takes_part(line.max_unit_price, offer, price)

    return rivalry.victim((rule, price), rule, choice.quantity - free, limited)


def _rule(offer: OfferTerms, choice: Choice) -> ShortageRule:
    """How a quantity below the demand is shared: by the offer's rule when the cap is the cause."""
    short_cap = offer.cap is not None and offer.cap < choice.demand.firm
    return offer.shortage_rule if short_cap else ShortageRule.FIRST_COME


class _Sums:
    """The aggregates of the lines that are left."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.of: dict[tuple[int | None, Consent, bool], tuple[int, int, int]] = {
            (limit, consent, whole): (firm, flexible, count)
            for limit, consent, whole, firm, flexible, count in grouped(lines)
        }

    def remove(self, line: Line) -> None:
        """Take a line out."""
        key = line.max_unit_price, line.flexible_for, line.whole_only
        firm, flexible, count = self.of.pop(key)
        if count > 1:
            self.of[key] = firm - line.firm, flexible - line.flexible, count - 1

    def groups(self) -> list[DemandGroup]:
        """The sums as demand."""
        return [DemandGroup(*key, *sums) for key, sums in self.of.items()]


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
    eligible = [
        line
        for line in lines
        if line.flexible and line.flexible_for >= use and ((limit := line.max_unit_price) is None or limit >= price)
    ]
    extras = by_turns(
        choice.quantity - choice.demand.firm,
        [line.flexible for line in eligible],
        _tie(window, eligible),
        [line.extra_taken for line in eligible],
    )
    return zip(eligible, extras, strict=True)


def _short_shares(window: Id, offer: OfferTerms, choice: Choice, lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """Every participant's share of a quantity below the firm demand: lines without a limit first."""
    price, first_price = offer.ladder[choice.step].unit_price, offer.first_price
    free, limited = list[Line](), list[Line]()
    for line in lines:
        limit = line.max_unit_price
        if limit is None or limit >= first_price:
            free.append(line)
        elif limit >= price:
            limited.append(line)
    return _group_shares(window, _rule(offer, choice), choice.quantity, (free, limited))


def _group_shares(
    window: Id, rule: ShortageRule, quantity: int, groups: Iterable[Sequence[Line]]
) -> list[tuple[Line, int]]:
    """One group after the other, each as far as the quantity lasts."""
    left = quantity
    shares: list[tuple[Line, int]] = []
    for group in groups:
        part = min(left, sum(line.firm for line in group))
        shares += zip(group, _share(rule, part, group, _tie(window, group)), strict=True)
        left -= part
    return shares


def shared_out(*, window: Id, offer: OfferTerms, quantity: int, lines: Sequence[Line]) -> dict[Id, int]:
    """What each line keeps of its firm units where only so many can be supplied: lines without a limit first, in each
    group by the offer's shortage rule; a whole_only line that would keep a part keeps nothing, as at the close."""
    kept = dict.fromkeys((line.id for line in lines), 0)
    staying = list(lines)
    while True:
        limited = [line for line in staying if is_limited(line.max_unit_price, offer)]
        free = [line for line in staying if not is_limited(line.max_unit_price, offer)]
        shares = _group_shares(window, offer.shortage_rule, quantity, (free, limited))
        parts = [(line, got) for line, got in shares if line.whole_only and 0 < got < line.firm]
        if not parts:
            return kept | {line.id: got for line, got in shares}
        gone, _got = min(
            parts,
            key=lambda part: (
                Fraction(part[1], part[0].firm),
                -part[0].placed_at.timestamp(),
                tie_hash(window, part[0].id),
            ),
        )
        staying = [line for line in staying if line.id != gone.id]


def _share(rule: ShortageRule, quantity: int, group: Sequence[Line], tie: Callable[[int], bytes]) -> list[int]:
    firm = [line.firm for line in group]
    if quantity in (0, sum(firm)):
        return firm if quantity else [0] * len(firm)
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
        if line.raised:
            units += [TimedUnits(raised.at, index, raised.by) for raised in line.raised]
            first -= sum(raised.by for raised in line.raised)
        units.append(TimedUnits(line.placed_at, index, first))
    return units


def _tie(window: Id, lines: Sequence[Line]) -> Callable[[int], bytes]:
    return lambda index: tie_hash(window, lines[index].id)
