"""From a row of texts to what it wants of a product: values by column, or why the row is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of, with_markup
from marketplace.rules.catalogue.columns import BY_NAME, CURRENCY, GIVEN, KEY, LADDER, STEPS, Column, Kind
from marketplace.rules.catalogue.options import BNN3, ODIN, ListOptions
from marketplace.rules.catalogue.table import Row
from marketplace.rules.catalogue.terms_rules import fitting
from marketplace.rules.catalogue.values import Shelves, value_of
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.ladders import MOST_UNITS, ladder_problems

Values = dict[str, Any]

NO_SKU: Final = gettext_noop("The article number is missing.")
LONG_SKU: Final = gettext_noop("An article number has at most 40 characters.")
NEEDED: Final = gettext_noop(
    "A new product needs this. Give it in the file, or what it is where the file says nothing."
)
_STEP: Final = gettext_noop("A step needs from how many units, the cost and the price.")
_NO_PRICE: Final = gettext_noop("There is a cost and no price. Give a column of prices, or what is added to the cost.")
_NO_LADDER: Final = gettext_noop("These terms need a cost and a price.")
# Codes of a list that mean nothing to us: the kind of list says what they are, or nothing does.
_CODED: Final = frozenset({Kind.CATEGORY, Kind.TAX})


class Refused(NamedTuple):
    """One cell that stops the list. `column` by our names ("" is the whole row), `given` the text, shortened."""

    row: int
    column: str
    given: str
    reason: Broken


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that can be read: the values that it says, of the columns that the file has."""

    row: int
    sku: str
    values: Values


def wanted_of(
    row: Row, options: ListOptions, shelves: Shelves, current: Mapping[str, Any] | None
) -> Wanted | list[Refused]:
    """What the row wants, or everything that is wrong with it. `current`: the product's values; None: it is new."""
    if row.problem is not None:
        return [Refused(row.number, "", "", row.problem)]
    sku = row.cells.get(KEY, "")
    if not sku or len(sku) > 40:
        return [Refused(row.number, KEY, sku[:40], Broken(LONG_SKU if sku else NO_SKU))]
    problems: list[Refused] = []
    values: Values = {}
    for name, text in _said(row, options):
        try:
            value = _read(name, text, options, shelves)
        except Refusal as refused:
            problems.append(Refused(row.number, name, text[:60], refused.broken))
            continue
        if value is not _UNSAID:
            values[name] = value
    ladder = _ladder(row, options, problems)
    _settle(values, row, current, has_ladder=bool(ladder))
    values.update(ladder)
    if not problems:
        problems += _judged(row.number, values, current)
    return problems or Wanted(row.number, sku, values)


_UNSAID: Final = object()


def _said(row: Row, options: ListOptions) -> Iterator[tuple[str, str]]:
    """The columns of product and template that the row or the kind of list says something about."""
    for name in BY_NAME:
        text = row.cells.get(name)
        if text:
            text = _translated(name, text, options)
        if text is None and name not in options.defaults:
            continue
        yield name, text or ""
    if row.cells.get(CURRENCY):
        yield CURRENCY, row.cells[CURRENCY]


def _translated(name: str, text: str, options: ListOptions) -> str:
    """Their text as ours, where the kind of list says so."""
    table = options.values.get(name, {})
    return table.get(text, text)


def _read(name: str, text: str, options: ListOptions, shelves: Shelves) -> Any:
    """The value of a text; _UNSAID where it leaves a product as it is. Raises Refusal."""
    column = BY_NAME.get(name) or Column(CURRENCY, Kind.CURRENCY)
    default = options.defaults.get(name, "")
    if text:
        try:
            value = value_of(column, text, shelves, options.currency)
        except Refusal:
            if options.format not in (BNN3, ODIN) or column.kind not in _CODED or not default:
                raise
            value = value_of(column, default, shelves, options.currency)
        return _UNSAID if column.kind is Kind.CURRENCY else value
    if default:
        return _Default(value_of(column, default, shelves, options.currency))
    # Wholesalers' lists leave out what they do not know; an empty cell of an own table empties what may be empty.
    if column.needed or options.format in (BNN3, ODIN):
        return _UNSAID
    return GIVEN.get(name)


class _Default(NamedTuple):
    """A value for new products only."""

    value: Any


def _settle(values: Values, row: Row, current: Mapping[str, Any] | None, *, has_ladder: bool) -> None:
    """Take defaults where the product or its terms are new, and leave away what an empty cell says of terms that
    there are not."""
    no_terms = (current or {}).get(LADDER) is None
    for name, value in list(values.items()):
        of_template = BY_NAME[name].of_template
        if isinstance(value, _Default):
            if (no_terms and has_ladder) if of_template else current is None:
                values[name] = value.value
            else:
                del values[name]
        elif of_template and not row.cells.get(name) and no_terms:
            del values[name]


def _ladder(row: Row, options: ListOptions, problems: list[Refused]) -> Values:
    """The ladder that the row says, if it says one."""
    steps: list[PriceStep] = []
    for step in range(1, STEPS + 1):
        texts = {part: row.cells.get(f"{part}_{step}", "") for part in ("from", "cost", "price")}
        if not any(texts.values()) or (step == 1 and not texts["cost"] and not texts["price"]):
            continue
        found = _step(row.number, step, texts, options, problems)
        if found is not None:
            steps.append(found)
    if not steps:
        return {}
    problems.extend(
        Refused(row.number, f"from_{broken.facts.get('number', 1)}", "", broken) for broken in ladder_problems(steps)
    )
    return {LADDER: [list(step) for step in steps]}


def _step(
    number: int, step: int, texts: Mapping[str, str], options: ListOptions, problems: list[Refused]
) -> PriceStep | None:
    """One step; the first one begins at 1 where the file does not say it, the price may come from the cost."""
    read: dict[str, int] = {}
    for part, text in texts.items():
        try:
            if text:
                read[part] = count_of(text, 1, MOST_UNITS) if part == "from" else money_of(text, options.currency)
        except Refusal as refused:
            problems.append(Refused(number, f"{part}_{step}", text[:60], refused.broken))
            return None
    if step == 1:
        read.setdefault("from", 1)
    if "cost" in read and "price" not in read and options.markup_basis_points is not None:
        read["price"] = with_markup(read["cost"], options.markup_basis_points)
    missing = [part for part in ("from", "cost", "price") if part not in read]
    if missing:
        reason = Broken(_NO_PRICE if missing == ["price"] else _STEP)
        problems.append(Refused(number, f"{missing[0]}_{step}", "", reason))
        return None
    return PriceStep(read["from"], read["cost"], read["price"])


def _judged(number: int, values: Values, current: Mapping[str, Any] | None) -> Iterator[Refused]:
    """What single cells cannot tell: what a new product lacks, and terms that do not fit each other."""
    if current is None:
        for name, column in BY_NAME.items():
            if column.needed and name not in values and name not in GIVEN:
                yield Refused(number, name, "", Broken(NEEDED))
    of_terms = [name for name in values if name in BY_NAME and BY_NAME[name].of_template]
    after = {**GIVEN, **{k: v for k, v in (current or {}).items() if v is not None}, **values}
    if after.get(LADDER) is None:
        if of_terms:
            yield Refused(number, of_terms[0], "", Broken(_NO_LADDER))
        return
    for place, broken in fitting(after):
        yield Refused(number, place, str(after[place]), broken)
