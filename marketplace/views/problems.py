"""Problem pages: what happened, what was kept, what to do next."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.models import OrderingWindow
from marketplace.problems import Problem
from marketplace.queries.round_lists import next_round_of
from marketplace.views.line_pages import is_fragment
from marketplace.words import moment_words, zone_words


def problem_response(request: HttpRequest, problem: Problem, facts: Mapping[str, Any] | None = None) -> HttpResponse:
    """The problem as a page, or as a fragment for a script; the status is the problem's."""
    if is_fragment(request):
        return render(request, "components/problem.html", {"problem": problem}, status=problem.status)
    round_id = request.resolver_match.kwargs.get("round_id") if request.resolver_match else None
    context = {"problem": problem, "round_id": round_id, **_next(problem, facts or {})}
    return render(request, "marketplace/problem.html", context, status=problem.status)


def _next(problem: Problem, facts: Mapping[str, Any]) -> dict[str, Any]:
    """After a late write: when the next window opens. One query or two."""
    window_id = facts.get("window_id")
    if problem.type != "window-closed" or not isinstance(window_id, int):
        return {}
    window = OrderingWindow.objects.select_related("round__hub").filter(pk=window_id).first()
    if window is None:
        return {}
    hub = window.round.hub
    upcoming = next_round_of(hub.pk)
    closed = moment_words(window.closes_at, clock.now(), hub.time_zone)
    told: dict[str, Any] = {"closed": f"{closed}, {zone_words(hub.time_zone)}"}
    if upcoming is None or upcoming[0].round_id == window.round_id:
        return told
    following, now = upcoming
    runs = following.takes_reservations(now)
    text = _("%(name)s is open until %(moment)s.") if runs else _("%(name)s opens %(moment)s.")
    moment = moment_words(following.closes_at if runs else following.opens_at, now, hub.time_zone)
    return {
        **told,
        "next_text": text % {"name": following.round.name, "moment": moment},
        "next_link": reverse("round", args=[following.round_id]),
    }


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 404, in our words."""
    return problem_response(
        request,
        Problem(
            404,
            "not-found",
            _("There is nothing here."),
            _("The address may be old or mistyped."),
            _("Go back to the rounds and start from there."),
        ),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's 403, in our words."""
    return problem_response(
        request,
        Problem(
            403,
            "not-allowed",
            _("This is not yours to do."),
            _("Nothing was changed."),
            _("Sign in as somebody who may, or ask the hub."),
        ),
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token does not fit: an old page, or cookies are off."""
    return problem_response(
        request,
        Problem(
            403,
            "form-too-old",
            _("This page was open for too long."),
            _("To be safe nothing was changed."),
            _("Go back, load the page again and send it once more."),
        ),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Renders without database and session, as these may be what is broken."""
    return render(request, "errors/500.html", status=500)
