"""A window of 20,000 offers and a million lines, cleared from aggregates; run as a process of its own.

Lines exist only while they are asked for, as production loads them. Prints one line of JSON: how many lines the demand
stands for, how many were loaded, the most at once, and the peak of the process's memory in MB before and after.
"""

import json
import random
import resource
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from marketplace.rules.clearing.demand import grouped
from marketplace.rules.clearing.terms import (
    Consent,
    DemandGroup,
    Id,
    Line,
    MerchantTerms,
    OfferTerms,
    PriceStep,
    WindowTerms,
)
from marketplace.rules.clearing.window import clear_window

OFFERS, LINES_EACH, MERCHANTS = 20_000, 50, 200
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def lines_of_offer(offer: int) -> list[Line]:
    """The same fifty lines each time: 5 % with a limit, 10 % with flexible units."""
    rng = random.Random(offer)
    return [
        Line(
            id=offer * LINES_EACH + n,
            household=n,
            placed_at=AT,
            raised=(),
            offer=offer,
            firm=rng.randint(1, 4),
            flexible=rng.randint(1, 3) if rng.random() < 0.1 else 0,
            flexible_for=Consent.PRICE,
            max_unit_price=220 if rng.random() < 0.05 else None,
            whole_only=False,
            extra_taken=0,
        )
        for n in range(LINES_EACH)
    ]


def terms(offer: int) -> OfferTerms:
    """Cases of 1, 6 or 12; every tenth offer is capped below its demand."""
    return OfferTerms(
        id=offer,
        merchant=offer % MERCHANTS,
        case=(1, 6, 12)[offer % 3],
        ladder=(PriceStep(6, 195, 240), PriceStep(90, 170, 210)),
        cap=60 if offer % 10 == 0 else None,
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    window = WindowTerms(
        id=1,
        currency="EUR",
        merchants=tuple(MerchantTerms(id=m) for m in range(MERCHANTS)),
        offers=tuple(terms(offer) for offer in range(OFFERS)),
    )
    demand: dict[Id, list[DemandGroup]] = {offer: grouped(lines_of_offer(offer)) for offer in range(OFFERS)}
    before = peak_mb()
    loaded, most = 0, 0

    def load(offer_ids: Sequence[Id], /, *, flexible_only: bool) -> Mapping[Id, Sequence[Line]]:
        nonlocal loaded, most
        found = {
            offer: [line for line in lines_of_offer(int(offer)) if line.flexible or not flexible_only]
            for offer in offer_ids
        }
        count = sum(map(len, found.values()))
        loaded, most = loaded + count, max(most, count)
        return found

    result = clear_window(window=window, demand=demand, lines_of=load)
    stands_for = sum(group.lines for groups in demand.values() for group in groups)
    reached = sum(outcome.reached for outcome in result.outcomes.values())
    figures = {"lines": stands_for, "loaded": loaded, "most_at_once": most, "reached": reached}
    print(json.dumps({**figures, "before_mb": round(before), "peak_mb": round(peak_mb())}))


if __name__ == "__main__":
    main()
