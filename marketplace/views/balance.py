"""/me/balance/: what a household has at its hubs, what it still may cost, and why it moved."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace import clock
from marketplace.access import household_of
from marketplace.money_words import movement_words
from marketplace.queries.holds import Hold
from marketplace.queries.movements import Movement, Standing, hubs_with_books, movements_of, own_hub, standing_of
from marketplace.views.requests import HouseholdRequest
from marketplace.words import day_words, money, stamp_words

# Longer numbers are no id of ours.
_DIGITS = 18


@login_required
@require_safe
@never_cache
def balance(request: HouseholdRequest, slug: str = "") -> HttpResponse:
    """One hub's balance; without a name the first one's. The others are named with a link each."""
    household = household_of(request.user)
    hubs = hubs_with_books(household.pk)
    if slug:
        _household, hub = own_hub(request.user, slug)
    elif hubs:
        hub = hubs[0]
    else:
        return render(request, "marketplace/me/balance.html", {"hub": None})
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else None
    page = movements_of(household.pk, hub.pk, before=before)
    context = {
        "hub": hub,
        "others": [other for other in hubs if other.pk != hub.pk],
        "first": before is None,
        **(_standing_words(standing_of(household, hub)) if before is None else {}),
        "rows": [_row(movement, hub.currency, hub.time_zone, household.pk) for movement in page.movements],
        "next": page.before,
    }
    return render(request, "marketplace/me/balance.html", context)


def _standing_words(standing: Standing) -> dict[str, Any]:
    currency, balance = standing.hub.currency, standing.balance_minor
    return {
        "mood": "good" if balance > 0 else "owes" if balance < 0 else "even",
        "balance": money(abs(balance), currency),
        "holds": [_hold(hold, currency) for hold in standing.holds],
        "held": money(standing.held_minor, currency),
        "limit": "" if standing.limit_minor is None else money(standing.limit_minor, currency),
        "available": "" if standing.available_minor is None else money(max(standing.available_minor, 0), currency),
        "beyond": standing.available_minor is not None and standing.available_minor < 0,
    }


def _hold(hold: Hold, currency: str) -> dict[str, Any]:
    round_ = hold.reservation.round
    return {
        "round": round_,
        "when": day_words(hold.reservation.handover.starts_at, clock.now(), round_.hub.time_zone),
        "amount": money(hold.amount_minor, currency),
        "is_counted": hold.is_counted,
        "link": reverse("reservation", args=[round_.pk]),
    }


def _row(movement: Movement, currency: str, zone: str, household_id: int) -> dict[str, Any]:
    reservation = movement.booking.reservation
    own = reservation is not None and not movement.is_part
    return {
        "words": movement_words(movement),
        "when": stamp_words(movement.booking.at, zone),
        "amount": money(movement.amount_minor, currency),
        "is_charge": movement.amount_minor < 0,
        "after": _("%(balance)s then") % {"balance": money(movement.after_minor, currency)},
        "link": reverse("reservation", args=[reservation.round_id]) if reservation is not None and own else "",
    }
