"""/me/security/: by what one signs in, and from where one is signed in."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.actions.accounts.end_session import end_other_sessions, end_session
from marketplace.queries.sign_in import sign_in_of
from marketplace.views.devices import device_words
from marketplace.views.requests import HouseholdRequest


@require_safe
@never_cache
@login_required
def security(request: HouseholdRequest) -> HttpResponse:
    """E-mail, password, passkeys, app, recovery codes, devices."""
    found = sign_in_of(request.user, request.session.session_key)
    devices = [(device, device_words(device.agent)) for device in found.devices]
    context = {"sign_in": found, "devices": devices, "others": len(devices) > 1}
    return render(request, "account/security.html", context)


@require_safe
@never_cache
@login_required
def needs_second_step(request: HouseholdRequest) -> HttpResponse:
    """Where somebody is led who may enter a desk but has no second step yet; done, it leads on."""
    found = sign_in_of(request.user, request.session.session_key)
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    if safe:
        request.session["after_second_step"] = back
    if found.has_second_step or not settings.MFA_REQUIRED:
        return HttpResponseRedirect(request.session.pop("after_second_step", reverse("mfa_index")))
    return render(request, "account/needs_second_step.html", {})


@require_POST
@login_required
def end_device(request: HouseholdRequest, session_id: int) -> HttpResponse:
    """Sign one other browser or app out."""
    end_session(session_id=session_id, by=request.user)
    return HttpResponseRedirect(reverse("mfa_index"))


@require_POST
@login_required
def end_other_devices(request: HouseholdRequest) -> HttpResponse:
    """Sign every other browser and app out."""
    end_other_sessions(session_key=request.session.session_key or "", by=request.user)
    return HttpResponseRedirect(reverse("mfa_index"))
