"""What the home page hands to its template: rounds as cards, and where one is looking from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.models import Handover, User
from marketplace.queries.round_lists import Home, RoundSummary
from marketplace.views.clocks import Clock, clock_of, next_window
from marketplace.views.distances import distance_words
from marketplace.views.round_context import script_words
from marketplace.words import listed, span_words


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round on the home page: `clock` of the window that matters next, whose `window_id` it is. `where` is the
    handover that suits the visitor, `far` how far it is. `remind`: whether one may ask to be reminded of its opening.
    """

    name: str
    hub: str
    link: str
    clock: Clock
    handover: str
    where: str
    far: str
    reserved: str
    window_id: int
    remind: bool = False
    reminded: bool = False
    soon: bool = False


def home_context(home: Home, visitor: User | AnonymousUser) -> dict[str, Any]:
    """The lists of the home page."""
    return {
        "soon": [_round_card(s, home, soon=True) for s in home.soon],
        "open": [_round_card(s, home) for s in home.open],
        "coming": [_round_card(s, home, remind=True) for s in home.coming],
        "mine": [_round_card(s, home, "reservation") for s in home.mine],
        "place": home.place,
        "nearest_first": len(home.open) > 1 and any(s.metres is not None for s in home.open),
        "login": "" if visitor.is_authenticated else f"{reverse('login')}?next=/",
        "server_now": home.now,
        "script_words": script_words("EUR"),
    }


def _round_card(
    summary: RoundSummary, home: Home, link: str = "round", *, remind: bool = False, soon: bool = False
) -> RoundCard:
    round_ = summary.round
    zone = round_.hub.time_zone
    window = next_window(summary.windows, home.now)
    lines = ngettext("%(n)s product reserved", "%(n)s products reserved", summary.lines) % {"n": summary.lines}
    return RoundCard(
        name=round_.name,
        hub=round_.hub.name,
        link=reverse(link, args=[round_.pk]),
        clock=clock_of(window, home.now, zone),
        handover=_("Handed over %(day)s") % {"day": formats.date_format(round_.handover_on, "LONG_DAY")},
        where=_where(summary.handover, home.now, zone),
        far=_far(summary),
        reserved=lines if summary.lines else "",
        window_id=window.pk,
        remind=remind,
        reminded=window.pk in home.reminded,
        soon=soon,
    )


def _where(handover: Handover | None, now: datetime, zone: str) -> str:
    """Where and when one would collect; empty where nothing is said yet."""
    if handover is None:
        return ""
    place = handover.pickup_point.name if handover.pickup_point else _("Delivered")
    return listed([place, span_words(handover.starts_at, handover.ends_at, now, zone)])


def _far(summary: RoundSummary) -> str:
    if summary.preferred:
        return _("your pickup point")
    return "" if summary.metres is None else distance_words(summary.metres)
