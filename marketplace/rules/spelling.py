"""Which known word a mistyped one was meant to be."""

from collections.abc import Mapping

from rapidfuzz.distance import OSA

# Below this length every word is near every other: it is taken as typed.
SHORTEST = 4


def mistakes_allowed(word: str) -> int:
    """How many letters may be wrong, missing, too many or swapped: one in 4 to 7 letters, two in more."""
    if len(word) < SHORTEST:
        return 0
    return 1 if len(word) <= 7 else 2


def nearest(word: str, known: Mapping[str, int]) -> str | None:
    """The known word with the fewest mistakes, then the most used, then the first by alphabet; None where all are
    too far. `known` maps folded words to how often they are used.

    Distance: optimal string alignment (Damerau and Levenshtein; a swap of neighbours is one mistake).
    """
    most = mistakes_allowed(word)
    far = (
        [(OSA.distance(word, other, score_cutoff=most), -uses, other) for other, uses in known.items()] if most else []
    )
    near = [found for found in far if found[0] <= most]
    return min(near)[2] if near else None


def begins_like(word: str, other: str) -> bool:
    """Whether `other` begins with the word, one typing error forgiven from four letters on."""
    if other.startswith(word):
        return True
    if len(word) < SHORTEST:
        return False
    return any(OSA.distance(word, other[: len(word) + more], score_cutoff=1) <= 1 for more in (-1, 0, 1))
