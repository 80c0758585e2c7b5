"""The merchant's first page: what it has to do and until when, and what its running windows ask of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace import clock
from marketplace.access import merchants_of
from marketplace.admin.desk_waiting_words import waiting_rows
from marketplace.models import User
from marketplace.queries.desk_waiting import waiting_at_merchant
from marketplace.queries.merchant_today import (
    OrderToDo,
    RunningOffer,
    RunningPart,
    orders_to_do,
    running_parts,
)
from marketplace.queries.wishes import wished_for_merchants
from marketplace.rules.states import WindowState
from marketplace.views.clocks import clock_of
from marketplace.views.rows import row_of
from marketplace.words import left_words, listed, long_day_words, moment_words, money, zone_words

# Offers of a window that stand on the page at once, those with most demand first; the others are unfolded.
_SHOWN = 6
# Unfolded so many more; the list of offers has all of them.
_MORE = 40
_WISHES = 3


def merchant_today_page(
    request: HttpRequest, *, user: User, site_name: str, lists: list[dict[str, Any]]
) -> HttpResponse:
    """The page; `lists` are the desk's own lists. About twenty queries however many orders, windows and offers."""
    now = clock.now()
    orders, parts = orders_to_do(user, now), running_parts(user)
    waiting = waiting_rows(waiting_at_merchant(user, now), now, site_name)
    several = merchants_of(user).count() > 1
    wishes = wished_for_merchants(list(merchants_of(user).values_list("pk", flat=True)))
    groups = [
        _group("to_confirm", _("To confirm"), orders.to_confirm, now, several),
        _group("short", _("Short"), orders.short, now, several),
        _group("to_pack", _("To pack"), orders.to_pack, now, several),
        _group("to_ship", _("To ship"), orders.to_ship, now, several),
    ]
    context = {
        "day": _day(parts, now),
        "waiting": waiting,
        "groups": groups,
        "busy": [group for group in groups if group["rows"]],
        "calm": not waiting and not any(group["rows"] for group in groups),
        "parts": [_part(part, now, several) for part in parts],
        "wishes": wishes[:_WISHES],
        "more_wishes": max(0, len(wishes) - _WISHES),
        "wishes_url": reverse("admin:marketplace_wishtopic_changelist", current_app=site_name),
        "orders_url": reverse("admin:marketplace_purchaseorder_board", current_app=site_name),
        "offers_url": reverse("admin:marketplace_offer_changelist", current_app=site_name),
        "lists": [model for app in lists for model in app["models"]],
    }
    request.current_app = site_name
    return TemplateResponse(request, "marketplace/desk/catalogue/today.html", context)


def _day(parts: list[RunningPart], now: datetime) -> str:
    """The day, and whose clock counts: that of the window that closes next."""
    if not parts:
        return long_day_words(now.date())
    zone = parts[0].window.round.hub.time_zone
    return listed([long_day_words(now.astimezone(ZoneInfo(zone)).date()), zone_words(zone)])


def _group(code: str, name: str, rows: Any, now: datetime, several: bool) -> dict[str, Any]:
    """One list of orders with its value; several currencies stand beside each other."""
    values: dict[str, int] = {}
    for row in rows:
        values[row.order.currency] = values.get(row.order.currency, 0) + row.order.total_minor
    return {
        "code": code,
        "name": name,
        "value": listed(money(minor, currency) for currency, minor in sorted(values.items())),
        "rows": [_order(code, row, now, several) for row in rows],
    }


def _order(code: str, row: OrderToDo, now: datetime, several: bool) -> dict[str, Any]:
    order = row.order
    hub, round_ = order.window.round.hub, order.window.round
    deadline = row.deadlines.at_dock
    late = deadline <= now
    return {
        "order": order,
        "about": listed([order.merchant.name if several else "", hub.name, round_.name]),
        "total": money(order.total_minor, order.currency),
        "due": _due(code, row, now, hub.time_zone),
        "left": "" if late else left_words(max(60, int((deadline - now).total_seconds()))),
        "late": late and code != "short",
        "missing": ngettext("%(n)d unit missing", "%(n)d units missing", row.missing) % {"n": row.missing}
        if code == "short"
        else "",
    }


def _due(code: str, row: OrderToDo, now: datetime, zone: str) -> str:
    """The deadline in words, by the cut-off ladder."""
    at_dock = moment_words(row.deadlines.at_dock, now, zone)
    if code == "to_confirm" and row.deadlines.orders_in > now:
        facts = {"confirm": moment_words(row.deadlines.orders_in, now, zone), "dock": at_dock}
        return _("confirm by %(confirm)s, at the dock by %(dock)s") % facts
    return _("at the dock by %(dock)s") % {"dock": at_dock}


def _part(part: RunningPart, now: datetime, several: bool) -> dict[str, Any]:
    window, hub = part.window, part.window.round.hub
    facts = {
        "close": moment_words(window.closes_at, now, hub.time_zone),
        "orders": moment_words(part.deadlines.orders_in, now, hub.time_zone),
        "dock": moment_words(part.deadlines.at_dock, now, hub.time_zone),
    }
    offers = [_offer(each, hub.currency) for each in part.offers[: _SHOWN + _MORE]]
    is_open = window.state == WindowState.OPEN.value
    return {
        "window": window,
        "name": listed([part.merchant_name if several else "", f"{window.round} · {window}"]),
        "hub": hub,
        "clock": clock_of(window, now, hub.time_zone),
        "ladder": _("Your order is complete by %(orders)s, the goods are due at the dock by %(dock)s.") % facts,
        "open": is_open,
        "value": money(part.value_minor, hub.currency),
        "sure": part.sure,
        "waiting": part.waiting,
        "reached": part.reached,
        "minimum": _minimum(part, hub.currency),
        "all": len(part.offers),
        "offers": offers[:_SHOWN] if is_open else [],
        "more": (offers[_SHOWN:] if is_open else offers)[:_MORE],
        "others": max(0, len(part.offers) - _MORE - (_SHOWN if is_open else 0)),
    }


def _minimum(part: RunningPart, currency: str) -> str:
    """What the merchant's minimum order value still misses."""
    if part.minimum is None or not part.minimum.missing_minor:
        return ""
    facts = {
        "missing": money(part.minimum.missing_minor, currency),
        "minimum": money(part.minimum.minimum_minor, currency),
    }
    return _("%(missing)s more to your minimum order value of %(minimum)s.") % facts


def _offer(row: RunningOffer, currency: str) -> dict[str, Any]:
    offer, now = row.offer, row.now
    return {
        "offer": offer,
        "now": now,
        "row": row_of(reserved=now.reserved, sure=now.sure, waiting=now.waiting, target=now.target),
        "cases": _cases(row),
        "step": _step(row, currency),
        "price": money(now.price_now or now.price_at_most, currency),
        "signal": row.signal,
        "cap": None if offer.capacity is None else offer.capacity.limit,
        "pledges": [_pledge_words(each.kind, each.units, each.unit_price_minor, currency) for each in row.pledges],
    }


def _cases(row: RunningOffer) -> str:
    """What would be ordered now, as it is shipped."""
    if not row.now.ordered:
        return _("nothing yet")
    if row.offer.case == 1:
        return ngettext("%(n)d unit", "%(n)d units", row.now.ordered) % {"n": row.now.ordered}
    whole = ngettext("%(n)d case of %(case)d", "%(n)d cases of %(case)d", row.cases) % {
        "n": row.cases,
        "case": row.offer.case,
    }
    if not row.loose:
        return whole
    loose = ngettext("%(n)d unit", "%(n)d units", row.loose) % {"n": row.loose}
    return f"{whole} + {loose}" if row.cases else loose


def _step(row: RunningOffer, currency: str) -> str:
    """How far it is to what comes next: what waits, else the next lower price."""
    now = row.now
    if now.waits_for and not now.reached:
        return ngettext("%(n)d more and it is ordered", "%(n)d more and it is ordered", now.waits_for) % {
            "n": now.waits_for
        }
    if now.waits_for:
        return ngettext("%(n)d more fills the case", "%(n)d more fill the case", now.waits_for) % {"n": now.waits_for}
    if now.next_step is not None:
        told = ngettext("%(n)d more and all pay %(price)s", "%(n)d more and all pay %(price)s", now.next_step.missing)
        return told % {"n": now.next_step.missing, "price": money(now.next_step.unit_price, currency)}
    return ""


def _pledge_words(kind: str, units: int, price: int | None, currency: str) -> str:
    if kind == "supply":
        return _("you can supply up to %(units)d") % {"units": units}
    return _("%(price)s from %(units)d") % {"units": units, "price": money(price or 0, currency)}
