"""The review of a basket before its windows close: lines by merchant, what each still misses, worst case, place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.reserving.request import ON_ONES_OWN
from marketplace.models import Group, Handover, OrderingWindow, Round, User
from marketplace.queries import shop
from marketplace.queries.minimums import MerchantMinimum, minimums_of
from marketplace.queries.shop import Basket, BasketRow
from marketplace.views.baskets import place_choices
from marketplace.views.cards import OfferCard, offer_card
from marketplace.views.change_words import changes_banner
from marketplace.views.clocks import Clock, clock_of
from marketplace.views.minimum_words import MinimumView, minimum_view
from marketplace.views.round_context import script_words
from marketplace.words import moment_words, money


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line with its card's values and the sums it may come to."""

    card: OfferCard
    now: str
    at_most: str
    locked: bool


@dataclass(frozen=True, slots=True)
class MerchantPart:
    """A merchant's lines of one window, with the window's clock and the merchant's minimum, if it has one."""

    id: str
    name: str
    clock: Clock
    lines: tuple[ReviewLine, ...]
    minimum: MinimumView | None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a basket costs, in minor units: goods now and at most, deposits and the handover's fee apart from them."""

    now_minor: int
    goods_minor: int
    deposit_minor: int
    fee_minor: int

    @property
    def worst_minor(self) -> int:
        """The most that can become due, with everything in it."""
        return self.goods_minor + self.deposit_minor + self.fee_minor


def sums_of(basket: Basket) -> Sums:
    """The sums of a basket, to the minor unit."""
    fee = basket.reservation.handover.fee_minor
    return Sums(basket.now_minor, basket.at_most_minor, basket.deposit_minor, fee)


def review_context(basket: Basket | None, round_: Round, visitor: User, *, request_key: str) -> dict[str, Any]:
    """Everything that templates/marketplace/basket.html shows. Up to eight queries beside the basket's own."""
    context: dict[str, Any] = {
        "round": round_,
        "back": reverse("round", args=[round_.pk]),
        "script_words": script_words(round_.hub.currency),
    }
    if basket is None:
        return context
    currency, zone, now = round_.hub.currency, round_.hub.time_zone, clock.now()
    open_windows = [r.line.window for r in basket.rows if r.line.window.takes_reservations(now)]
    first = min(open_windows, key=lambda w: w.closes_at, default=None)
    reservation = basket.reservation
    handovers = shop.handovers_of(round_.pk)
    groups = shop.groups_at(visitor, round_.hub_id)
    return {
        **context,
        **sum_words(sums_of(basket), reservation.handover, currency),
        **changes_banner((row.line for row in basket.rows), round_.pk, now),
        "parts": _parts(basket, round_, request_key, now),
        "clock": clock_of(first or basket.rows[-1].line.window, now, zone),
        "can_change": first is not None,
        "until": moment_words(first.closes_at, now, zone) if first else "",
        "places": place_choices(handovers, now, zone, reservation.handover_id, currency),
        "delivers": any(handover.pickup_point_id is None for handover in handovers),
        "address": reservation.household.address,
        "group": next((group.name for group in groups if group.pk == reservation.group_id), ""),
        "groups": group_choices(groups, reservation.group_id),
        "version": reservation.version,
        "request_key": request_key,
        "server_now": now,
    }


def sum_words(sums: Sums, handover: Handover, currency: str) -> dict[str, str]:
    """The sums in words. The parts of the worst case are named only where there are some."""
    fee = _("Delivery") if handover.pickup_point_id is None else _("Handover")
    return {
        "now_sum": money(sums.now_minor, currency),
        "goods_sum": money(sums.goods_minor, currency),
        "deposit_sum": money(sums.deposit_minor, currency) if sums.deposit_minor else "",
        "fee_sum": money(sums.fee_minor, currency) if sums.fee_minor else "",
        "fee_name": fee,
        "worst_sum": money(sums.worst_minor, currency),
    }


def group_choices(groups: Sequence[Group], chosen: int | None) -> list[dict[str, object]]:
    """The household's groups at the hub, and ordering alone; none where there is no choice."""
    if not groups:
        return []
    choices: list[dict[str, object]] = [
        {
            "id": group.pk,
            "name": group.name,
            "note": group.pickup_point.name if group.pickup_point else "",
            "chosen": group.pk == chosen,
        }
        for group in groups
    ]
    return [{"id": ON_ONES_OWN, "name": _("On our own"), "note": "", "chosen": chosen is None}, *choices]


def _parts(basket: Basket, round_: Round, request_key: str, now: datetime) -> list[MerchantPart]:
    """The lines by window and merchant, in the order in which the windows close."""
    grouped: dict[tuple[int, int], list[BasketRow]] = {}
    for row in basket.rows:
        grouped.setdefault((row.line.window_id, row.line.offer.product.merchant_id), []).append(row)
    ordered = {part for part, rows in grouped.items() if rows[0].line.window.takes_reservations(now)}
    minimums = minimums_of(ordered)
    return [_part(rows, round_, request_key, now, minimums.get(part)) for part, rows in grouped.items()]


def _part(
    rows: list[BasketRow], round_: Round, request_key: str, now: datetime, minimum: MerchantMinimum | None
) -> MerchantPart:
    window, merchant = rows[0].line.window, rows[0].line.offer.product.merchant
    zone, currency = round_.hub.time_zone, round_.hub.currency
    return MerchantPart(
        id=f"{window.pk}-{merchant.pk}",
        name=merchant.name,
        clock=clock_of(window, now, zone),
        lines=tuple(_line(row, round_, request_key, window, now) for row in rows),
        minimum=minimum_view(minimum, window, now, zone, currency) if minimum else None,
    )


def _line(row: BasketRow, round_: Round, request_key: str, window: OrderingWindow, now: datetime) -> ReviewLine:
    currency, takes = round_.hub.currency, window.takes_reservations(now)
    card = offer_card(
        shop.OfferRow(row.line.offer, row.standing, row.line),
        currency=currency,
        round_id=round_.pk,
        request_key=request_key,
        may_reserve=takes,
        is_open=takes,
        filling=window.is_filling(now),
    )
    at_most = _("at most %(price)s") % {"price": money(row.at_most_minor, currency)}
    return ReviewLine(card, money(row.now_minor, currency), at_most, not takes)
