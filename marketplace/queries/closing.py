"""What closing reads of a window: whether it is due, and the terms of its offers and merchants."""

from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.errors import InvalidInput
from marketplace.models import Offer, OrderingWindow, PriceStep, WindowSupply
from marketplace.rules.clearing.terms import MerchantTerms, OfferTerms, ShortageRule, WindowTerms
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.ladders import ladder_problems
from marketplace.rules.states import WindowState
from marketplace.words import broken_words


class ProductFacts(NamedTuple):
    """What a purchase order says of an offer's product, as it is at the close."""

    name: str
    sku: str
    gtin: str


class TermsOfWindow(NamedTuple):
    """A window's terms for the clearing, and what its documents need beside them. Keys: offer and merchant ids."""

    clearing: WindowTerms
    products: dict[int, ProductFacts]
    supplies: dict[int, WindowSupply]


def due_window_ids(now: datetime) -> list[int]:
    """Every open window past its deadline, the longest overdue first; however long that is. One query."""
    due = OrderingWindow.objects.filter(state=WindowState.OPEN, closes_at__lte=now)
    return list(due.order_by("closes_at", "pk").values_list("pk", flat=True))


def due_to_open_ids(now: datetime) -> list[int]:
    """Every scheduled window past its opening, the longest overdue first. One query."""
    due = OrderingWindow.objects.filter(state=WindowState.SCHEDULED, opens_at__lte=now)
    return list(due.order_by("opens_at", "pk").values_list("pk", flat=True))


def due_window(window_id: int) -> tuple[OrderingWindow, datetime] | None:
    """The window with its round and hub, and the instant at which it was found due; None when it is not.

    State, deadline and clock are read by one statement, which has to stand after the window's lock. One query.
    """
    found = (
        OrderingWindow.objects.select_related("round__hub")
        .annotate(read_at=clock.expression())
        .filter(pk=window_id, state=WindowState.OPEN, closes_at__lte=clock.expression())
        .first()
    )
    return None if found is None else (found, found.read_at)


def terms_of(window: OrderingWindow) -> TermsOfWindow:
    """The terms of a window with round and hub at hand. Three queries, however many offers.

    Raises InvalidInput when an offer has no price step, or its merchant no supply in the window.
    """
    supplies = {
        supply.supply.merchant_id: supply
        for supply in WindowSupply.objects.filter(window=window).select_related("supply__merchant")
    }
    ladders = _ladders(window)
    products: dict[int, ProductFacts] = {}
    offers, problems = [], []
    for row in _offer_rows(window):
        offer_id, from_stock, merchant_id, name, sku, gtin, *terms = row
        products[offer_id] = ProductFacts(name, sku, gtin)
        merchant = None if from_stock else merchant_id
        if offer_id not in ladders:
            problems.append({"place": f"offer {offer_id}", "problem": _("it has no price step")})
        elif merchant is not None and merchant not in supplies:
            problems.append({"place": f"offer {offer_id}", "problem": _("its merchant has no supply in the window")})
        else:
            offers.append(_terms(offer_id, merchant, ladders[offer_id], *terms))
    if problems:
        raise InvalidInput(problems=problems)
    clearing = WindowTerms(
        id=window.pk, currency=window.round.hub.currency, merchants=_merchants(supplies), offers=tuple(offers)
    )
    return TermsOfWindow(clearing, products, supplies)


def _terms(
    offer_id: int,
    merchant_id: int | None,
    ladder: tuple[Step, ...],
    case: int,
    multiple: int,
    splittable: bool,
    split_fee: int,
    cap: int | None,
    hub_flexible: int,
    shortage_rule: str,
) -> OfferTerms:
    return OfferTerms(
        id=offer_id,
        merchant=merchant_id,
        case=case,
        ladder=ladder,
        multiple=multiple,
        splittable=splittable,
        split_fee=split_fee,
        cap=cap,
        hub_flexible=hub_flexible,
        shortage_rule=ShortageRule(shortage_rule),
    )


def _offer_rows(window: OrderingWindow) -> list[tuple[Any, ...]]:
    """Plain rows in the order of ids; the columns from `case` on are the parameters of `_terms`."""
    rows = Offer.objects.filter(window=window).order_by("pk")
    return list(
        rows.values_list(
            *("pk", "from_stock", "product__merchant_id", "product__name", "product__sku", "product__gtin"),
            *("case", "multiple", "splittable", "split_fee_minor", "capacity__limit", "hub_flexible", "shortage_rule"),
        )
    )


def _ladders(window: OrderingWindow) -> dict[int, tuple[Step, ...]]:
    rows = (
        PriceStep.objects.filter(offer__window=window)
        .order_by("offer_id", "from_quantity")
        .values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor")
    )
    return {
        offer_id: tuple(Step(*row[1:]) for row in steps)
        for offer_id, steps in groupby(rows.iterator(chunk_size=5000), lambda row: row[0])
    }


def _merchants(supplies: dict[int, WindowSupply]) -> tuple[MerchantTerms, ...]:
    """In the order of ids, which is the order of everything that is done per merchant."""
    return tuple(
        MerchantTerms(merchant_id, found.supply.minimum_order_value_minor, found.supply.small_order_fee_minor)
        for merchant_id, found in sorted(supplies.items())
    )


def schedule_problems(window: OrderingWindow, now: datetime) -> list[dict[str, str]]:
    """Everything that keeps a draft from being announced, as [{"place", "problem"}]. Four queries at most."""
    problems = []
    if window.closes_at <= now:
        problems.append({"place": "closes_at", "problem": _("Choose a closing time that lies ahead.")})
    try:
        terms = terms_of(window)
    except InvalidInput as incomplete:
        return [*problems, *incomplete.facts["problems"]]
    if not terms.clearing.offers:
        problems.append({"place": "offers", "problem": _("A window needs at least one offer.")})
    for merchant_id, supply in terms.supplies.items():
        if not supply.supply.is_active:
            problems.append({"place": f"merchant {merchant_id}", "problem": _("Its supply to the hub is not active.")})
    for offer in terms.clearing.offers:
        problems += [
            {"place": f"offer {offer.id}", "problem": broken_words(found)} for found in ladder_problems(offer.ladder)
        ]
    return problems
