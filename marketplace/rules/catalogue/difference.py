"""What a price list would change in a catalogue: the whole difference, or why it is refused. Pure.

The same list compared with the same catalogue gives the same difference; `fingerprint` names the pair. That is how
what is taken is exactly what was shown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.columns import GIVEN, KEY, LADDER, OF_TEMPLATE, PROMISED
from marketplace.rules.catalogue.options import ListOptions
from marketplace.rules.catalogue.reading import Named
from marketplace.rules.catalogue.terms import TermsWarning, warnings_of
from marketplace.rules.catalogue.values import Shelves
from marketplace.rules.catalogue.wanted import Refused, Values, Wanted, wanted_of

TWICE: Final = gettext_noop("The article number is also in row %(row)s.")
GTIN_TWICE: Final = gettext_noop("The GTIN belongs to your article %(sku)s.")
ON_OFFER: Final = gettext_noop("It is on offer now, so this stays as it was promised until the hand-over.")
NOT_SOLD: Final = gettext_noop("Articles that are taken out of the list and that you never had are left away.")
SAYS_WHOLE: Final = gettext_noop("The list says that it is whole; what it does not name stays all the same.")
IGNORED: Final = gettext_noop("Columns that are not read: %(names)s.")


@dataclass(frozen=True, slots=True)
class Current:
    """A product as it is. `values`: every column's value, terms with a ladder of None where it has none.

    `promised`: it is on offer, so PROMISED columns stay.
    """

    id: int
    values: Mapping[str, Any]
    promised: bool = False


@dataclass(frozen=True, slots=True)
class NewProduct:
    row: int
    sku: str
    values: Values


@dataclass(frozen=True, slots=True)
class ChangedProduct:
    """`before` and `after` hold the columns that differ, and no others."""

    row: int
    sku: str
    name: str
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class GoneProduct:
    """A product that is sold and not in a list that says that it is whole."""

    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class WarnedRow:
    """A warning about a ladder that the row brings."""

    row: int
    sku: str
    warning: TermsWarning


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that the list would do. With a refused row nothing is done, unless such rows are left out."""

    new: tuple[NewProduct, ...] = ()
    changed: tuple[ChangedProduct, ...] = ()
    unchanged: int = 0
    gone: tuple[GoneProduct, ...] = ()
    refused: tuple[Refused, ...] = ()
    warned: tuple[WarnedRow, ...] = ()
    notes: tuple[Broken, ...] = ()
    theirs: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def difference(*, named: Named, options: ListOptions, shelves: Shelves, catalogue: Mapping[str, Current]) -> Difference:
    """Compare a list with the merchant's own catalogue, given by article number."""
    wanted, refused = _read_all(named, options, shelves, catalogue)
    known = [each for each in wanted if each.sku in catalogue or each.values.get("active") is not False]
    never_had, wanted = len(wanted) - len(known), known
    refused += _same_gtins(wanted, catalogue)
    refused += _promised(wanted, catalogue)
    stopped = {each.row for each in refused}
    taken = [each for each in wanted if each.row not in stopped]
    new, changed, unchanged = _sorted(taken, catalogue)
    notes = [*named.notes]
    if named.whole and not options.whole:
        notes.append(Broken(SAYS_WHOLE))
    if never_had:
        notes.append(Broken(NOT_SOLD))
    if named.ignored:
        notes.append(Broken(IGNORED, {"names": ", ".join(name[:40] for name in named.ignored[:20])}))
    listed = {row.cells.get(KEY, "") for row in named.rows}
    return Difference(
        new=tuple(new),
        changed=tuple(changed),
        unchanged=unchanged,
        gone=tuple(_gone(listed, catalogue)) if options.whole else (),
        refused=tuple(sorted(refused, key=lambda each: each.row)),
        warned=tuple(_warned(new, changed, catalogue)),
        notes=tuple(notes),
        theirs=named.theirs,
    )


def fingerprint(*, content: bytes, options: ListOptions, shelves: Shelves, catalogue: Mapping[str, Current]) -> str:
    """The sha256 of a list, of how it is read, and of the catalogue that it is compared with."""
    state = [
        [sku, product.id, {name: product.values[name] for name in sorted(product.values)}, product.promised]
        for sku, product in sorted(catalogue.items())
    ]
    shelf = [sorted(shelves.categories.items()), sorted(shelves.taxes.items()), sorted(shelves.deposits.items())]
    told = json.dumps([options.as_json(), shelf, state], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(hashlib.sha256(content).digest() + told.encode()).hexdigest()


def after_change(current: Mapping[str, Any] | None, values: Values) -> Values:
    """All values of a product once a row's are in it."""
    known = {name: value for name, value in (current or {}).items() if value is not None}
    return {**GIVEN, LADDER: None, **known, **values}


def _read_all(
    named: Named, options: ListOptions, shelves: Shelves, catalogue: Mapping[str, Current]
) -> tuple[list[Wanted], list[Refused]]:
    wanted: list[Wanted] = []
    refused: list[Refused] = []
    first: dict[str, int] = {}
    for row in named.rows:
        sku = row.cells.get(KEY, "")
        if sku in first and sku:
            refused.append(Refused(row.number, KEY, sku[:40], Broken(TWICE, {"row": first[sku]})))
            continue
        first[sku] = row.number
        product = catalogue.get(sku)
        found = wanted_of(row, options, shelves, None if product is None else product.values)
        if isinstance(found, Wanted):
            wanted.append(found)
        else:
            refused += found
    return wanted, refused


def _same_gtins(wanted: Sequence[Wanted], catalogue: Mapping[str, Current]) -> list[Refused]:
    """Rows whose GTIN another article of the merchant would have too. Other merchants' articles are not looked at."""
    after = {sku: product.values.get("gtin", "") for sku, product in catalogue.items()}
    after.update({each.sku: each.values["gtin"] for each in wanted if "gtin" in each.values})
    holders: dict[str, list[str]] = {}
    for sku, gtin in after.items():
        if gtin:
            holders.setdefault(gtin, []).append(sku)
    found = []
    for each in wanted:
        gtin = each.values.get("gtin")
        others = [sku for sku in holders.get(gtin or "", ()) if sku != each.sku]
        known = catalogue.get(each.sku)
        if gtin and others and (known is None or known.values.get("gtin") != gtin):
            found.append(Refused(each.row, "gtin", gtin, Broken(GTIN_TWICE, {"sku": others[0]})))
    return found


def _promised(wanted: Sequence[Wanted], catalogue: Mapping[str, Current]) -> list[Refused]:
    """Rows that would change what is promised of a product on offer."""
    return [
        Refused(each.row, name, str(each.values[name])[:60], Broken(ON_OFFER))
        for each in wanted
        if (product := catalogue.get(each.sku)) is not None and product.promised
        for name in sorted(PROMISED & each.values.keys())
        if each.values[name] != product.values.get(name)
    ]


def _sorted(
    wanted: Sequence[Wanted], catalogue: Mapping[str, Current]
) -> tuple[list[NewProduct], list[ChangedProduct], int]:
    """New and changed products, and how many stay as they are."""
    new: list[NewProduct] = []
    changed: list[ChangedProduct] = []
    unchanged = 0
    for each in wanted:
        product = catalogue.get(each.sku)
        if product is None:
            new.append(NewProduct(each.row, each.sku, each.values))
            continue
        before, after = changed_values(product.values, each.values)
        if after:
            changed.append(ChangedProduct(each.row, each.sku, product.values["name"], before, after))
        else:
            unchanged += 1
    return new, changed, unchanged


def changed_values(current: Mapping[str, Any], values: Values) -> tuple[Values, Values]:
    """The columns that differ, before and after; terms that begin to be are told whole."""
    begins = current.get(LADDER) is None and values.get(LADDER) is not None
    wanted = {**{name: GIVEN[name] for name in OF_TEMPLATE & GIVEN.keys()}, **values} if begins else values
    after = {
        name: value for name, value in wanted.items() if (begins and name in OF_TEMPLATE) or value != current.get(name)
    }
    return {name: current.get(name) for name in after}, after


def _gone(listed: set[str], catalogue: Mapping[str, Current]) -> Iterator[GoneProduct]:
    for sku, product in sorted(catalogue.items()):
        if sku not in listed and product.values["active"]:
            yield GoneProduct(sku, product.values["name"])


def _warned(
    new: Sequence[NewProduct], changed: Sequence[ChangedProduct], catalogue: Mapping[str, Current]
) -> Iterator[WarnedRow]:
    """Warnings about ladders that the list brings or whose case or stock it changes."""
    of_ladder = {LADDER, "case", "split", "multiple", "split_fee", "stock"}
    rows: list[tuple[int, str, Values, Mapping[str, Any] | None]] = [
        (each.row, each.sku, each.values, None) for each in new
    ]
    rows += [
        (each.row, each.sku, each.after, catalogue[each.sku].values)
        for each in changed
        if of_ladder & each.after.keys()
    ]
    for row, sku, values, current in rows:
        for warning in warnings_of(after_change(current, values)):
            yield WarnedRow(row, sku, warning)
