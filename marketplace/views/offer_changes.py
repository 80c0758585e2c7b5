"""Offers that changed while they were open: the tap from an older page, and the page that asks for the agreement."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace import clock
from marketplace.access import round_for
from marketplace.actions.offers.agree_to_change import agree_to_change
from marketplace.actions.offers.decline_change import decline_change
from marketplace.errors import PriceChanged
from marketplace.forms import AnswerForm, LineForm
from marketplace.models import Round, User
from marketplace.queries.offer_changes import PendingChange, changes_for
from marketplace.queries.shop import OfferRow
from marketplace.rules.offer_changes import terms_from
from marketplace.views.change_words import ChangedTerm, changed_terms
from marketplace.views.deadline import asked_words
from marketplace.views.fragments import is_fragment
from marketplace.views.requests import HouseholdRequest
from marketplace.words import zoned_words


def changed_offer(
    request: HouseholdRequest, round_: Round, row: OfferRow, form: LineForm, error: PriceChanged
) -> HttpResponse:
    """A tap from a page that showed the offer as it was: what changed, and the same wish to take or to leave."""
    before, after = error.facts.get("before"), error.facts.get("after")
    currency = round_.hub.currency
    carried = [(name, value) for name, value in form.carried() if name != "version"]
    context = {
        "round": round_,
        "name": row.offer.product.name,
        "terms": changed_terms(terms_from(before), terms_from(after), currency) if before and after else [],
        "asked": asked_words(row, form),
        "firm": row.own.firm if row.own else 0,
        "action": reverse("reserve_line", args=[round_.pk, row.offer.pk]),
        "carried": [*carried, ("version", str(error.facts["version"]))],
        "request_key": uuid.uuid4().hex,
        "back": f"{reverse('round', args=[round_.pk])}#offer-{row.offer.pk}",
    }
    template = "components/price_changed.html" if is_fragment(request) else "marketplace/changes/price_changed.html"
    return render(request, template, context, status=409)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def changes(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """Every change that waits for the household's answer, old beside new, with its deadline and what happens without
    an answer; takes one answer."""
    round_ = round_for(request.user, round_id)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            messages.success(request, _answered(round_id, form, by=request.user))
        return redirect("changes", round_id)
    pending = changes_for(request.user, round_id)
    context = {
        "round": round_,
        "changes": [change_view(change, clock.now()) for change in pending],
        "back": reverse("round", args=[round_id]),
    }
    return render(request, "marketplace/changes/changes.html", context)


def _answered(round_id: int, form: AnswerForm, *, by: User) -> str:
    """Acts on a valid answer; returns what to say."""
    asked = form.cleaned_data
    named = {"round_id": round_id, "offer_id": asked["offer"], "version": asked["version"]}
    if asked["answer"] == "agree":
        agree_to_change(**named, by=by)
        return _("Agreed. It counts again.")
    decline_change(**named, by=by)
    return _("Released. You pay nothing for it.")


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change in words; `offer` and `version` are what an answer names."""

    offer: int
    version: int
    name: str
    merchant: str
    yours: str
    terms: list[ChangedTerm]
    reasons: tuple[str, ...]
    deadline: str


def change_view(change: PendingChange, now: datetime) -> ChangeView:
    """How the page shows a change that waits for an answer."""
    moment = zoned_words(change.closes_at, now, change.time_zone)
    yours = f"{change.firm}–{change.firm + change.flexible}" if change.flexible else str(change.firm)
    deadline = _("Without your answer by %(moment)s, it is released and you pay nothing for it.") % {"moment": moment}
    return ChangeView(
        offer=change.offer_id,
        version=change.version,
        name=change.product_name,
        merchant=change.merchant_name,
        yours=_("You reserved %(units)s.") % {"units": yours},
        terms=changed_terms(change.before, change.after, change.currency),
        reasons=change.reasons,
        deadline=deadline,
    )
