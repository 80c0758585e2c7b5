"""What usual terms must be, by the names of columns."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.columns import BY_NAME, LADDER, OF_TEMPLATE, Kind
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.ladders import MOST_MINOR, ladder_problems

MULTIPLE: Final = gettext_noop("A multiple is at least 1 and less than the case.")
CARRY: Final = gettext_noop("What is carried over needs a stock to begin with.")
COUNT: Final = gettext_noop("A whole number from %(least)s to %(most)s.")


def terms_problems(values: Mapping[str, Any]) -> Iterator[tuple[str, Broken]]:
    """Each broken rule with its column. `values` are all of the terms; without a ladder only bounds are looked at."""
    yield from _bounds(values)
    if values.get(LADDER) is None:
        return
    for broken in ladder_problems([PriceStep(*step) for step in values[LADDER]]):
        yield LADDER, broken
    yield from fitting(values)


def fitting(values: Mapping[str, Any]) -> Iterator[tuple[str, Broken]]:
    """What single columns cannot tell: terms that do not fit each other."""
    if values["split"] and not 1 <= values["multiple"] < values["case"]:
        yield "multiple", Broken(MULTIPLE)
    if values["stock_rule"] == "carry" and values.get("stock") is None:
        yield "stock_rule", Broken(CARRY)


def _bounds(values: Mapping[str, Any]) -> Iterator[tuple[str, Broken]]:
    for name in sorted(OF_TEMPLATE & BY_NAME.keys()):
        column, value = BY_NAME[name], values.get(name)
        most = MOST_MINOR if column.kind is Kind.MONEY else column.most
        counted = column.kind in (Kind.MONEY, Kind.COUNT)
        if counted and value is not None and not column.least <= value <= most:
            yield name, Broken(COUNT, {"least": column.least, "most": most})
