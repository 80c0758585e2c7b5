"""After a late write: what was kept, what was not, and when the next window opens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace import clock
from marketplace.errors import WindowClosed
from marketplace.forms import LineForm
from marketplace.models import OrderingWindow, Round, User
from marketplace.queries import shop
from marketplace.queries.round_lists import next_round_of
from marketplace.queries.shop import OfferRow
from marketplace.views.baskets import basket_line
from marketplace.views.fragments import is_fragment
from marketplace.views.quantity import use_words
from marketplace.views.requests import HouseholdRequest
from marketplace.words import listed, moment_words, zoned_words

Json = dict[str, Any]


def late_line(
    request: HouseholdRequest, round_: Round, row: OfferRow, form: LineForm, error: WindowClosed
) -> HttpResponse:
    """The 409 of a line that came after the close: a page, or a note for the card."""
    context = late_context(request.user, round_, error.facts, asked=asked_words(row, form))
    context["firm"] = row.own.firm if row.own else 0
    context["offer_id"] = row.offer.pk
    template = "components/late_note.html" if is_fragment(request) else "marketplace/late.html"
    return render(request, template, context, status=409)


def late_context(user: User, round_: Round, facts: Mapping[str, Any], *, asked: str) -> Json:
    """What a late write is told. Up to six queries."""
    now, zone = clock.now(), round_.hub.time_zone
    closed = facts["closes_at"]
    found = shop.basket(user, round_.pk)
    rows = found.rows if found else ()
    return {
        "round": round_,
        "closed": zoned_words(closed, now, zone),
        "late_by": late_words(now, closed),
        "asked": asked,
        "kept": [basket_line(row, round_.hub.currency, True) for row in rows],
        **next_opening(round_, now, zone),
    }


def late_words(now: datetime, closed: datetime) -> str:
    """By how much it was too late, by the server's clock; empty once that is no comfort any more."""
    seconds = int((now - closed).total_seconds())
    if not 0 <= seconds < 3600:
        return ""
    if seconds < 60:
        late = max(1, seconds)
        return ngettext("It came %(n)s second too late.", "It came %(n)s seconds too late.", late) % {"n": late}
    late = seconds // 60
    return ngettext("It came %(n)s minute too late.", "It came %(n)s minutes too late.", late) % {"n": late}


def asked_words(row: OfferRow, form: LineForm) -> str:
    """The tap or form that came late, as it was typed: nothing of it is lost."""
    asked, name = form.cleaned_data, row.offer.product.name
    change = form.change(row.offer.pk)
    if not change.firm:
        return _("take %(name)s out") % {"name": name}
    extra = change.wishes.get("flexible", 0)
    units = f"{change.firm}–{change.firm + extra}" if extra else str(change.firm)
    words = [_("%(units)s × %(name)s") % {"units": units, "name": name}]
    if extra:
        words.append(_("extra %(use)s") % {"use": use_words(row.offer, change.wishes["flexible_for"], extra)})
    if asked.get("limit"):
        words.append(_("at most %(price)s each") % {"price": form.data.get("limit", "")})
    if asked.get("whole_only"):
        words.append(_("all or nothing"))
    return listed(words)


def next_opening(round_: Round, now: datetime, zone: str) -> Json:
    """The hub's next window in another round, in words, with where to be reminded. One query."""
    upcoming = next_round_of(round_.hub_id)
    if upcoming is None or upcoming[0].round_id == round_.pk:
        return {}
    following: OrderingWindow = upcoming[0]
    runs = following.takes_reservations(now)
    text = _("%(name)s is open until %(moment)s.") if runs else _("%(name)s opens %(moment)s.")
    moment = moment_words(following.closes_at if runs else following.opens_at, now, zone)
    return {
        "next_text": text % {"name": following.round.name, "moment": moment},
        "next_link": reverse("round", args=[following.round_id]),
        "remind_window": 0 if runs else following.pk,
    }
