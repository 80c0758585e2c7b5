"""The lists of purchase orders that somebody at a desk works through, each with how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Sum

from marketplace.models import PurchaseOrder
from marketplace.rules.states import OrderState

PAGE = 50


class Tab(StrEnum):
    """One list. What a merchant works through, then what a hub does; the last one has every order."""

    TO_CONFIRM = "to_confirm"
    SHORT = "short"
    TO_PACK = "to_pack"
    TO_SHIP = "to_ship"
    HELD = "held"
    TO_RECEIVE = "to_receive"
    TO_BILL = "to_bill"
    TO_MATCH = "to_match"
    ALL = "all"


MERCHANT_TABS = (Tab.TO_CONFIRM, Tab.SHORT, Tab.TO_PACK, Tab.TO_SHIP, Tab.ALL)
HUB_TABS = (Tab.HELD, Tab.TO_CONFIRM, Tab.SHORT, Tab.TO_RECEIVE, Tab.TO_BILL, Tab.TO_MATCH, Tab.ALL)

_S = OrderState
_CONFIRMED = [_S.CONFIRMED.value, _S.PARTLY_CONFIRMED.value]
_FILTERS: dict[Tab, Q] = {
    Tab.TO_CONFIRM: Q(state__in=[_S.ISSUED.value, _S.ACKNOWLEDGED.value], held_for=""),
    Tab.SHORT: Q(state__in=[_S.PARTLY_CONFIRMED.value, _S.DECLINED.value]),
    Tab.TO_PACK: Q(state__in=_CONFIRMED, packed_at__isnull=True),
    Tab.TO_SHIP: Q(state__in=_CONFIRMED, packed_at__isnull=False),
    Tab.HELD: ~Q(held_for="") & ~Q(state=_S.VOIDED.value),
    Tab.TO_RECEIVE: Q(state__in=[*_CONFIRMED, _S.SHIPPED.value]),
    Tab.TO_BILL: Q(state__in=[_S.RECEIVED.value, _S.PARTLY_RECEIVED.value]),
    Tab.TO_MATCH: Q(state=_S.BILLED.value),
    Tab.ALL: Q(),
}


@dataclass(frozen=True, slots=True)
class Board:
    """The chosen list: how many each one has, a page of orders (`lines`, `missing` annotated), and the next page."""

    counts: dict[Tab, int]
    orders: Sequence[PurchaseOrder]
    after: int | None


def board(orders: QuerySet[PurchaseOrder], *, tabs: Sequence[Tab], chosen: Tab, after: int | None = None) -> Board:
    """A page of the chosen list over somebody's own orders, the newest first, from below the order `after`. Two
    queries."""
    plain = PurchaseOrder.objects.filter(pk__in=orders.order_by().values("pk"))
    counts = plain.aggregate(**{tab.value: Count("pk", filter=_FILTERS[tab] or Q(pk__gt=0)) for tab in tabs})
    page = orders.filter(_FILTERS[chosen]).order_by("-pk")
    if after is not None:
        page = page.filter(pk__lt=after)
    missing = Sum("lines__ordered", filter=Q(lines__confirmed__isnull=False)) - Sum(
        "lines__confirmed", filter=Q(lines__confirmed__isnull=False)
    )
    found = list(page.annotate(line_count=Count("lines", filter=Q(lines__ordered__gt=0)), missing=missing)[: PAGE + 1])
    return Board(
        counts={tab: counts[tab.value] for tab in tabs},
        orders=found[:PAGE],
        after=found[PAGE - 1].pk if len(found) > PAGE else None,
    )
