"""The inbox: what a person was told, unread first; opening one leads to the thing it is about."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from marketplace import clock
from marketplace.actions.notices.wishes import mark_all_read, mark_read
from marketplace.models import Notice
from marketplace.notice_phrases import ago_words
from marketplace.notice_words import notice_text
from marketplace.queries.notices import inbox, unread_count
from marketplace.views.requests import HouseholdRequest


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def page(request: HouseholdRequest) -> HttpResponse:
    """A page of it; ?before= goes on."""
    before = request.GET.get("before", "")
    found, now = inbox(request.user, before=before), clock.now()

    def row(notice: Notice) -> dict[str, Any]:
        text = notice_text(notice.kind, notice.facts, now)
        return {"notice": notice, "text": text, "ago": ago_words(notice.created_at, now)}

    rows = [row(notice) for notice in found.notices]
    context = {
        "unread_rows": [one for one in rows if one["notice"].read_at is None],
        "read_rows": [one for one in rows if one["notice"].read_at is not None],
        "unread": found.unread,
        "following": found.following,
        "is_first": not before,
    }
    return render(request, "marketplace/inbox/inbox.html", context)


@require_safe
@login_required
def open_notice(request: HouseholdRequest, notice_id: int) -> HttpResponse:
    """Marks one's own notice as read and goes to what it is about."""
    link = mark_read(notice_id=notice_id, by=request.user).link
    own = link.startswith("/") and url_has_allowed_host_and_scheme(link, allowed_hosts=None)
    return HttpResponseRedirect(link if own else reverse("inbox"))


@require_POST
@login_required
def read_all(request: HouseholdRequest) -> HttpResponse:
    mark_all_read(by=request.user)
    return HttpResponseRedirect(reverse("inbox"))


@require_safe
@cache_control(private=True, no_store=True)
def unread(request: HttpRequest) -> HttpResponse:
    """How many are unread, for a page that is open for long (static/js/inbox.js); nobody's inbox has none."""
    return JsonResponse({"unread": unread_count(request.user) if request.user.is_authenticated else 0})
