"""Problem pages: what happened, what was kept, what to do next."""

import math
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.access import round_for
from marketplace.models import User
from marketplace.problems import Problem
from marketplace.views.deadline import late_context
from marketplace.views.fragments import is_fragment


def problem_response(request: HttpRequest, problem: Problem, facts: Mapping[str, Any] | None = None) -> HttpResponse:
    """The problem as a page, or as a fragment for a script; the status is the problem's."""
    context = {"problem": problem, "facts": facts or {}}
    if is_fragment(request):
        return render(request, "components/problem.html", context, status=problem.status)
    round_id = request.resolver_match.kwargs.get("round_id") if request.resolver_match else None
    if problem.type == "window-closed" and round_id and isinstance(request.user, User):
        late = late_context(request.user, round_for(request.user, round_id), facts or {}, asked="")
        return render(request, "marketplace/late.html", late, status=problem.status)
    return render(request, "marketplace/problem.html", {**context, "round_id": round_id}, status=problem.status)


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


def too_often(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many tries: nothing is lost but time, and the page says how much."""
    seconds = int(getattr(request, "wait_seconds", 60))
    minutes = math.ceil(seconds / 60)
    response = problem_response(
        request,
        Problem(
            429,
            "too-many-requests",
            _("That was tried too often."),
            _("So that nobody can guess their way in, there is a pause now. Your account and all in it is safe."),
            ngettext("Try again in a minute.", "Try again in %(minutes)d minutes.", minutes) % {"minutes": minutes},
        ),
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Renders without database and session, as these may be what is broken."""
    return render(request, "errors/500.html", status=500)
