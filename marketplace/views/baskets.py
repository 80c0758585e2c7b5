"""A household's basket as the bar and the review page show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.models import Handover, OrderingWindow, Round, User
from marketplace.queries.shop import Basket, BasketRow
from marketplace.words import listed, moment_words, money, span_words


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
    basket: Basket | None,
    *,
    round_: Round,
    visitor: User | AnonymousUser,
    now: datetime,
    window: OrderingWindow | None,
) -> BasketView:
    """What the bar says: the sum and what is reserved, or how to begin. `window` is the one whose clock counts."""
    currency, zone = round_.hub.currency, round_.hub.time_zone
    if basket is None:
        return _empty(round_, visitor, window, now)
    open_until = [r.line.window.closes_at for r in basket.rows if r.line.window.takes_reservations(now)]
    changes = _("Reserved, change until %(moment)s") if open_until else _("Ordering has closed")
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


def _empty(round_: Round, visitor: User | AnonymousUser, window: OrderingWindow | None, now: datetime) -> BasketView:
    """The bar of a household that holds nothing: how to begin, or why one cannot."""
    zone = round_.hub.time_zone
    if window is None:
        return _only(_("Nothing is offered here yet"))
    if not window.takes_reservations(now):
        if now < window.opens_at:
            return _only(_("Opens %(moment)s") % {"moment": moment_words(window.opens_at, now, zone)})
        return _only(_("Closed. You had nothing reserved.") if visitor.is_authenticated else _("Closed"))
    if visitor.is_authenticated:
        until = moment_words(window.closes_at, now, zone)
        hint = _("You can change it until %(moment)s, and never pay more than “at most”.") % {"moment": until}
        return _only(_("Tap + and it is reserved"), place=hint)
    login = f"{reverse('login')}?{urlencode({'next': reverse('round', args=[round_.pk])})}"
    return _only(_("Look around; reserving needs a sign-in"), link=login, link_text=_("Sign in"))


def _only(state: str, *, place: str = "", link: str = "", link_text: str = "") -> BasketView:
    return BasketView((), "", "", "", state, False, place, link, link_text)


def basket_line(row: BasketRow, currency: str, closed: bool) -> BasketLine:
    """A line with its range and its sum, which is left out once all is closed."""
    line = row.line
    return BasketLine(
        offer_id=line.offer_id,
        units=f"{line.firm}–{line.firm + line.flexible}" if line.flexible else str(line.firm),
        name=line.offer.product.name,
        now="" if closed else money(row.now_minor, currency),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A handover to choose: where, when, its address and fee; a `full` one stays visible and says so. `brings`: it is
    a delivery, which needs the household's address."""

    id: int
    name: str
    when: str
    note: str
    chosen: bool
    full: bool
    fee: str = ""
    brings: bool = False


def place_choices(
    handovers: Sequence[Handover], now: datetime, zone: str, chosen_id: int | None, currency: str = ""
) -> list[Choice]:
    """The handovers of a round; without a chosen one the first that has room is. Fees need the currency."""
    full = {h.pk: h.capacity is not None and h.capacity.taken >= h.capacity.limit for h in handovers}
    chosen = chosen_id or next((pk for pk, taken in full.items() if not taken), None)
    return [_choice(h, now, zone, currency, chosen=h.pk == chosen, full=full[h.pk]) for h in handovers]


def _choice(handover: Handover, now: datetime, zone: str, currency: str, *, chosen: bool, full: bool) -> Choice:
    point = handover.pickup_point
    fee = _("+ %(amount)s") % {"amount": money(handover.fee_minor, currency)} if handover.fee_minor and currency else ""
    moved = _("this time at: %(place)s") % {"place": handover.moved_to} if handover.moved_to else ""
    note = moved or (point.address if point else "")
    return Choice(
        id=handover.pk,
        name=point.name if point else _("Brought to your door"),
        when=span_words(handover.starts_at, handover.ends_at, now, zone),
        note=_("full; choose another") if full and not chosen else note,
        chosen=chosen,
        full=full and not chosen,
        fee=fee,
        brings=point is None,
    )


def place_words(handover: Handover, now: datetime, zone: str) -> str:
    """Where and when: "Rua das Flores, Thu 26 Nov 17:00–19:00"; a place that moved for the day says so."""
    place = handover.pickup_point.name if handover.pickup_point else _("Brought to your door")
    if handover.moved_to:
        place = _("%(place)s (this time: %(moved)s)") % {"place": place, "moved": handover.moved_to}
    return listed([place, span_words(handover.starts_at, handover.ends_at, now, zone)])
