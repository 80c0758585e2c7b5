"""A person's wishes about messages, the browsers that may be told by push, and the link that ends mails."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from marketplace.actions.notices.push_keys import public_key
from marketplace.actions.notices.stop_links import read_stop
from marketplace.actions.notices.subscribe_push import subscribe_push, unsubscribe_push
from marketplace.actions.notices.wishes import set_hours, set_wishes, stop_mails
from marketplace.errors import InvalidInput
from marketplace.models import NoticeHours, User
from marketplace.notice_forms import WishesForm, field_name
from marketplace.notice_kinds import kind_name, sections
from marketplace.queries.notices import home_zone, wishes_of
from marketplace.rules.notices import Channel
from marketplace.views.requests import HouseholdRequest
from marketplace.words import zone_words


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def wishes(request: HouseholdRequest) -> HttpResponse:
    """The page of all wishes; one form, kept as a whole or not at all."""
    hours = NoticeHours.objects.filter(user=request.user).first()
    zone = hours.time_zone if hours else home_zone(request.user)
    if request.method != "POST":
        return _page(request, WishesForm(initial=_initial(request.user, hours, zone), zone=zone), zone)
    form = WishesForm(request.POST, zone=zone)
    if not form.is_valid():
        return _page(request, form, zone, status=422)
    typed = form.cleaned_data
    set_wishes(wanted=form.wanted(), by=request.user)
    set_hours(
        time_zone=typed["time_zone"],
        quiet_from=typed["quiet_from"],
        quiet_until=typed["quiet_until"],
        digest_at=typed["digest_at"] if typed["daily"] else None,
        hours_before_close=typed["hours_before_close"],
        by=request.user,
    )
    messages.success(request, _("Kept. It counts from now on."))
    return HttpResponseRedirect(reverse("notices"))


def _initial(user: User, hours: NoticeHours | None, zone: str) -> dict[str, Any]:
    known = hours or NoticeHours(user=user)
    return {
        "time_zone": zone if hours else "",
        "quiet_from": known.quiet_from,
        "quiet_until": known.quiet_until,
        "daily": known.digest_at is not None,
        "digest_at": known.digest_at,
        "hours_before_close": known.hours_before_close or 4,
        **{field_name(kind, channel): wanted for (kind, channel), wanted in wishes_of(user).items()},
    }


def _page(request: HouseholdRequest, form: WishesForm, zone: str, status: int = 200) -> HttpResponse:
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs.update({"aria-invalid": "true", "aria-describedby": f"id_{name}_error"})
    context = {
        "form": form,
        "sections": [
            {"title": title, "help": help_, "kinds": [_card(form, kind) for kind in kinds]}
            for title, help_, kinds in sections()
        ],
        "place": zone_words(zone),
        "zone": zone,
        "push_key": public_key(),
        "browsers": request.user.push_subscriptions.count(),
    }
    return render(request, "marketplace/notices/wishes.html", context, status=status)


def _card(form: forms.Form, kind: Any) -> dict[str, Any]:
    return {
        "name": kind_name(kind),
        "email": form[field_name(kind, Channel.EMAIL)],
        "push": form[field_name(kind, Channel.PUSH)],
    }


@require_http_methods(["POST", "DELETE"])
def push(request: HttpRequest) -> HttpResponse:
    """A browser's subscription as JSON: POST keeps it, DELETE forgets it. Its reader is a script."""
    if not isinstance(request.user, User):
        return JsonResponse({"problem": _("Sign in first.")}, status=401)
    try:
        sent = json.loads(request.body)
        endpoint, keys = str(sent["endpoint"]), sent.get("keys", {})
        if request.method == "DELETE":
            return JsonResponse({"known": unsubscribe_push(endpoint=endpoint, by=request.user)})
        subscribe_push(
            endpoint=endpoint,
            p256dh=str(keys["p256dh"]),
            auth=str(keys["auth"]),
            device=request.headers.get("User-Agent", ""),
            by=request.user,
        )
    except InvalidInput as refused:
        return JsonResponse({"problem": refused.facts["problems"][0]["problem"]}, status=422)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"problem": _("This is not the subscription of a browser.")}, status=422)
    return JsonResponse({"known": True}, status=201)


@csrf_exempt  # a mail program posts it by itself (RFC 8058): the signature stands for the person
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Ends mails of some kinds. Opening the link changes nothing, since programs open links too; posting does."""
    user_id, kinds = read_stop(signed)
    done = request.method == "POST"
    if done:
        stop_mails(kinds=kinds, by=get_object_or_404(User, pk=user_id))
    context = {"names": [kind_name(kind) for kind in kinds], "done": done}
    return render(request, "marketplace/notices/stop.html", context)
