"""What a household usually takes: products by how many of its last rounds held them, in the quantity of the newest."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

# A habit shows within two months of weekly rounds; older ones are history.
REMEMBERED_ROUNDS = 8
# Seen twice is a habit. Before there are two rounds, everything of the only one counts.
HABIT_ROUNDS = 2


class Taken(NamedTuple):
    """What a household held of a product in one round."""

    firm: int
    flexible: int = 0
    flexible_for: str = "case"
    max_unit_price_minor: int | None = None
    whole_only: bool = False


class Usual(NamedTuple):
    """A usual product: as `taken` the last time, in `rounds` of the remembered ones."""

    product_id: int
    taken: Taken
    rounds: int


def usual(rounds: Sequence[Mapping[int, Taken]]) -> list[Usual]:
    """The usual products, most frequent first, then the more recently taken, then by id.

    `rounds` are a household's past rounds, newest first, each product → what it held; only the newest
    REMEMBERED_ROUNDS count.
    """
    remembered = rounds[:REMEMBERED_ROUNDS]
    least = min(HABIT_ROUNDS, len(remembered))
    newest: dict[int, tuple[int, Taken]] = {}
    times: dict[int, int] = {}
    for age, held in enumerate(remembered):
        for product_id, taken in held.items():
            newest.setdefault(product_id, (age, taken))
            times[product_id] = times.get(product_id, 0) + 1
    found = [product_id for product_id, many in times.items() if many >= least]
    found.sort(key=lambda product_id: (-times[product_id], newest[product_id][0], product_id))
    return [Usual(product_id, newest[product_id][1], times[product_id]) for product_id in found]
