"""/hubs/<slug>/join/: what this hub is, how joining works, and how one's household stands there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace.actions.membership.become_member import become_member
from marketplace.actions.membership.invite_to_hub import invite_to_hub
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.membership.leave_hub import leave_hub
from marketplace.errors import InvalidInput
from marketplace.models import Hub, HubMembership, JoinPolicy, User
from marketplace.queries.invitations import hub_invitation
from marketplace.queries.membership import JoinPage, join_page
from marketplace.rules.states import MembershipState
from marketplace.views.household_forms import AskForm
from marketplace.views.qr import qr_code
from marketplace.words import money

_M = MembershipState


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    """The page; its buttons come back here."""
    page = join_page(request.user, slug)
    if request.method == "POST" and isinstance(request.user, User):
        return _pressed(request, request.user, page, token)
    return _page(request, page, token, AskForm())


def _page(request: HttpRequest, page: JoinPage, token: str, form: AskForm, status: int = 200) -> HttpResponse:
    inviter = hub_invitation(token).by.name if token and not _inside(page.membership) else ""
    here = (
        reverse("hub_join_invited", args=[page.hub.slug, token]) if token else reverse("hub_join", args=[page.hub.slug])
    )
    context = {
        "hub": page.hub,
        "household": page.household,
        "membership": page.membership,
        "inviter": inviter,
        "form": form,
        "how": how_words(page.hub),
        "state": state_words(page.hub, page.membership),
        "offers": _offers(page, bool(inviter)),
        "next": urlencode({"next": here}),
        "many_open": len(page.invitations),
        "follows": page.follows,
    }
    return render(request, "marketplace/membership/join.html", context, status=status)


def _pressed(request: HttpRequest, user: User, page: JoinPage, token: str) -> HttpResponse:
    match request.POST.get("do", "join"):
        case "leave":
            leave_hub(hub=page.hub, by=user)
            messages.success(request, _("You left %(hub)s. What you reserved stays reserved.") % {"hub": page.hub.name})
        case "become":
            become_member(hub=page.hub, by=user)
            messages.success(request, _("You are a member now."))
        case "invite":
            return _invited(request, user, page)
        case _:
            form = AskForm(request.POST)
            if not form.is_valid():
                return _page(request, page, token, form, 422)
            join_hub(hub=page.hub, message=form.cleaned_data["message"], invitation=token, by=user)
    return redirect("hub_join", page.hub.slug)


def _invited(request: HttpRequest, user: User, page: JoinPage) -> HttpResponse:
    try:
        _row, token = invite_to_hub(hub=page.hub, by=user)
    except InvalidInput as refused:
        messages.error(request, str(refused.facts["problems"][0]["problem"]))
        return redirect("hub_join", page.hub.slug)
    link = request.build_absolute_uri(reverse("hub_join_invited", args=[page.hub.slug, token]))
    back = reverse("hub_join", args=[page.hub.slug])
    context = {"hub": page.hub, "link": link, "qr": qr_code(link).svg, "back": back}
    return render(request, "marketplace/membership/invited.html", context)


def _inside(membership: HubMembership | None) -> bool:
    return membership is not None and membership.state in (_M.TRIAL, _M.MEMBER)


def _offers(page: JoinPage, invited: bool) -> dict[str, Any]:
    """Which buttons the page has."""
    hub, state = page.hub, page.membership.state if page.membership else None
    outside = state in (None, _M.LEFT, _M.REFUSED)
    asks = state == _M.REFUSED or (hub.join_policy == JoinPolicy.APPROVAL and not invited)
    may = hub.join_policy != JoinPolicy.INVITATION or invited
    return {
        "join": may and ((outside and not asks) or (state == _M.ASKED and invited)),
        "ask": may and outside and asks,
        "become": state == _M.TRIAL and hub.join_policy != JoinPolicy.APPROVAL,
        "leave": state in (_M.TRIAL, _M.MEMBER, _M.ASKED),
        "invite": state == _M.MEMBER,
    }


def how_words(hub: Hub) -> list[str]:
    """How one comes to order here, what it costs, how one may try it; a sentence each."""
    ways = {
        JoinPolicy.OPEN: _("Everybody may join."),
        JoinPolicy.APPROVAL: _("You ask, and the hub answers you."),
        JoinPolicy.INVITATION: _("A member invites you, by a link."),
    }
    told = [ways[JoinPolicy(hub.join_policy)]]
    if hub.trial_orders:
        text = ngettext(
            "You may try it with %(n)d order first.", "You may try it with %(n)d orders first.", hub.trial_orders
        )
        told.append(text % {"n": hub.trial_orders})
    if hub.membership_fee_minor:
        fee = money(hub.membership_fee_minor, hub.currency)
        told.append(_("Members pay %(fee)s once.") % {"fee": fee})
    else:
        told.append(_("Membership costs nothing."))
    return told


def state_words(hub: Hub, membership: HubMembership | None) -> tuple[str, str]:
    """How the household stands, as (tag, sentence); empty for who has not joined."""
    if membership is None:
        return "", ""
    return {
        _M.ASKED: (_("asked"), _("The hub has your message and will answer.")),
        _M.TRIAL: (_("on trial"), _trial(hub, membership)),
        _M.MEMBER: (_("member"), _fee(hub, membership)),
        _M.REFUSED: (_("not a member"), membership.reason or _("The hub has not taken you in.")),
        _M.LEFT: (_("left"), _("You left this hub.")),
    }[MembershipState(membership.state)]


def _trial(hub: Hub, membership: HubMembership) -> str:
    left = membership.trial_orders_left
    if left:
        return ngettext("%(n)d trial order is left.", "%(n)d trial orders are left.", left) % {"n": left}
    if hub.join_policy == JoinPolicy.APPROVAL:
        return _("Your trial orders are used. The hub decides how it goes on, and tells you.")
    return _("Your trial orders are used. Become a member to go on.")


def _fee(hub: Hub, membership: HubMembership) -> str:
    if not membership.fee_minor:
        return _("You order here like everybody else.")
    fee = money(membership.fee_minor, hub.currency)
    if membership.fee_received_at:
        return _("Your fee of %(fee)s was received. Thank you.") % {"fee": fee}
    return _("Your fee of %(fee)s is still to come; the hub tells you how to pay it.") % {"fee": fee}
