"""Put a product on offer in a window that is not open yet."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import hubs_where
from marketplace.errors import IllegalMove, InvalidInput, NotAllowed, NotFound
from marketplace.models import Capacity, Offer, OrderingWindow, PriceStep, Product, User
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.ladders import MOST_UNITS, ladder_problems
from marketplace.rules.roles import Permission
from marketplace.rules.states import WindowState
from marketplace.words import broken_words

_BEFORE_OPENING = (WindowState.DRAFT.value, WindowState.SCHEDULED.value)


@transaction.atomic
def publish_offer(
    *,
    window: OrderingWindow,
    product: Product,
    ladder: Sequence[Step],
    case: int = 1,
    cap: int | None = None,
    splittable: bool = False,
    multiple: int = 1,
    split_fee: int = 0,
    hub_flexible: int = 0,
    shortage_rule: str = Offer.ShortageRule.MAX_MIN,
    from_stock: bool = False,
    ready_at: datetime | None = None,
    best_before: date | None = None,
    by: User,
) -> Offer:
    """The offer. Money in minor units of the hub's currency, quantities in consumer units.

    Raises NotAllowed for others than the hub's coordinators, IllegalMove once the window has opened, NotFound where
    the merchant takes no part in the window, InvalidInput naming each problem of the ladder or the units.
    """
    if not hubs_where(by, Permission.RUN_ROUNDS).filter(pk=window.round.hub_id).exists():
        raise NotAllowed(permission=Permission.RUN_ROUNDS.value)
    if window.state not in _BEFORE_OPENING:
        raise IllegalMove(kind="window", id=window.pk, from_state=window.state, to_state="offer published")
    if not from_stock and not window.supplies.filter(merchant_id=product.merchant_id).exists():
        raise NotFound(kind="supply", id=product.merchant_id)
    problems = terms_problems(
        ladder=ladder, case=case, multiple=multiple, splittable=splittable, from_stock=from_stock, cap=cap
    )
    if problems:
        raise InvalidInput(problems=problems)
    capacity = None if cap is None else Capacity.objects.create(limit=cap)
    offer = Offer.objects.create(
        window=window,
        product=product,
        from_stock=from_stock,
        case=case,
        splittable=splittable,
        multiple=multiple,
        split_fee_minor=split_fee,
        hub_flexible=hub_flexible,
        shortage_rule=shortage_rule,
        capacity=capacity,
        ready_at=ready_at,
        best_before=best_before,
        **_units(product),
    )
    PriceStep.objects.bulk_create(
        PriceStep(offer=offer, from_quantity=q, cost_minor=c, unit_price_minor=p) for q, c, p in ladder
    )
    return offer


def terms_problems(
    *, ladder: Sequence[Step], case: int, multiple: int, splittable: bool, from_stock: bool, cap: int | None
) -> list[dict[str, str]]:
    """Everything that is wrong with an offer's terms, as [{"place", "problem"}]."""
    problems = [{"place": "ladder", "problem": broken_words(found)} for found in ladder_problems(ladder)]
    if case < 1:
        problems.append({"place": "case", "problem": _("A case holds at least 1 unit.")})
    if multiple < 1 or (splittable and multiple >= case):
        problems.append({"place": "multiple", "problem": _("A multiple is at least 1 and less than the case.")})
    if from_stock and cap is None:
        problems.append({"place": "cap", "problem": _("A stock offer is capped by the stock.")})
    if cap is not None and not 0 <= cap <= MOST_UNITS:
        problems.append({"place": "cap", "problem": _("From 0 to %(most)d units, or none.") % {"most": MOST_UNITS}})
    return problems


def _units(product: Product) -> dict[str, Any]:
    """Price and billing unit: the content's own unit, so many of it in one consumer unit."""
    unit, amount = product.content_unit, product.content_amount
    billed_by_weight = product.catch_weight
    return {
        "price_unit": unit,
        "price_units_numerator": amount,
        "billing_unit": unit if billed_by_weight else "H87",
        "billing_units_numerator": amount if billed_by_weight else 1,
    }
