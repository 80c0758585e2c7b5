"""The clearing file: one window or a list of windows as JSON, checked completely before anything is cleared.

Quantities are whole numbers of the offer's consumer unit (at most 1,000,000 each), money is a decimal string in the
window's currency (at most 10^12 minor units). Every problem is reported with its place; any problem refuses the
file. Form and meaning of the fields: docs/domain.md, "Closing".
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, TypeVar

from marketplace.rules.clearing.json_reader import NO_ID, BadFile, Fields, Problem, load_json
from marketplace.rules.clearing.terms import (
    Consent,
    Id,
    Line,
    MerchantTerms,
    OfferTerms,
    PriceStep,
    Raise,
    ShortageRule,
    WindowTerms,
)
from marketplace.rules.money import MINOR_DIGITS

WINDOW_KEYS: Final = ("window", "currency", "merchants", "offers", "lines")
MERCHANT_KEYS: Final = ("id", "minimum_order_value", "small_order_fee")
OFFER_KEYS: Final = (
    *("id", "merchant", "case", "multiple", "splittable", "split_fee", "cap", "hub_flexible"),
    *("shortage_rule", "ladder"),
)
STEP_KEYS: Final = ("from", "cost", "unit_price")
LINE_KEYS: Final = (
    *("id", "household", "placed_at", "raised", "offer", "firm", "flexible", "flexible_for"),
    *("max_unit_price", "whole_only", "extra_taken"),
)
RAISE_KEYS: Final = ("at", "by")
# What may be left out, because there is one harmless reading: none, no, or nothing.
MERCHANT_OPTIONAL: Final = ("minimum_order_value", "small_order_fee")
OFFER_OPTIONAL: Final = ("multiple", "splittable", "split_fee", "cap", "hub_flexible")
LINE_OPTIONAL: Final = ("raised", "flexible", "flexible_for", "max_unit_price", "whole_only", "extra_taken")
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_CONSENTS: Final = {consent.code: consent for consent in Consent}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFile:
    """One window of a file, ready to be cleared."""

    terms: WindowTerms
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingFile:
    """The windows of a file; `is_list` says whether the answer is a list, too."""

    windows: tuple[WindowFile, ...]
    is_list: bool


def parse_file(text: str) -> ClearingFile:
    """Read and check a clearing file. Raises BadFile with every problem found."""
    value = load_json(text)
    problems: list[Problem] = []
    is_list = isinstance(value, list)
    entries = value if is_list else [value]
    windows = [_window(entry, f"windows[{index}]" if is_list else "", problems) for index, entry in enumerate(entries)]
    _report_doubles(
        ((f"windows[{index}].window", window.terms.id) for index, window in enumerate(windows)), "window", problems
    )
    if problems:
        raise BadFile(problems)
    return ClearingFile(windows=tuple(windows), is_list=is_list)


def _window(value: Any, place: str, problems: list[Problem]) -> WindowFile:
    fields = Fields(value, place, WINDOW_KEYS, problems)
    currency = _currency(fields)
    merchants = _all(fields, "merchants", lambda entry, at: _merchant(entry, at, currency, problems))
    offers = _all(fields, "offers", lambda entry, at: _offer(entry, at, currency, problems))
    lines = _all(fields, "lines", lambda entry, at: _line(entry, at, currency, problems))
    for key, things in (("merchants", merchants), ("offers", offers), ("lines", lines)):
        kind = key.removesuffix("s")
        _report_doubles(((f"{at}.id", thing.id) for at, thing in things), kind, problems)
    known = _ids_of(fields, "merchants", (merchant.id for _at, merchant in merchants))
    _report_unknown(((f"{at}.merchant", offer.merchant) for at, offer in offers), known, "merchant", problems)
    offered = _ids_of(fields, "offers", (offer.id for _at, offer in offers))
    _report_unknown(((f"{at}.offer", line.offer) for at, line in lines), offered, "offer", problems)
    terms = WindowTerms(
        id=fields.name("window"),
        currency=currency or "",
        merchants=tuple(merchant for _at, merchant in merchants),
        offers=tuple(offer for _at, offer in offers),
    )
    return WindowFile(terms=terms, lines=tuple(line for _at, line in lines))


def _currency(fields: Fields) -> str | None:
    """The window's currency; None (and reported) when it is not known, so that money is checked no further."""
    value = fields.found.get("currency")
    if isinstance(value, str) and value in MINOR_DIGITS:
        return value
    if "currency" in fields.found:
        fields.report("currency", "this is not a known currency code", "give an ISO 4217 code such as EUR")
    return None


def _merchant(value: Any, place: str, currency: str | None, problems: list[Problem]) -> MerchantTerms:
    fields = Fields(value, place, MERCHANT_KEYS, problems, MERCHANT_OPTIONAL)
    return MerchantTerms(
        id=fields.name("id"),
        minimum_order_value=fields.money("minimum_order_value", currency),
        small_order_fee=fields.optional_money("small_order_fee", currency),
    )


def _offer(value: Any, place: str, currency: str | None, problems: list[Problem]) -> OfferTerms:
    fields = Fields(value, place, OFFER_KEYS, problems, OFFER_OPTIONAL)
    steps = _all(fields, "ladder", lambda entry, at: _step(entry, at, currency, problems))
    _check_ladder(fields, steps)
    return OfferTerms(
        id=fields.name("id"),
        merchant=fields.name("merchant"),
        case=fields.count("case", 1),
        multiple=fields.count("multiple", 1),
        splittable=fields.flag("splittable"),
        split_fee=fields.money("split_fee", currency),
        cap=fields.optional_count("cap", 0),
        hub_flexible=fields.count("hub_flexible", 0),
        shortage_rule=ShortageRule(fields.choice("shortage_rule", [rule.value for rule in ShortageRule])),
        ladder=tuple(step for _at, step in steps),
    )


def _step(value: Any, place: str, currency: str | None, problems: list[Problem]) -> PriceStep:
    before = len(problems)
    fields = Fields(value, place, STEP_KEYS, problems)
    step = PriceStep(fields.count("from", 1), fields.money("cost", currency), fields.money("unit_price", currency))
    # A step that could not be read is not compared with its neighbours: one problem, one error.
    return step if len(problems) == before and currency else PriceStep(0, 0, 0)


def _check_ladder(fields: Fields, steps: Sequence[tuple[str, PriceStep]]) -> None:
    if not steps and isinstance(fields.found.get("ladder"), list):
        fields.report("ladder", "the ladder is empty", "give at least one step")
    for (_at, lower), (place, step) in pairwise(steps):
        if not (lower.from_quantity and step.from_quantity):
            continue
        for key, is_right, rule in (
            ("from", step.from_quantity > lower.from_quantity, "rise"),
            ("cost", step.cost < lower.cost, "strictly fall"),
            ("unit_price", step.unit_price < lower.unit_price, "strictly fall"),
        ):
            if not is_right:
                problem = f"it does not {rule} from the step before"
                fields.problems.append(Problem(f"{place}.{key}", problem, f"let it {rule} from step to step"))


def _line(value: Any, place: str, currency: str | None, problems: list[Problem]) -> Line:
    fields = Fields(value, place, LINE_KEYS, problems, LINE_OPTIONAL)
    flexible = fields.count("flexible", 0)
    before = len(problems)
    firm = fields.count("firm", 1)
    raised = _all(fields, "raised", lambda entry, at: _raise(entry, at, problems))
    parts = sum(part.by for _at, part in raised)
    if len(problems) == before and "firm" in fields.found and parts >= firm:
        fields.report("raised", f"the raised parts ({parts}) are not below firm ({firm})", "they are parts of firm")
    unused = fields.found.get("flexible_for") is None and not flexible  # nothing to use, nothing to say
    if flexible and "flexible_for" not in fields.found:
        fields.report("flexible_for", "the field is missing", "say what the extra units may be used for")
    return Line(
        id=fields.name("id"),
        household=fields.name("household"),
        placed_at=_time(fields, "placed_at"),
        raised=tuple(part for _at, part in raised),
        offer=fields.name("offer"),
        firm=firm,
        flexible=flexible,
        flexible_for=Consent.CASE if unused else _CONSENTS[fields.choice("flexible_for", list(_CONSENTS))],
        max_unit_price=fields.optional_money("max_unit_price", currency),
        whole_only=fields.flag("whole_only"),
        extra_taken=fields.count("extra_taken", 0),
    )


def _raise(value: Any, place: str, problems: list[Problem]) -> Raise:
    fields = Fields(value, place, RAISE_KEYS, problems)
    return Raise(_time(fields, "at"), fields.count("by", 1))


def _time(fields: Fields, key: str) -> datetime:
    """A moment with its offset from UTC, up to microseconds."""
    stand_in = datetime(2000, 1, 1, tzinfo=UTC)
    value = fields.found.get(key, "2000-01-01T00:00:00Z")
    if isinstance(value, str) and _TIMESTAMP.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # a day or an hour that does not exist: reported below like any other wrong form
    fields.report(key, "this is not a moment with its time zone", "write it like 2026-11-22T10:00:00Z")
    return stand_in


def _all(fields: Fields, key: str, read: Callable[[Any, str], _T]) -> list[tuple[str, _T]]:
    return [(place, read(entry, place)) for place, entry in fields.items(key)]


def _ids_of(fields: Fields, key: str, ids: Iterable[Id]) -> set[Id]:
    """The ids of a list; with NO_ID when the list itself could not be read."""
    return set(ids) if isinstance(fields.found.get(key), list) else {NO_ID}


def _report_doubles(ids: Iterable[tuple[str, object]], kind: str, problems: list[Problem]) -> None:
    seen: set[object] = set()
    for place, value in ids:
        if value in seen and value != NO_ID:
            problems.append(Problem(place, f"this {kind} id stands here twice", f"give each {kind} an id of its own"))
        seen.add(value)


def _report_unknown(ids: Iterable[tuple[str, Id | None]], known: set[Id], kind: str, problems: list[Problem]) -> None:
    if NO_ID in known:
        return  # an id that could not be read may be the one that is named
    for place, value in ids:
        if value not in known and value != NO_ID:
            problems.append(Problem(place, f"there is no such {kind} in this window", f"name one of its {kind}s"))
