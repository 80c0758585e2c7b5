"""Finding products by words, typing errors forgiven.

One boundary, `read_words` and `matching`, so that searches without a result can become demand later.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from marketplace.models import Product, SearchWord
from marketplace.rules.folding import words_of
from marketplace.rules.spelling import SHORTEST, mistakes_allowed, nearest

# More words than this say no more; a longer text was pasted by mistake.
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class WordsRead:
    """What a search was understood as. `asked` is what was typed, `words` what is looked for, folded."""

    asked: str = ""
    words: tuple[str, ...] = ()
    corrected: bool = False

    @property
    def shown(self) -> str:
        """The words that are looked for, as a text."""
        return " ".join(self.words)


def read_words(text: str, *, exactly: bool = False) -> WordsRead:
    """What somebody may have meant. One query, none where no word is long enough to be mistyped or `exactly`."""
    asked = text.strip()
    typed = tuple(words_of(asked)[:MOST_WORDS])
    if exactly:
        return WordsRead(asked, typed)
    known = _near([word for word in typed if len(word) >= SHORTEST and not word.isdecimal()])
    meant = tuple(_meant(word, known) for word in typed)
    return WordsRead(asked, meant, meant != typed)


def _near(words: Sequence[str]) -> dict[str, int]:
    """Words of the dictionary that begin like these or are of similar length and letters, with their uses."""
    if not words:
        return {}
    wanted = Q()
    for word in words:
        most = mistakes_allowed(word)
        similar = Q(word__startswith=word[0]) | Q(word__startswith=word[1]) | Q(inner=word[1:3])
        wanted |= Q(word__startswith=word)
        wanted |= Q(length__range=(len(word) - most, len(word) + most)) & similar
    found = SearchWord.objects.annotate(inner=Substr("word", 2, 2)).filter(wanted, uses__gt=0)
    return dict(found.values_list("word", "uses"))


def _meant(word: str, known: dict[str, int]) -> str:
    if any(other.startswith(word) for other in known):
        return word
    return nearest(word, known) or word


def matching(words: Sequence[str]) -> QuerySet[Product]:
    """Products that have, for each word, one that begins with it. On PostgreSQL by full text, which an index of
    `to_tsvector('simple', coalesce(search_text, ''))` serves; elsewhere by comparing texts.
    """
    if connection.vendor == "postgresql":
        asked = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
        vector = SearchVector("search_text", config="simple")
        return Product.objects.annotate(found_in=vector).filter(found_in=asked)
    every = Q()
    for word in words:
        every &= Q(search_text__contains=f" {word}")
    return Product.objects.filter(every)
