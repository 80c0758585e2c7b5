"""Being reminded: of a window's opening by a notice, of its times by a calendar file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace import clock
from marketplace.actions.remind.follow_hub import follow_hub
from marketplace.actions.remind.toggle_reminder import toggle_reminder
from marketplace.errors import NotFound
from marketplace.queries.calendars import window_with_handovers
from marketplace.queries.membership import hub_of
from marketplace.views.calendar_files import calendar_file
from marketplace.views.requests import HouseholdRequest


@login_required
@require_POST
@never_cache
def remind(request: HouseholdRequest, window_id: int) -> HttpResponse:
    """Asks to be told when the window opens, or takes it back."""
    if toggle_reminder(window_id=window_id, by=request.user):
        messages.success(request, _("You are told when it opens."))
    else:
        messages.success(request, _("You are not told of this opening any more."))
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")


@login_required
@require_POST
@never_cache
def follow(request: HouseholdRequest, slug: str) -> HttpResponse:
    """Hears of every opening of the hub, or no longer."""
    if follow_hub(hub_id=hub_of(slug).pk, wanted=bool(request.POST.get("wanted")), by=request.user):
        messages.success(request, _("You are told when a round opens here."))
    else:
        messages.success(request, _("You are not told of rounds here any more."))
    return redirect("hub_join", slug)


@require_safe
@never_cache
def calendar(request: HttpRequest, window_id: int) -> HttpResponse:
    """The window's opening and closing and the round's handover, for the calendar of a phone."""
    found = window_with_handovers(request.user, window_id)
    if found is None:
        raise NotFound(kind="window", id=window_id)
    content = calendar_file(found, clock.now())
    headers = {"Content-Disposition": f'attachment; filename="round-{found.window.round_id}.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
