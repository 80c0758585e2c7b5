"""Standing reservations and absences of a household: what stands, what comes next, what came of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.access import standing_for
from marketplace.actions.standing.absences import add_absence, remove_absence
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.standing.rest_standing import (
    keep_round,
    pause_standing,
    resume_standing,
    skip_round,
    stop_standing,
)
from marketplace.errors import InvalidInput
from marketplace.models import StandingReservation, StandingRun
from marketplace.queries.standing import ComingRound, standing_page
from marketplace.rules.money import format_minor
from marketplace.rules.wanted import WantedLine
from marketplace.views.requests import HouseholdRequest
from marketplace.views.standing_forms import AbsenceForm, PauseForm, StandingForm
from marketplace.words import date_words, moment_words, money


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One standing reservation in words, with its form. `rests`: why it is not placed now, or empty."""

    id: int
    hub: str
    motif: str
    name: str
    merchant: str
    units: str
    limit: str
    rests: str
    form: StandingForm


@dataclass(frozen=True, slots=True)
class ComingView:
    """A coming round and the standing reservations by what becomes of them there."""

    id: int
    name: str
    opens: str
    rows: tuple[tuple[int, str, str, str], ...]  # id, product, what becomes of it, "skip" | "keep" | ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """What came of one in a past round."""

    product: str
    round: str
    word: str
    mood: str


@login_required
@require_safe
@never_cache
def standing_list(request: HouseholdRequest) -> HttpResponse:
    """Everything that stands, the coming rounds, the last ones, and the absences."""
    return _page(request)


@login_required
@require_POST
@never_cache
def keep(request: HouseholdRequest) -> HttpResponse:
    """Makes a product stand, or changes it; asked from this page, an offer's page, or the usual ones."""
    form = StandingForm(request.POST)
    if not form.is_valid():
        return _page(request, refused=form, status=422)
    asked = form.cleaned_data
    try:
        keep_standing(hub_id=asked["hub"], product_id=asked["product"], wanted=_wanted(form), by=request.user)
    except InvalidInput as error:
        form.add_problems(error)
        return _page(request, refused=form, status=422)
    messages.success(request, _("It stands. You can change every round's basket before it closes."))
    return _back(request)


def _wanted(form: StandingForm) -> WantedLine:
    asked = form.cleaned_data
    return WantedLine(
        offer_id=0,
        firm=asked["firm"],
        flexible=max(0, (asked["up_to"] or 0) - asked["firm"]),
        flexible_for=asked["flexible_for"] or "case",
        max_unit_price_minor=asked["limit"],
        whole_only=asked["whole_only"],
    )


@login_required
@require_POST
@never_cache
def pause(request: HouseholdRequest, standing_id: int) -> HttpResponse:
    """Rests until a day, or until it is taken up again."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the day as 2026-12-31, or leave it empty."))
        return redirect("standing")
    try:
        pause_standing(standing_id=standing_id, until=form.cleaned_data["until"], by=request.user)
    except InvalidInput as error:
        messages.error(request, " ".join(str(problem["problem"]) for problem in error.facts["problems"]))
    return redirect("standing")


@login_required
@require_POST
@never_cache
def resume(request: HouseholdRequest, standing_id: int) -> HttpResponse:
    resume_standing(standing_id=standing_id, by=request.user)
    return redirect("standing")


@login_required
@require_POST
@never_cache
def stop(request: HouseholdRequest, standing_id: int) -> HttpResponse:
    name = standing_for(request.user, standing_id).product.name
    stop_standing(standing_id=standing_id, by=request.user)
    messages.success(request, _("%(product)s no longer stands.") % {"product": name})
    return redirect("standing")


@login_required
@require_POST
@never_cache
def skip(request: HouseholdRequest, standing_id: int, round_id: int) -> HttpResponse:
    """Leaves one out of a coming round; `keep` takes that back."""
    if request.POST.get("keep"):
        keep_round(standing_id=standing_id, round_id=round_id, by=request.user)
    else:
        skip_round(standing_id=standing_id, round_id=round_id, by=request.user)
    return redirect("standing")


@login_required
@require_POST
@never_cache
def away(request: HouseholdRequest) -> HttpResponse:
    """Adds days on which the household is away."""
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return _page(request, absence=form, status=422)
    try:
        add_absence(**form.cleaned_data, by=request.user)
    except InvalidInput as error:
        for problem in error.facts["problems"]:
            form.add_error(problem["place"], problem["problem"])
        return _page(request, absence=form, status=422)
    return redirect("standing")


@login_required
@require_POST
@never_cache
def back_again(request: HouseholdRequest, absence_id: int) -> HttpResponse:
    remove_absence(absence_id=absence_id, by=request.user)
    return redirect("standing")


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if own and back.startswith("/") else "standing")


def _page(
    request: HouseholdRequest,
    *,
    refused: StandingForm | None = None,
    absence: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = standing_page(request.user)
    context: dict[str, Any] = {
        "rows": [_row(standing, refused) for standing in page.standing],
        "coming": [_coming(coming, page.now) for coming in page.coming],
        "runs": [_run(run) for run in page.runs],
        "absences": [(a.pk, date_words(a.starts_on), date_words(a.ends_on)) for a in page.absences],
        "absence_form": absence or AbsenceForm(),
        "problem_form": refused,
    }
    return render(request, "marketplace/standing/list.html", context, status=status)


def _row(standing: StandingReservation, refused: StandingForm | None) -> StandingRow:
    currency = standing.hub.currency
    limit = standing.max_unit_price_minor
    given = refused if refused is not None and refused.is_for(standing) else None
    return StandingRow(
        id=standing.pk,
        hub=standing.hub.name,
        motif=standing.product.category.motif,
        name=standing.product.name,
        merchant=standing.product.merchant.name,
        units=_units(standing),
        limit=_("at most %(price)s") % {"price": money(limit, currency)} if limit is not None else "",
        rests=_rests(standing),
        form=given or StandingForm.of(standing, format_minor(limit, currency) if limit is not None else ""),
    )


def _units(standing: StandingReservation) -> str:
    least, most = standing.firm, standing.firm + standing.flexible
    return f"{least}–{most}" if standing.flexible else str(least)


def _rests(standing: StandingReservation) -> str:
    if standing.paused_at is None:
        return ""
    if standing.paused_until is None:
        return _("paused until you take it up again")
    return _("paused until %(day)s") % {"day": date_words(standing.paused_until)}


def _coming(coming: ComingRound, now: Any) -> ComingView:
    parts = (
        (coming.placed, _("will be reserved"), "skip"),
        (coming.skipped, _("left out this once"), "keep"),
        (coming.resting, _("rests: paused, or you are away"), ""),
        (coming.not_yet, _("not among the offers so far"), "skip"),
    )
    return ComingView(
        id=coming.round.pk,
        name=coming.round.name,
        opens=moment_words(coming.opens_at, now, coming.round.hub.time_zone),
        rows=tuple((s.pk, f"{_units(s)} {s.product.name}", word, do) for found, word, do in parts for s in found),
    )


def _run(run: StandingRun) -> RunRow:
    state = StandingRun.State
    mood = {state.PLACED: "", state.HELD_ALREADY: "", state.WAITING: "waits", state.REFUSED: "lost"}
    return RunRow(
        product=run.standing.product.name,
        round=run.round.name,
        word=run.get_state_display(),
        mood=mood.get(state(run.state), "plain"),
    )
