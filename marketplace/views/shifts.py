"""Shifts: where a hand is needed, saying yes and stepping back, and the host's list of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.access import point_custody
from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.copy_shifts import copy_shifts
from marketplace.actions.shifts.remove_shift import remove_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.actions.shifts.step_back import LATE, step_back
from marketplace.errors import InvalidInput
from marketplace.local_times import on_the_day
from marketplace.queries import shifts as read
from marketplace.queries.shifts import Shift
from marketplace.views.group_forms import ShiftForm, add_problems
from marketplace.views.hand_out_words import where_words
from marketplace.views.requests import HouseholdRequest
from marketplace.words import zoned_span_words


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift in words."""

    id: int
    task: str
    when: str
    where: str
    round: str
    note: str
    names: tuple[str, ...]
    state: str
    missing: int
    mine: bool
    begun: bool


def shift_views(shifts: Sequence[Shift], now: datetime) -> list[ShiftView]:
    return [_view(shift, now) for shift in shifts]


def _view(found: Shift, now: datetime) -> ShiftView:
    shift, zone = found.shift, found.shift.handover.round.hub.time_zone
    needs = ngettext("%(n)s more needed", "%(n)s more needed", found.missing) % {"n": found.missing}
    return ShiftView(
        id=shift.pk,
        task=shift.task,
        when=zoned_span_words(shift.starts_at, shift.ends_at, now, zone),
        where=where_words(shift.handover),
        round=shift.handover.round.name,
        note=shift.note,
        names=found.names,
        state=needs if found.missing else _("everybody found"),
        missing=found.missing,
        mine=found.mine,
        begun=shift.starts_at <= now,
    )


@login_required
@require_safe
@never_cache
def shifts(request: HouseholdRequest) -> HttpResponse:
    """Shifts ahead at one's hubs."""
    found = shift_views(read.coming_shifts(request.user), clock.now())
    return render(request, "marketplace/shifts/shifts.html", {"shifts": found})


@login_required
@require_POST
def help_in(request: HouseholdRequest, shift_id: int) -> HttpResponse:
    volunteer = sign_up(shift_id=shift_id, by=request.user)
    messages.success(request, _("Thank you. You are down for it: %(task)s.") % {"task": volunteer.shift.task})
    return redirect("shifts")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def withdraw(request: HouseholdRequest, shift_id: int) -> HttpResponse:
    """Stepping back; less than a day before, the group's words are read first."""
    if request.method == "POST":
        late = step_back(shift_id=shift_id, by=request.user)
        told = _("You are off the list, and the host was told.") if late else _("You are off the list.")
        messages.success(request, told)
        return redirect("shifts")
    shift = read.shift_for_member(request.user, shift_id)
    now = clock.now()
    late = shift.starts_at - now < LATE
    usual = _("It is less than a day away, and somebody counts on you. Find somebody for it if you can.")
    context = {
        "shift": _view(Shift(shift, (), True), now),
        "late": late,
        "words": (read.late_words_for(request.user, shift) or usual) if late else "",
    }
    return render(request, "marketplace/shifts/withdraw.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def host_shifts(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """A handover's shifts, for its host: gaps first seen, one more added, the last time's taken over."""
    handover = point_custody(request.user, handover_id).handover
    form = ShiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        starts_at, ends_at = on_the_day(handover, typed["starts"]), on_the_day(handover, typed["ends"])
        try:
            if starts_at is None or ends_at is None or ends_at <= starts_at:
                raise InvalidInput(problems=[{"place": "ends", "problem": _("It ends after it begins.")}])
            add_shift(
                handover_id=handover_id,
                task=typed["task"],
                needed=typed["needed"],
                starts_at=starts_at,
                ends_at=ends_at,
                note=typed["note"],
                by=request.user,
            )
        except InvalidInput as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Added. Everybody who orders here can sign up."))
            return redirect("host_shifts", handover_id)
    now, zone = clock.now(), handover.round.hub.time_zone
    context = {
        "form": form,
        "handover": handover,
        "where": where_words(handover),
        "when": zoned_span_words(handover.starts_at, handover.ends_at, now, zone),
        "shifts": shift_views(read.shifts_at(handover), now),
        "can_copy": read.last_with_shifts(handover) is not None,
    }
    return render(request, "marketplace/shifts/host.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def copy(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    copied = copy_shifts(handover_id=handover_id, by=request.user)
    told = ngettext("%(n)s shift added.", "%(n)s shifts added.", copied) % {"n": copied}
    messages.success(request, told if copied else _("They were all there already."))
    return redirect("host_shifts", handover_id)


@login_required
@require_POST
def remove(request: HouseholdRequest, shift_id: int) -> HttpResponse:
    handover_id = read.shift_for_host(request.user, shift_id).handover_id
    remove_shift(shift_id=shift_id, by=request.user)
    messages.success(request, _("Taken away, and who had signed up was told."))
    return redirect("host_shifts", handover_id)
