"""Names that people give themselves and others: what of a typed text becomes one."""

import re
import unicodedata
from typing import Final

# Characters that turn the text around them, or are not seen at all. Marks that scripts need for their own letters
# (joiners, left-to-right and right-to-left marks) stay.
_TURNING: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_UNSEEN: Final = "\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e"
_DROPPED: Final = frozenset(_TURNING + _UNSEEN)
# Controls, line and paragraph separators, halves of characters.
_AS_SPACE: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
# What mail programs turn into links.
_LINK: Final = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://\S*|(?i:\bwww\.)\S+|\S+\.(?:[a-z]{2,}|[A-Z]{2,})(?:[/:?#]\S*)?(?=\s|$)"
)


def plain_name(text: str) -> str:
    """The name on one line, its spaces single, without what turns or hides the text beside it; empty where nothing is
    left."""
    kept = (letter for letter in unicodedata.normalize("NFC", text) if letter not in _DROPPED)
    return " ".join("".join(" " if unicodedata.category(c) in _AS_SPACE else c for c in kept).split())


def without_links(text: str) -> str:
    """A name as it may stand in a mail to somebody who did not ask for it: what would become a link there is left
    out."""
    return " ".join(_LINK.sub("…", plain_name(text)).split())
