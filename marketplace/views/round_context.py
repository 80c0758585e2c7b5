"""What the round page hands to its template, and the texts of its script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.models import User
from marketplace.queries.choosing import Sort
from marketplace.queries.nearly import orders_by_standing
from marketplace.queries.round_lists import next_round_of
from marketplace.queries.shop import OfferRow, RoundPage, WindowPart
from marketplace.views.baskets import basket_view
from marketplace.views.cards import OfferCard, offer_card
from marketplace.views.change_words import changes_banner
from marketplace.views.choosing import choosing_view
from marketplace.views.clocks import Clock, clock_of, next_window
from marketplace.views.sentences import phrases_for_script, plural_forms
from marketplace.words import listed, moment_words, money_form, zone_words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window's part of the page."""

    id: int
    name: str
    version: int
    state: str
    clock: Clock
    filling: bool
    cards: tuple[OfferCard, ...]


def script_words(currency: str) -> Json:
    """Texts and forms for the page's script, in the reader's language."""
    return {
        "language": get_language() or "en",
        "money": money_form(currency),
        "phrases": phrases_for_script(),
        "listed": listed(["{0}", "{1}"]),
        "days": plural_forms(lambda many: ngettext("{0} day", "{0} days", many)),
        "hours": _("{0} h {1} min"),
        "minutes": _("{0} min"),
        "over": _("Closed"),
        "left": plural_forms(lambda many: ngettext("{0} minute left", "{0} minutes left", many)),
        "stale": _("The connection is down, so numbers may be old. It comes back by itself."),
        "polled": _("Numbers are fetched only now and then here, so they may be old."),
        "lost": _("No connection, so this is not reserved yet. It is sent by itself as soon as you are back."),
        "closed": _("It is closed. What is reserved is being counted; what you get shows here in a moment."),
        "sending": _("Reserving"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved yet: no connection, kept here"),
        "no_sheet": _("No connection. Plus and minus still work; they are sent as soon as you are back."),
        "close": _("Close"),
        "at_most": _("at most"),
        "now_at_most": _("at most {0}"),
        "up_to": _("up to {0}"),
        "row": {
            "reserved": _("{0} of {1} reserved"),
            "sure": _("{0} sure"),
            "waiting": _("{0} waiting"),
            "mine": _("{0} yours"),
        },
    }


def round_context(page: RoundPage, visitor: User | AnonymousUser, *, back: str, request_key: str) -> Json:
    """The round page: its windows with clocks and cards, search and filters, the basket.

    `mixed` are cards in an order of their own, across windows; then the windows carry none.
    """
    hub, here = page.round.hub, reverse("round", args=[page.round.pk])
    single = len(page.windows) == 1
    window = next_window([part.window for part in page.windows], page.now) if page.windows else None
    mixes = orders_by_standing(page.choosing) or page.choosing.sort in (Sort.UNIT, Sort.NAME)
    cards = {row.offer.pk: _card(row, page, visitor, request_key, mixes and not single) for row in page.rows}
    closed_next = None if page.is_open or _is_coming(page) else _next_round(page)
    return {
        "round": page.round,
        "hub": hub,
        "lead": _lead(page),
        "is_open": page.is_open,
        "hero_clock": clock_of(window, page.now, hub.time_zone) if window else None,
        "single_clock": single,
        "windows": [_window_view(part, page, {} if mixes else cards) for part in page.windows if part.rows],
        "mixed": tuple(cards.values()) if mixes else (),
        "mixes": mixes,
        "choosing": choosing_view(page, here),
        "basket": basket_view(page.basket, round_=page.round, visitor=visitor, now=page.now, window=window),
        **changes_banner((row.line for row in page.basket.rows) if page.basket else (), page.round.pk, page.now),
        "login": "" if visitor.is_authenticated else f"{reverse('login')}?{urlencode({'next': back})}",
        "back": back,
        "here": here,
        "server_now": page.now,
        "next_round": closed_next,
        "script_words": script_words(hub.currency),
    }


def _card(row: OfferRow, page: RoundPage, visitor: User | AnonymousUser, request_key: str, dated: bool) -> OfferCard:
    window, hub = row.offer.window, page.round.hub
    takes = window.takes_reservations(page.now)
    closes = _("closes %(moment)s") % {"moment": moment_words(window.closes_at, page.now, hub.time_zone)}
    return offer_card(
        row,
        currency=hub.currency,
        round_id=page.round.pk,
        request_key=request_key,
        may_reserve=takes and visitor.is_authenticated,
        is_open=takes,
        filling=window.is_filling(page.now),
        now=page.now,
        zone=hub.time_zone,
        closes=closes if dated and takes else "",
    )


def _window_view(part: WindowPart, page: RoundPage, cards: Mapping[int, OfferCard]) -> WindowView:
    window = part.window
    shown = tuple(cards[row.offer.pk] for row in part.rows) if cards else ()
    clock = clock_of(window, page.now, page.round.hub.time_zone)
    return WindowView(window.pk, window.name, part.version, window.state, clock, window.is_filling(page.now), shown)


def _is_coming(page: RoundPage) -> bool:
    return any(page.now < part.window.opens_at for part in page.windows)


def _lead(page: RoundPage) -> str:
    day = formats.date_format(page.round.handover_on, "LONG_DAY")
    facts = {"hub": page.round.hub.name, "day": day}
    if page.is_open:
        return _("Everything is ordered once, when the clock runs out, and handed over at %(hub)s on %(day)s.") % facts
    if _is_coming(page):
        return _("Look around already. It is handed over at %(hub)s on %(day)s.") % facts
    return _("It was ordered as it stood, and is handed over at %(hub)s on %(day)s.") % facts


def _next_round(page: RoundPage) -> Json | None:
    """Where to go after the close: the hub's next window. One query."""
    found = next_round_of(page.round.hub_id)
    if found is None:
        return None
    window, now = found
    zone = page.round.hub.time_zone
    runs = window.takes_reservations(now)
    text = _("%(name)s is open until %(moment)s.") if runs else _("%(name)s opens %(moment)s.")
    moment = moment_words(window.closes_at if runs else window.opens_at, now, zone)
    return {
        "text": text % {"name": window.round.name, "moment": listed([moment, zone_words(zone)])},
        "link": reverse("round", args=[window.round_id]),
    }
