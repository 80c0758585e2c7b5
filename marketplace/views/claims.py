"""Reporting a problem with what was handed over, and reading the answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace import clock
from marketplace.actions.claims.drop_photo import drop_photo
from marketplace.actions.claims.keep_photo import keep_photo
from marketplace.actions.claims.make_claim import make_claim
from marketplace.errors import InvalidInput
from marketplace.models import Claim
from marketplace.queries.claims import Claimable, claimable, own_claim, photo_for, waiting_photos
from marketplace.rules.claims import MOST_PHOTOS
from marketplace.views.claim_form import ClaimForm
from marketplace.views.claim_words import claim_line
from marketplace.views.requests import HouseholdRequest
from marketplace.words import moment_words, zone_words

# A picture never changes under its address.
_PHOTO_SECONDS = 86_400


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """The form, and the claim that it makes. What was typed and every picture stay through an error."""
    found = claimable(request.user, round_id)
    if request.method != "POST":
        form = ClaimForm.empty(request.GET.get("line", "")[:18])
        return _page(request, found, form, 200)
    form = ClaimForm.typed(request.POST)
    if (dropped := request.POST.get("drop", "")).isdecimal():
        drop_photo(round_id=round_id, request_key=form.request_key, photo_id=int(dropped[:18]), by=request.user)
        return _page(request, found, form, 200)
    if found.time.is_open:
        _keep(request, round_id, form)
    claim = _make(request, round_id, form)
    if claim is None:
        return _page(request, found, form, 422)
    messages.success(request, _("The hub has it, and will answer you here."))
    return HttpResponseRedirect(reverse("claim", args=[claim.pk]))


def _keep(request: HouseholdRequest, round_id: int, form: ClaimForm) -> None:
    """Every picture that came along, one by one: a bad one does not lose the others."""
    sent: list[UploadedFile[bytes]] = [*request.FILES.getlist("camera"), *request.FILES.getlist("photos")]
    for photo in sent[: MOST_PHOTOS + 1]:
        try:
            keep_photo(round_id=round_id, request_key=form.request_key, content=photo.read(), by=request.user)
        except InvalidInput as refused:
            form.refuse(refused.facts["problems"])


def _make(request: HouseholdRequest, round_id: int, form: ClaimForm) -> Claim | None:
    wanted = form.wanted()
    if wanted is None or form.problems:
        return None
    try:
        return make_claim(round_id=round_id, wanted=wanted, request_key=form.request_key, by=request.user)
    except InvalidInput as refused:
        form.refuse(refused.facts["problems"])
        return None


def _page(request: HouseholdRequest, found: Claimable, form: ClaimForm, status: int) -> HttpResponse:
    round_, time = found.reservation.round, found.time
    zone = round_.hub.time_zone
    context: dict[str, Any] = {
        "round": round_,
        "is_open": time.is_open,
        "is_late": time.is_late,
        "until": moment_words(time.deadline, time.now, zone),
        "opens": moment_words(time.opens_at, time.now, zone),
        "zone": zone_words(zone),
        "names_shown": round_.hub.names_shown_to_merchants,
        **form.context(found.lines, waiting_photos(found.reservation, form.request_key)),
    }
    return render(request, "marketplace/claims/report.html", context, status=status)


@login_required
@require_safe
@never_cache
def claim(request: HouseholdRequest, claim_id: int) -> HttpResponse:
    """One claim of the household: what was said, and what the hub answered."""
    found = own_claim(request.user, claim_id)
    round_ = found.reservation.round
    zone, line = round_.hub.time_zone, claim_line(found, round_.hub.currency)
    context = {
        "claim": found,
        "line": line,
        "round": round_,
        **_moments(found, zone),
        "zone": zone_words(zone),
        "photos": list(found.photos.all()),
    }
    return render(request, "marketplace/claims/claim.html", context)


def _moments(claim: Claim, zone: str) -> dict[str, str]:
    """When it was reported and answered, on the hub's wall clock."""
    now = clock.now()
    answered = moment_words(claim.answered_at, now, zone) if claim.answered_at else ""
    return {"made": moment_words(claim.made_at, now, zone), "answered": answered}


@login_required
@require_safe
@cache_control(private=True, max_age=_PHOTO_SECONDS, immutable=True)
def photo(request: HouseholdRequest, photo_id: int) -> HttpResponse:
    """A picture of a claim, for those whom it concerns."""
    found = photo_for(request.user, photo_id)
    return HttpResponse(bytes(found.content), content_type="image/webp")
