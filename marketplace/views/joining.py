"""An invitation's page: who invites, to what, until when; its preview for chats; joining after the sign-in."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace import clock
from marketplace.actions.join_group import join_group
from marketplace.models import Group, User
from marketplace.queries import groups as read
from marketplace.views import invitations
from marketplace.views.group_words import closing_words, round_choices
from marketplace.views.preview import Preview, preview_png
from marketplace.words import listed, zone_words


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Anybody with the link may look; joining asks for a sign-in and comes back here."""
    group = read.invited_by(token)
    if request.method == "POST":
        return _join(request, group)
    rounds = read.running_rounds(group.hub_id)
    inside = isinstance(request.user, User) and any(o.group.pk == group.pk for o in read.own_groups(request.user))
    if not inside:
        invitations.remember(request, group)
    now = clock.now()
    page = request.build_absolute_uri(request.path)
    context = {
        "group": group,
        "open_rounds": round_choices(group, rounds, now),
        "inside": inside,
        "login": f"{reverse('login')}?{urlencode({'next': request.path})}",
        "page": page,
        "card": request.build_absolute_uri(reverse("join_card", args=[token])),
        "title": _("Order with %(group)s") % {"group": group.name},
        "about": _about(group),
        "households": read.households_in(group),
    }
    return render(request, "marketplace/groups/join.html", context)


def _join(request: HttpRequest, group: Group) -> HttpResponse:
    if request.POST.get("no"):
        invitations.forget(request)
        return redirect("home")
    if not isinstance(request.user, User):
        invitations.remember(request, group)
        return redirect(f"{reverse('login')}?{urlencode({'next': request.path})}")
    join_group(invitation=group.invitation, by=request.user)
    invitations.joined(request, group)
    messages.success(request, _("You are in. What you reserve now is ordered with %(group)s.") % {"group": group.name})
    rounds = read.running_rounds(group.hub_id)
    return redirect("round", rounds[0][0].pk) if rounds else redirect("group", group.pk)


def _about(group: Group) -> str:
    """What a chat's preview says under the title."""
    rounds = read.running_rounds(group.hub_id)
    if not rounds:
        return _("%(host)s invites you to order together at %(hub)s.") % {
            "host": group.host.name,
            "hub": group.hub.name,
        }
    round_, window = rounds[0]
    return _("%(host)s invites you. %(round)s is open until %(moment)s.") % {
        "host": group.host.name,
        "round": round_.name,
        "moment": closing_words(window, clock.now()),
    }


@require_safe
@cache_control(public=True, max_age=300)
def card(request: HttpRequest, token: str) -> HttpResponse:
    """The picture that chats show beside the link."""
    group = read.invited_by(token)
    rounds = read.running_rounds(group.hub_id)
    if not rounds:
        return HttpResponse(preview_png(Preview(group.name, group.hub.name, "")), content_type="image/png")
    round_, window = rounds[0]
    zone = group.hub.time_zone
    # The date, not "today": chats keep the picture for days.
    moment = formats.date_format(window.closes_at.astimezone(ZoneInfo(zone)), "DAY_TIME")
    closes = _("open until %(moment)s") % {"moment": listed([moment, zone_words(zone)])}
    return HttpResponse(preview_png(Preview(group.name, round_.name, closes)), content_type="image/png")
