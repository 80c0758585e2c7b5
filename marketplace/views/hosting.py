"""The host's desk: the board, moving a point, links for deputies, the point's usual hours and room."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.access import hosted_points, point_custody
from marketplace.actions.hosting.change_point import change_point, point_for_host
from marketplace.actions.hosting.make_deputy_link import make_deputy_link
from marketplace.actions.hosting.move_back import move_back
from marketplace.actions.hosting.move_handover import move_handover
from marketplace.actions.hosting.revoke_deputy_link import revoke_deputy_link
from marketplace.actions.hosting.set_room import set_room
from marketplace.errors import InvalidInput
from marketplace.local_times import on_the_day
from marketplace.queries import groups as group_queries
from marketplace.queries import hosting as read
from marketplace.views.board_words import board_context, deputy_views
from marketplace.views.group_forms import DeputyForm, MoveForm, PointForm, RoomForm, add_problems
from marketplace.views.hand_out_words import where_words
from marketplace.views.requests import HouseholdRequest
from marketplace.words import time_words, zoned_span_words


@login_required
@require_safe
@never_cache
def board(request: HouseholdRequest) -> HttpResponse:
    """Own handovers ahead and today, own groups, own points."""
    found = read.board(request.user)
    rounds = {g.hub_id: group_queries.running_rounds(g.hub_id) for g in found.groups}
    points = list(hosted_points(request.user).select_related("hub").order_by("name", "pk"))
    return render(request, "marketplace/hosting/board.html", board_context(found, rounds, points))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def move(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """Another place for this one day; everybody who collects there is told."""
    handover = point_custody(request.user, handover_id).handover
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            move_handover(
                handover_id=handover_id,
                moved_to=typed["moved_to"],
                reason=typed["reason"],
                starts_at=on_the_day(handover, typed["starts"]),
                ends_at=on_the_day(handover, typed["ends"]),
                by=request.user,
            )
        except InvalidInput as error:
            for problem in error.facts["problems"]:
                problem["place"] = {"ends_at": "ends", "starts_at": "starts"}.get(problem["place"], problem["place"])
            add_problems(form, error)
        else:
            messages.success(request, _("Moved, and everybody who collects there was told."))
            return redirect("hand_out", handover_id)
    now, zone = clock.now(), handover.round.hub.time_zone
    context = {
        "form": form,
        "handover": handover,
        "where": where_words(handover),
        "when": zoned_span_words(handover.starts_at, handover.ends_at, now, zone),
        "moved": bool(handover.moved_to),
    }
    return render(request, "marketplace/hosting/move.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def back(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    move_back(handover_id=handover_id, by=request.user)
    messages.success(request, _("It is where it always is again, and everybody was told."))
    return redirect("hand_out", handover_id)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def deputies(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """Links for deputies of one handover. A new one is shown this once."""
    handover = point_custody(request.user, handover_id).handover
    form, new = DeputyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, token = make_deputy_link(handover_id=handover_id, name=form.cleaned_data["name"], by=request.user)
        except InvalidInput as error:
            add_problems(form, error)
        else:
            new = request.build_absolute_uri(reverse("deputy", args=[token]))
            form = DeputyForm()
    now = clock.now()
    context = {
        "form": form,
        "handover": handover,
        "new": new,
        "links": deputy_views(read.deputy_links(handover), now, handover.round.hub.time_zone),
        "share_words": {"copied": _("Copied"), "shared": _("Shared"), "title": handover.round.name},
        "text": _deputy_text(handover.starts_at, handover.round.hub.time_zone, where_words(handover), new),
    }
    return render(request, "marketplace/hosting/deputies.html", context, status=422 if form.errors else 200)


def _deputy_text(starts_at: datetime, zone: str, where: str, link: str) -> str:
    facts = {"where": where, "time": time_words(starts_at, zone), "link": link}
    return _("Thank you for handing out at %(where)s, from %(time)s. This is the list: %(link)s") % facts


@login_required
@require_POST
def revoke(request: HouseholdRequest, handover_id: int, link_id: int) -> HttpResponse:
    revoke_deputy_link(handover_id=handover_id, link_id=link_id, by=request.user)
    messages.success(request, _("That link opens nothing any more."))
    return redirect("deputies", handover_id)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def point(request: HouseholdRequest, point_id: int) -> HttpResponse:
    """A point's usual hours, room and way to it."""
    found = point_for_host(request.user, point_id)
    names = ("opens_time", "closes_time", "usual_capacity", "instructions")
    form = PointForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            change_point(point_id=point_id, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Kept. It counts from the next rounds on."))
            return redirect("board")
    return render(
        request, "marketplace/hosting/point.html", {"form": form, "point": found}, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def room(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """More or less room at one handover."""
    handover = point_custody(request.user, handover_id).handover
    bound = handover.capacity
    form = RoomForm(request.POST or None, initial={"room": bound.limit if bound else None})
    if request.method == "POST" and form.is_valid():
        try:
            set_room(handover_id=handover_id, reservations=form.cleaned_data["room"], by=request.user)
        except InvalidInput as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("board")
    context = {"form": form, "handover": handover, "where": where_words(handover), "bound": bound}
    return render(request, "marketplace/hosting/room.html", context, status=422 if form.is_bound else 200)
