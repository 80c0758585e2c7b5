"""Compare a price list with the catalogue as it is now."""

from typing import NamedTuple

from marketplace.errors import InvalidInput
from marketplace.models import Merchant
from marketplace.queries.catalogue import catalogue_of, shelves
from marketplace.rules.catalogue.difference import Difference, difference, fingerprint
from marketplace.rules.catalogue.options import ListOptions
from marketplace.rules.catalogue.reading import read_list
from marketplace.rules.catalogue.table import Unreadable
from marketplace.words import broken_words


class Compared(NamedTuple):
    """What a list would change, and the name of the pair of list and catalogue."""

    found: Difference
    fingerprint: str


def compare(*, merchant: Merchant, content: bytes, options: ListOptions) -> Compared:
    """The difference between a list and the merchant's own catalogue. Seven queries for any number of rows.

    Raises InvalidInput where the file cannot be read at all.
    """
    try:
        named = read_list(content, options)
    except Unreadable as unreadable:
        raise InvalidInput(problems=[unreadable_problem(unreadable)]) from unreadable
    shelf, catalogue = shelves(), catalogue_of(merchant.pk, options.currency)
    return Compared(
        difference(named=named, options=options, shelves=shelf, catalogue=catalogue),
        fingerprint(content=content, options=options, shelves=shelf, catalogue=catalogue),
    )


def unreadable_problem(unreadable: Unreadable) -> dict[str, str]:
    """Why a file cannot be read, with its row where it is known."""
    place = "file" if unreadable.row is None else f"row {unreadable.row}"
    return {"place": place, "problem": broken_words(unreadable.broken)}
