"""The review of a basket before its windows close: lines, worst case, place."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.models import Group, Round, User
from marketplace.queries import shop
from marketplace.queries.shop import Basket, BasketRow
from marketplace.views.baskets import place_choices
from marketplace.views.cards import OfferCard, offer_card
from marketplace.views.clocks import clock_of
from marketplace.views.round_context import script_words
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A line with its card's values and the sums it may come to."""

    card: OfferCard
    now: str
    at_most: str
    locked: bool


def review_context(basket: Basket | None, round_: Round, visitor: User, *, request_key: str) -> dict[str, Any]:
    """Everything that templates/marketplace/basket.html shows."""
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
    return {
        **context,
        "lines": [_line(row, round_, request_key, row.line.window.takes_reservations(now)) for row in basket.rows],
        "now_sum": money(basket.now_minor, currency),
        "at_most_sum": money(basket.at_most_minor, currency),
        "worst_sum": money(basket.at_most_minor + basket.deposit_minor, currency),
        "deposit_sum": money(basket.deposit_minor, currency) if basket.deposit_minor else "",
        "clock": clock_of(first or basket.rows[-1].line.window, now, zone),
        "can_change": first is not None,
        "places": place_choices(shop.handovers_of(round_.pk), now, zone, reservation.handover_id),
        "group": _group(reservation.group_id, shop.groups_at(visitor, round_.hub_id)),
        "version": reservation.version,
        "request_key": request_key,
        "server_now": now,
    }


def _line(row: BasketRow, round_: Round, request_key: str, takes: bool) -> ReviewLine:
    currency = round_.hub.currency
    card = offer_card(
        shop.OfferRow(row.line.offer, row.standing, row.line),
        currency=currency,
        round_id=round_.pk,
        request_key=request_key,
        may_reserve=takes,
        is_open=takes,
    )
    at_most = _("at most %(price)s") % {"price": money(row.at_most_minor, currency)}
    return ReviewLine(card, money(row.now_minor, currency), at_most, not takes)


def _group(group_id: int | None, groups: list[Group]) -> str:
    """The group that the basket belongs to, in a sentence; empty when it stands alone."""
    name = next((group.name for group in groups if group.pk == group_id), "")
    return _("Ordered together with %(group)s.") % {"group": name} if name else ""
