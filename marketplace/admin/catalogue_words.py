"""The columns of a catalogue, and their values, as the desk says them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.models import Offer, OfferTemplate
from marketplace.rules.catalogue.columns import BY_NAME, GIVEN, LADDER, Kind
from marketplace.rules.catalogue.values import text_of
from marketplace.rules.clearing.terms import PriceStep
from marketplace.words import listed_long, money

LABELS: Mapping[str, Any] = {
    "sku": _("article number"),
    "name": _("name"),
    "description": _("description"),
    "category": _("category"),
    "gtin": _("GTIN"),
    "pack": _("pack, in words"),
    "content": _("content"),
    "unit": _("unit of the content"),
    "weighed": _("weighed piece by piece"),
    "storage": _("storage"),
    "shelf_life_days": _("shelf life in days"),
    "allergens": _("allergens"),
    "diets": _("diets"),
    "deposit": _("deposit"),
    "tax": _("tax class"),
    "active": _("sold"),
    "regular": _("in every window"),
    "case": _("case"),
    "split": _("cases may be split"),
    "multiple": _("multiple when split"),
    "split_fee": _("fee for a split"),
    "hub_extra": _("units that the hub may add"),
    "shortage": _("when there is too little"),
    "stock": _("stock of a window"),
    "stock_rule": _("stock of the next window"),
    "currency": _("currency"),
    LADDER: _("prices"),
    **{f"from_{step}": _("from units") for step in range(1, 6)},
    **{f"cost_{step}": _("cost") for step in range(1, 6)},
    **{f"price_{step}": _("price") for step in range(1, 6)},
}
STORAGE: Mapping[str, Any] = {"ambient": _("ambient"), "chilled": _("chilled"), "frozen": _("frozen")}
UNITS: Mapping[str, Any] = {"H87": _("piece"), "GRM": _("g"), "KGM": _("kg"), "MLT": _("ml"), "LTR": _("l")}
_CHOICES: Mapping[str, Mapping[str, Any]] = {
    "storage": STORAGE,
    "unit": UNITS,
    "shortage": dict(Offer.ShortageRule.choices),
    "stock_rule": dict(OfferTemplate.StockRule.choices),
}


def label_of(name: str) -> str:
    """A column as the desk calls it; a step's with its number."""
    base, _, step = name.rpartition("_")
    label = str(LABELS.get(name, name))
    return f"{label} {step}" if step.isdecimal() and base in ("from", "cost", "price") else label


def shown(name: str, value: Any, currency: str) -> str:
    """A value in words; a dash for nothing."""
    if value is None or value in ("", {}):
        return "–"
    if name == LADDER:
        return ladder_words([PriceStep(*step) for step in value], currency)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name in _CHOICES:
        return str(_CHOICES[name].get(value, value))
    if name in BY_NAME and BY_NAME[name].kind is Kind.MONEY:
        return money(value, currency)
    return text_of(name, value, currency)


def ladder_words(ladder: Sequence[PriceStep], currency: str) -> str:
    """A ladder in one line: "€2.10 (cost €1.50); from 24: €2.00 (cost €1.40)"."""
    return listed_long(step_words(step, currency, first=step is ladder[0]) for step in ladder)


def step_words(step: PriceStep, currency: str, *, first: bool) -> str:
    """One step; the first one says its quantity only where it is a minimum."""
    facts = {
        "units": step.from_quantity,
        "price": money(step.unit_price, currency),
        "cost": money(step.cost, currency),
    }
    if first and step.from_quantity == 1:
        return str(_("%(price)s (cost %(cost)s)")) % facts
    return str(_("from %(units)s: %(price)s (cost %(cost)s)")) % facts


def differences(before: Mapping[str, Any], after: Mapping[str, Any], currency: str) -> list[dict[str, str]]:
    """Each column that changed, old and new, in the order of columns."""
    order = {name: at for at, name in enumerate((*BY_NAME, LADDER))}
    return [
        {"label": label_of(name), "old": shown(name, before.get(name), currency), "new": shown(name, value, currency)}
        for name, value in sorted(after.items(), key=lambda pair: order.get(pair[0], 99))
        if not _goes_without_saying(name, before.get(name), value)
    ]


def _goes_without_saying(name: str, before: Any, after: Any) -> bool:
    """Of terms that begin to be: what they are unless somebody says otherwise."""
    return before is None and name != "case" and name in GIVEN and after == GIVEN[name]
