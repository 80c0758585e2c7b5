"""The first page of the hub desk: what needs somebody now, then what runs."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import hubs_where, purchase_orders_for
from marketplace.admin.desk_waiting_words import waiting_rows
from marketplace.models import OrderingWindow, User
from marketplace.queries.desk import RunningWindow, Today, today
from marketplace.queries.desk_waiting import waiting_at_hub
from marketplace.rules.roles import Permission
from marketplace.views.clocks import Clock, clock_of
from marketplace.views.rows import Row, row_of
from marketplace.words import listed, long_day_words, zone_words


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A running window in words: its clock, and the row of its offers, one stroke for each that is reached."""

    running: RunningWindow
    clock: Clock
    row: Row
    reached: str


def hub_today(user: User) -> Today:
    """Over everything of the user's hubs."""
    hubs = hubs_where(user, Permission.SEE_HUB)
    return today(
        orders=purchase_orders_for(user).filter(window__round__hub__in=hubs),
        windows=OrderingWindow.objects.filter(round__hub__in=hubs),
        own_offers=Q(round__hub__in=hubs),
        now=clock.now(),
    )


def first_page(request: HttpRequest, *, site_name: str, lists: list[dict[str, Any]]) -> HttpResponse:
    """The page; `lists` are the site's own lists, from its app list, which is bounded by the person's rights."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    now = clock.now()
    waiting, seen = waiting_at_hub(user, now), hub_today(user)
    context = {
        "waiting": waiting_rows(waiting, now, site_name),
        "today": seen,
        "day": _day_words(seen, now),
        "running": [_line(running, now) for running in seen.running],
        "calm": not (waiting or seen.unsent or seen.held or seen.to_answer),
        "at_hub": True,
        "lists": [model for app in lists for model in app["models"]],
        "orders_url": reverse("admin:marketplace_purchaseorder_board", current_app=site_name),
    }
    request.current_app = site_name
    return TemplateResponse(request, "desk/today.html", context)


def _day_words(seen: Today, now: datetime) -> str:
    """The day, and whose clock counts: that of the window that closes next."""
    if not seen.running:
        return long_day_words(now.date())
    zone = seen.running[0].window.round.hub.time_zone
    return listed([long_day_words(now.astimezone(ZoneInfo(zone)).date()), zone_words(zone)])


def _line(running: RunningWindow, now: datetime) -> RunningLine:
    window = running.window
    reached = _("%(reached)d of %(offers)d offers reached") % {"reached": running.reached, "offers": running.offers}
    row = row_of(reserved=running.reached, sure=running.reached, waiting=0, target=running.offers)
    clock = clock_of(window, now, window.round.hub.time_zone)
    return RunningLine(running, clock, replace(row, words=reached), reached)
