"""Words as search compares them: no accents, no capitals, letters and digits only."""

import re
import unicodedata

# Letters that have no decomposition, by what people type instead.
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"})
_BREAKS = re.compile(r"[\W_]+")
# Longer ones are cut: nobody types more, and the dictionary's column ends there.
LONGEST_WORD = 40


def folded(text: str) -> str:
    """The words of a text, folded, with one space between: "Crème fraîche, 20 %" becomes "creme fraiche 20"."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_PLAIN)
    return [word[:LONGEST_WORD] for word in _BREAKS.split(bare) if word]


def for_search(*texts: str) -> str:
    """What a row is found by: each different word once, with a space before it, so that " tom" finds its beginning."""
    return "".join(f" {word}" for word in dict.fromkeys(word for text in texts for word in words_of(text)))
