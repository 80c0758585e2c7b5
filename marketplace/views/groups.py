"""Groups: one's own, starting one, its page with the link, and its view of a round."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.access import group_for, group_for_host
from marketplace.actions.groups.change_group import change_group
from marketplace.actions.groups.hand_over_group import hand_over_group
from marketplace.actions.groups.remove_member import remove_member
from marketplace.actions.groups.renew_invitation import renew_invitation
from marketplace.actions.leave_group import leave_group
from marketplace.actions.start_group import start_group
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Group, Hub, PickupPoint
from marketplace.queries import groups as read
from marketplace.queries.shifts import hubs_of
from marketplace.views.group_forms import GroupForm, StartGroupForm, add_problems
from marketplace.views.group_words import group_round_context, invitation_text, round_choices
from marketplace.views.requests import HouseholdRequest


@login_required
@require_safe
@never_cache
def groups(request: HouseholdRequest) -> HttpResponse:
    """The groups of one's households, and those that one hosts."""
    return render(request, "marketplace/groups/groups.html", {"groups": read.own_groups(request.user)})


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def start(request: HouseholdRequest) -> HttpResponse:
    """Start a group at a hub: ?hub=… names it, else the only one that fits."""
    hubs = list(hubs_of(request.user).order_by("name")) or list(Hub.objects.order_by("name")[:50])
    wanted = request.POST.get("hub") or request.GET.get("hub") or ""
    named = Hub.objects.filter(slug=wanted.replace("\0", "")).first() if wanted else None
    hub = named or (hubs[0] if len(hubs) == 1 else None)
    if hub is None:
        return render(request, "marketplace/groups/choose_hub.html", {"hubs": hubs})
    points = list(PickupPoint.objects.filter(hub=hub, is_active=True).order_by("name"))
    form = StartGroupForm(request.POST or None, points=points)
    if request.method == "POST" and form.is_valid():
        try:
            made = start_group(
                hub=hub,
                name=form.cleaned_data["name"],
                pickup_point=form.point,
                own_place=form.own_address,
                instructions=form.cleaned_data["instructions"],
                welcome=form.cleaned_data["welcome"],
                by=request.user,
            )
        except InvalidInput as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Your group is there. Send the link to your neighbours."))
            return redirect("group", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "marketplace/groups/start.html", {"form": form, "hub": hub}, status=status)


@login_required
@require_safe
@never_cache
def group(request: HouseholdRequest, group_id: int) -> HttpResponse:
    """A group: its link, its rounds, and for its host the members."""
    return render(request, "marketplace/groups/group.html", _group_context(request, group_for(request.user, group_id)))


def _group_context(request: HouseholdRequest, found: Group) -> dict[str, Any]:
    link = request.build_absolute_uri(reverse("join", args=[found.invitation]))
    hosted = found.host_id == request.user.pk
    rounds = read.running_rounds(found.hub_id)
    return {
        "group": found,
        "hosted": hosted,
        "link": link,
        "text": invitation_text(found, rounds, link, clock.now()),
        "open_rounds": round_choices(found, rounds, clock.now()),
        "households": read.households_in(found),
        "members": read.members_of(found) if hosted else [],
        "widget": request.build_absolute_uri(reverse("widget", args=[rounds[0][0].pk])) if rounds else "",
        "share_words": {"copied": _("Copied"), "shared": _("Shared"), "title": found.name},
    }


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: HouseholdRequest, group_id: int) -> HttpResponse:
    """Its host changes name and words."""
    found = group_for_host(request.user, group_id)
    initial = {"name": found.name, "welcome": found.welcome, "late_words": found.late_words}
    form = GroupForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_group(group_id=group_id, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            add_problems(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("group", group_id)
    status = 422 if form.is_bound else 200
    return render(request, "marketplace/groups/edit.html", {"form": form, "group": found}, status=status)


@login_required
@require_POST
def leave(request: HouseholdRequest, group_id: int) -> HttpResponse:
    name = group_for(request.user, group_id).name
    leave_group(group_id=group_id, by=request.user)
    told = _("You left %(group)s. What you reserved stays yours.") % {"group": name}
    messages.success(request, told)
    return redirect("groups")


@login_required
@require_POST
def hand_over(request: HouseholdRequest, group_id: int) -> HttpResponse:
    """To the person named in the form."""
    made = hand_over_group(group_id=group_id, to_user_id=_number(request, "user"), by=request.user)
    messages.success(request, _("%(person)s hosts the group now.") % {"person": made.host.name})
    return redirect("group", group_id)


@login_required
@require_POST
def remove(request: HouseholdRequest, group_id: int) -> HttpResponse:
    """The household named in the form."""
    remove_member(group_id=group_id, household_id=_number(request, "household"), by=request.user)
    messages.success(request, _("They are no longer in the group, and were told."))
    return redirect("group", group_id)


@login_required
@require_POST
def renew(request: HouseholdRequest, group_id: int) -> HttpResponse:
    renew_invitation(group_id=group_id, by=request.user)
    messages.success(request, _("This is the new link. The old one opens nothing any more."))
    return redirect("group", group_id)


def _number(request: HouseholdRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 17:
        raise NotFound(kind=name, id=text)
    return int(text)


@login_required
@require_safe
@never_cache
def group_round(request: HouseholdRequest, group_id: int, round_id: int) -> HttpResponse:
    """What the group gathers in a round, in units; live by the round's hints."""
    found = read.group_round(request.user, group_id, round_id)
    link = request.build_absolute_uri(reverse("join", args=[found.group.invitation]))
    return render(request, "marketplace/groups/round.html", group_round_context(found, link, clock.now()))
