"""The hand-out list: its page, the ticks of pages and offline phones, the same by a deputy's link."""

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import link_tries
from marketplace.access import custody_of
from marketplace.actions.hosting.ask_for_list import ask_for_list
from marketplace.actions.hosting.tick import NewTick, tick, tick_as_deputy
from marketplace.errors import InvalidInput, MarketError, NotFound
from marketplace.problems import problem_for
from marketplace.queries import hosting as read
from marketplace.queries.deputies import deputy_custody
from marketplace.queries.groups import totals_of
from marketplace.rules.hand_out import TickKind
from marketplace.views.group_words import total_rows, why_hidden
from marketplace.views.hand_out_words import list_context, mail_words, states_json
from marketplace.views.kept_pages import SESSION_DAYS, kept_for_days
from marketplace.views.requests import HouseholdRequest


@login_required
@require_safe
@never_cache
@kept_for_days(SESSION_DAYS)
def handover(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """The list of an own handover; before its publication the totals in units, from three households on."""
    custody = custody_of(request.user, handover_id)
    found = read.list_of(custody)
    context = list_context(request, found, ticks=reverse("hand_out_ticks", args=[handover_id]), key=uuid.uuid4().hex)
    context["keeper"] = custody.group_ids is None
    if found.rows is not None:
        context["mail_said"] = mail_words(read.lists_on_their_way(custody.handover, request.user), found)
    if found.rows is None and not found.over:
        totals = totals_of(read.reservations_in(custody))
        context["totals"] = total_rows(totals, found.handover.round.hub.currency, found.now)
        context["why"] = why_hidden(totals)
    return render(request, "marketplace/hosting/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def ticks(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """A form's tap, or a script's queue; a GET tells how everything stands."""

    def record(new: Sequence[NewTick]) -> int:
        return tick(handover_id=handover_id, ticks=new, by=request.user)

    return _ticks(
        request,
        lambda: read.hand_out_list(request.user, handover_id),
        record,
        reverse("hand_out", args=[handover_id]),
    )


@login_required
@require_POST
def mail(request: HouseholdRequest, handover_id: int) -> HttpResponse:
    """The list as PDF, drawn and mailed by the worker."""
    ask_for_list(handover_id=handover_id, by=request.user)
    told = _("The list is on its way to %(address)s as a PDF.") % {"address": request.user.email}
    messages.success(request, told)
    return redirect("hand_out", handover_id)


@require_safe
@never_cache
@kept_for_days(1)
def deputy(request: HttpRequest, token: str) -> HttpResponse:
    """The list by a one-day link, without an account."""
    link, custody = _guarded(request, token)
    context = list_context(
        request, read.list_of(custody), ticks=reverse("deputy_ticks", args=[token]), key=uuid.uuid4().hex
    )
    return render(request, "marketplace/hosting/list.html", {**context, "deputy": link})


@require_http_methods(["GET", "POST"])
@never_cache
def deputy_ticks(request: HttpRequest, token: str) -> HttpResponse:
    _link, custody = _guarded(request, token)

    def record(new: Sequence[NewTick]) -> int:
        return tick_as_deputy(token=token, ticks=new)

    return _ticks(request, lambda: read.list_of(custody), record, reverse("deputy", args=[token]))


def _guarded(request: HttpRequest, token: str) -> tuple[Any, Any]:
    """What the link opens; guesses are counted, and too many have to wait."""
    link_tries.require_some_left(request)
    try:
        return deputy_custody(token)
    except NotFound:
        link_tries.count(request)
        raise


def _ticks(
    request: HttpRequest,
    read_list: Callable[[], read.HandOutList],
    record: Callable[[Sequence[NewTick]], int],
    page: str,
) -> HttpResponse:
    if request.method == "GET":
        return JsonResponse(states_json(read_list()))
    if request.content_type != "application/json":
        record([_from_form(request)])
        return redirect(f"{page}#r{request.POST.get('reservation', '')}")
    try:
        record(_from_queue(request))
    except MarketError as error:
        problem = problem_for(error)
        told = f"{problem.title} {problem.detail}"
        return JsonResponse({"problem": told, **_states(read_list)}, status=problem.status)
    return JsonResponse(_states(read_list))


def _states(read_list: Callable[[], read.HandOutList]) -> dict[str, Any]:
    return states_json(read_list())


def _from_form(request: HttpRequest) -> NewTick:
    return _new(request.POST.get("reservation"), request.POST.get("kind"), request.POST.get("key"), None)


def _from_queue(request: HttpRequest) -> list[NewTick]:
    try:
        sent = json.loads(request.body)
        found = sent["ticks"]
        return [_new(t["reservation"], t["kind"], t["key"], t.get("at")) for t in found]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _unreadable() from None


def _new(reservation: object, kind: object, key: object, at: object) -> NewTick:
    number = str(reservation)
    moment = parse_datetime(at) if isinstance(at, str) else None
    if (
        not number.isdecimal()
        or len(number) > 17
        or kind not in {k.value for k in TickKind}
        or not isinstance(key, str)
    ):
        raise _unreadable()
    if at is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
        raise _unreadable()
    return NewTick(int(number), TickKind(str(kind)), key.replace("\0", ""), moment)


def _unreadable() -> InvalidInput:
    return InvalidInput(problems=[{"place": "ticks", "problem": _("That was no tick of this list.")}])
