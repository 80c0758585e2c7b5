"""Wishes for what nobody offers: what counts as the same wish, which product answers it, and what may be published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from marketplace.rules.folding import words_of
from marketplace.rules.spelling import begins_like

# From this many households on a count says nothing about one of them.
LEAST_HOUSEHOLDS = 5
LONGEST_WISH = 60
# Words that tell goods apart begin here; shorter ones are "of", "de", "a".
SHORTEST_WORD = 3


def topic_of(text: str) -> str:
    """What wishes are counted by: the folded words, without quantities and small words, in the alphabet's order.

    "Oat milk", "milk (oat)" and "2 oat milk" are one topic. Empty where no word is left.
    """
    words = {word for word in words_of(text) if not word.isdecimal() and len(word) >= SHORTEST_WORD}
    return " ".join(sorted(words))[:LONGEST_WISH]


def answers(topic: str, product_words: Collection[str]) -> bool:
    """Whether a product may be what was wished: each word of the topic begins one of the product's words, a typing
    error forgiven. `product_words` are the folded words that the product is found by."""
    wanted = topic.split()
    return bool(wanted) and all(any(begins_like(word, other) for other in product_words) for word in wanted)


@dataclass(frozen=True, slots=True)
class Published:
    """What a merchant may be told: households in all (`or_more`: some are not counted), and per area, most first."""

    households: int
    or_more: bool
    areas: tuple[tuple[str, int], ...]


def publishable(households: Mapping[str, int]) -> Published | None:
    """What of a topic's households per area may be told; None where it is too few.

    An area is named from LEAST_HOUSEHOLDS on. The total is told only where nobody can work out a smaller rest from
    it: else it is the sum of the named areas, "or more".
    """
    total = sum(households.values())
    if total < LEAST_HOUSEHOLDS:
        return None
    named = sorted(
        ((area, many) for area, many in households.items() if area and many >= LEAST_HOUSEHOLDS),
        key=lambda pair: (-pair[1], pair[0]),
    )
    rest = total - sum(many for _area, many in named)
    if named and 0 < rest < LEAST_HOUSEHOLDS:
        return Published(total - rest, True, tuple(named))
    return Published(total, False, tuple(named))
