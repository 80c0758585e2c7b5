"""My usual: what a household takes most times, shown with what is gone or dearer before one tap adds it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace import clock
from marketplace.actions.standing.fill_from_usual import fill_from_usual
from marketplace.errors import InvalidInput
from marketplace.queries import shop
from marketplace.queries.usual import UsualItem, UsualPreview, UsualState, open_rounds, usual_preview
from marketplace.rules.wanted import MOST_LINES
from marketplace.views.baskets import place_choices
from marketplace.views.requests import HouseholdRequest
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class UsualLine:
    """One usual product in words. `chosen`: ticked when the page opens; `can` be added at all."""

    product_id: int
    offer_id: int | None
    motif: str
    name: str
    merchant: str
    units: str
    price: str
    note: str
    mood: str
    can: bool
    chosen: bool


@login_required
@require_safe
@never_cache
def where(request: HouseholdRequest) -> HttpResponse:
    """Leads to the usual of the round that is open; where several or none are, to a choice or to when one opens."""
    found = open_rounds()
    if len(found) == 1:
        return redirect("usual", found[0].pk)
    rounds = [(reverse("usual", args=[round_.pk]), round_.name, round_.hub.name) for round_ in found]
    return render(request, "marketplace/usual/where.html", {"rounds": rounds})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def usual_page(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """The usual products beside this round; sent, those that are ticked go into the basket."""
    if request.method == "GET":
        return _shown(request, round_id)
    chosen = {int(value) for value in request.POST.getlist("product")[:MOST_LINES] if value.isdecimal()}
    key, place = request.POST.get("request_key", ""), request.POST.get("handover", "")
    if not chosen:
        return _shown(request, round_id, problem=_("Tick at least one, or go back to the offers."), chosen=chosen)
    try:
        answer = fill_from_usual(
            round_id=round_id,
            product_ids=chosen,
            request_key=key,
            handover_id=int(place) if place.isdecimal() and len(place) < 18 else None,
            by=request.user,
        )
    except InvalidInput as error:
        if not any(problem["place"] == "handover" for problem in error.facts["problems"]):
            raise
        return _shown(request, round_id, chosen=chosen, asks_place=True)
    kept = len([line for line in answer.lines if line.firm and line.asked_firm]) if answer else 0
    told = ngettext("%(lines)s line is in your basket.", "%(lines)s lines are in your basket.", kept)
    messages.success(request, told % {"lines": kept} if answer else _("All of it was in your basket already."))
    return redirect("basket", round_id)


def _shown(
    request: HouseholdRequest,
    round_id: int,
    *,
    problem: str = "",
    chosen: set[int] | None = None,
    asks_place: bool = False,
) -> HttpResponse:
    preview = usual_preview(request.user, round_id)
    round_, now = preview.round, clock.now()
    lines = [_line(item, round_.hub.currency, chosen) for item in preview.items]
    places = place_choices(shop.handovers_of(round_id), now, round_.hub.time_zone, None) if asks_place else []
    context: dict[str, Any] = {
        "round": round_,
        "back": reverse("round", args=[round_id]),
        "ready": [line for line in lines if line.can],
        "others": [line for line in lines if not line.can],
        "says": _says(preview),
        "problem_text": problem,
        "places": places,
        "request_key": uuid.uuid4().hex,
    }
    return render(request, "marketplace/usual/preview.html", context, status=422 if problem or asks_place else 200)


def _says(preview: UsualPreview) -> str:
    """What one has to know before adding: how many can be added, what is dearer, what is gone."""
    ready = len(preview.ready)
    dearer = sum(item.is_dearer for item in preview.ready)
    gone = sum(item.state is UsualState.GONE for item in preview.items)
    parts = [ngettext("%(n)s can be added.", "%(n)s can be added.", ready) % {"n": ready}]
    if dearer:
        parts.append(ngettext("%(n)s is dearer.", "%(n)s are dearer.", dearer) % {"n": dearer})
    if gone:
        parts.append(
            ngettext("%(n)s is not offered this time.", "%(n)s are not offered this time.", gone) % {"n": gone}
        )
    return " ".join(parts)


def _line(item: UsualItem, currency: str, chosen: set[int] | None) -> UsualLine:
    can = item.state is UsualState.READY
    taken = item.taken
    return UsualLine(
        product_id=item.product.pk,
        offer_id=item.offer.pk if item.offer else None,
        motif=item.product.category.motif,
        name=item.product.name,
        merchant=item.product.merchant.name,
        units=f"{taken.firm}–{taken.firm + taken.flexible}" if taken.flexible else str(taken.firm),
        price=_price(item, currency),
        note=_note(item, currency),
        mood="waits" if can and item.is_dearer else "" if can else "plain",
        can=can,
        chosen=can and (chosen is None or item.product.pk in chosen),
    )


def _price(item: UsualItem, currency: str) -> str:
    if item.now_minor is None or item.at_most_minor is None:
        return ""
    now, most = money(item.now_minor, currency), money(item.at_most_minor, currency)
    return now if now == most else _("%(now)s now, %(most)s at most") % {"now": now, "most": most}


def _note(item: UsualItem, currency: str) -> str:
    notes = {
        UsualState.GONE: _("Not offered in this round."),
        UsualState.HELD: _("In your basket already."),
        UsualState.CLOSED: _("Its window is not open now."),
        UsualState.SOLD_OUT: _("There is not enough left."),
    }
    if item.state in notes:
        return notes[item.state]
    if item.paid_minor is None or item.now_minor is None:
        return ""
    paid = money(item.paid_minor, currency)
    if item.is_dearer:
        return _("Dearer: you paid %(price)s.") % {"price": paid}
    if item.now_minor < item.paid_minor:
        return _("Cheaper: you paid %(price)s.") % {"price": paid}
    return _("As the last time.")
