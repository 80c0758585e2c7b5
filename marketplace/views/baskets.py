"""A household's basket as the bar and the review page show it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.models import Handover, Round, User
from marketplace.queries.shop import Basket, BasketRow
from marketplace.words import moment_words, money, span_words


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One reserved product: `units` as a range, the sum now in words."""

    offer_id: int
    units: str
    name: str
    now: str


@dataclass(frozen=True, slots=True)
class BasketView:
    """`kept`: the basket is reserved as it stands. `link` is the one next action, or empty."""

    lines: tuple[BasketLine, ...]
    now: str
    at_most: str
    deposit: str
    state: str
    kept: bool
    place: str
    link: str
    link_text: str


def basket_view(
    basket: Basket | None, *, round_: Round, visitor: User | AnonymousUser, now: datetime, is_open: bool
) -> BasketView:
    """What the bar says: the sum and what is reserved, or how to begin."""
    currency = round_.hub.currency
    if basket is None:
        return _empty(round_, visitor, is_open, currency)
    zone = round_.hub.time_zone
    open_until = [r.line.window.closes_at for r in basket.rows if r.line.window.takes_reservations(now)]
    changes = _("Reserved, change until %(moment)s") if open_until else _("Closed, no more changes")
    moment = moment_words(min(open_until), now, zone) if open_until else ""
    closed = not open_until  # then only the reservation's page knows what it costs
    deposit = _("and %(amount)s deposit") % {"amount": money(basket.deposit_minor, currency)}
    return BasketView(
        lines=tuple(basket_line(row, currency, closed) for row in basket.rows),
        now="" if closed else money(basket.now_minor, currency),
        at_most="" if closed else _("at most %(price)s") % {"price": money(basket.at_most_minor, currency)},
        deposit=deposit if basket.deposit_minor and not closed else "",
        state=changes % {"moment": moment},
        kept=True,
        place=place_words(basket.reservation.handover, now, zone),
        link=reverse("reservation" if closed else "basket", args=[round_.pk]),
        link_text=_("See what you get") if closed else _("Review"),
    )


def _empty(round_: Round, visitor: User | AnonymousUser, is_open: bool, currency: str) -> BasketView:
    empty = BasketView((), money(0, currency), "", "", "", False, "", "", "")
    if not is_open:
        return _with(empty, state=_("Nothing was reserved"))
    if visitor.is_authenticated:
        return _with(empty, state=_("Tap + and it is reserved"))
    login = f"{reverse('login')}?{urlencode({'next': reverse('round', args=[round_.pk])})}"
    return _with(empty, state=_("Look around; reserving needs a sign-in"), link=login, link_text=_("Sign in"))


def _with(view: BasketView, *, state: str, link: str = "", link_text: str = "") -> BasketView:
    return BasketView((), view.now, "", "", state, False, "", link, link_text)


def basket_line(row: BasketRow, currency: str, closed: bool) -> BasketLine:
    """A line with its range and its sum, which is left out once all is closed."""
    line = row.line
    return BasketLine(
        offer_id=line.offer_id,
        units=f"{line.firm}–{line.firm + line.flexible}" if line.flexible else str(line.firm),
        name=line.offer.product.name,
        now="" if closed else money(row.now_minor, currency),
    )


def place_words(handover: Handover, now: datetime, zone: str) -> str:
    """Where and when: "Rua das Flores, Thu 26 Nov 17:00–19:00"."""
    place = handover.pickup_point.name if handover.pickup_point else _("Delivered")
    return f"{place}, {span_words(handover.starts_at, handover.ends_at, now, zone)}"
