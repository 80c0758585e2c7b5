"""/me/household/: name and presets, who belongs to it, inviting, moving in and moving out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace import clock
from marketplace.actions.households.accept_household_invitation import accept_household_invitation
from marketplace.actions.households.change_household import change_household
from marketplace.actions.households.choose_household import choose_household
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.households.mail_link import mail_link
from marketplace.actions.households.remove_household_member import remove_household_member
from marketplace.actions.households.withdraw_household_invitation import withdraw_household_invitation
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import User
from marketplace.queries.households import HouseholdPage, household_page, open_reservations
from marketplace.queries.invitations import household_invitation
from marketplace.views.household_forms import HouseholdForm, InviteForm, take_problems
from marketplace.views.qr import qr_code
from marketplace.views.requests import HouseholdRequest
from marketplace.words import day_words


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def household(request: HouseholdRequest) -> HttpResponse:
    """The household that the person acts as; a POST changes its name, address and presets."""
    page = household_page(request.user)
    if request.method == "GET":
        return _page(request, page, HouseholdForm.of(page.household))
    form = HouseholdForm(request.POST)
    if form.is_valid():
        try:
            change_household(household_id=page.household.pk, **form.cleaned_data, by=request.user)
        except InvalidInput as refused:
            take_problems(form, refused.facts["problems"])
        else:
            messages.success(request, _("Kept."))
            return redirect("household")
    return _page(request, page, form, status=422)


def _page(
    request: HouseholdRequest,
    page: HouseholdPage,
    form: HouseholdForm,
    invite: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context = {
        "page": page,
        "form": form,
        "invite": invite or InviteForm(),
        "invitations": [
            {"id": link.pk, "email": link.email, "until": day_words(link.expires_at, now, "UTC")}
            for link in page.invitations
        ],
        "alone": len(page.members) == 1,
    }
    return render(request, "marketplace/households/household.html", context, status=status)


@login_required
@require_POST
@never_cache
def invite(request: HouseholdRequest) -> HttpResponse:
    """Makes an invitation: its link is on this answer, and in the mail if an address was given, and nowhere else."""
    page = household_page(request.user)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, page, HouseholdForm.of(page.household), form, 422)
    email = form.cleaned_data["email"]
    try:
        _row, token = invite_to_household(household_id=page.household.pk, email=email, by=request.user)
    except InvalidInput as refused:
        take_problems(form, refused.facts["problems"])
        return _page(request, page, HouseholdForm.of(page.household), form, 422)
    link = request.build_absolute_uri(reverse("household_join", args=[token]))
    facts = {"by": request.user.name, "household": page.household.name, "link": link}
    sent = bool(email) and mail_link(to=email, template="household_invitation", facts=facts)
    context = {**facts, "email": email, "sent": sent, "qr": qr_code(link).svg, "back": reverse("household")}
    return render(request, "marketplace/households/invited.html", context)


@login_required
@require_POST
@never_cache
def withdraw(request: HouseholdRequest, invitation_id: int) -> HttpResponse:
    withdraw_household_invitation(invitation_id=invitation_id, by=request.user)
    messages.success(request, _("The invitation no longer works."))
    return redirect("household")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def remove(request: HouseholdRequest, member_id: int) -> HttpResponse:
    """Asks before somebody goes, oneself or another; then it is done."""
    page = household_page(request.user)
    member = next((member for member in page.members if member.user_id == member_id), None)
    if member is None:
        raise NotFound(kind="household_member", id=member_id)
    if request.method == "GET":
        context = {"page": page, "member": member, "open": open_reservations([page.household.pk])}
        return render(request, "marketplace/households/remove.html", context)
    remove_household_member(household_id=page.household.pk, user_id=member_id, by=request.user)
    told = _("You left %(household)s.") if member.is_me else _("%(person)s no longer belongs to %(household)s.")
    messages.success(request, told % {"household": page.household.name, "person": member.name})
    return redirect("household")


@login_required
@require_POST
@never_cache
def choose(request: HouseholdRequest) -> HttpResponse:
    """Act as another of one's households."""
    chosen = request.POST.get("household", "")
    found = choose_household(
        household_id=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0, by=request.user
    )
    messages.success(request, _("You reserve for %(household)s now.") % {"household": found.name})
    return redirect("household")


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites into what; accepting needs a login, and leads back here."""
    if request.method == "POST" and isinstance(request.user, User):
        found = accept_household_invitation(token=token, by=request.user)
        messages.success(request, _("Welcome. You reserve for %(household)s now.") % {"household": found.name})
        return redirect("household")
    invitation = household_invitation(token)
    context: dict[str, Any] = {
        "by": invitation.by.name,
        "household": invitation.household.name,
        "next": urlencode({"next": request.path}),
    }
    if isinstance(request.user, User):
        mine = household_page(request.user)
        context["inside"] = invitation.household in mine.all_mine
        context["held"] = open_reservations([found.pk for found in mine.all_mine if found != invitation.household])
    return render(request, "marketplace/households/join.html", context)
