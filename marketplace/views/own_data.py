"""/me/data/: what the house knows of a person, taken along or erased, and what the person agreed to."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.accounts.lately import signed_in_lately
from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.actions.privacy.erase_person import erase_person
from marketplace.consent_words import TITLES, WORDING
from marketplace.errors import NotFound, StillOpen
from marketplace.queries.consents import consent_log, given_kinds
from marketplace.queries.erasing import ends_with, obstacles
from marketplace.queries.own_data_files import JSON_NAME, ZIP_NAME, json_pieces, zip_file
from marketplace.rules.consents import SWITCHED
from marketplace.views.household_forms import EraseForm
from marketplace.views.requests import HouseholdRequest


@login_required
@require_safe
@never_cache
def my_data(request: HouseholdRequest) -> HttpResponse:
    """Taking along, agreeing, erasing."""
    given = given_kinds(request.user.pk)
    context = {
        "switches": [
            {"kind": kind.value, "title": TITLES[kind.value], "words": WORDING[kind], "on": kind in given}
            for kind in SWITCHED
        ],
        "log": [
            {"title": TITLES[entry.kind], "given": entry.given, "at": entry.at, "wording": entry.wording}
            for entry in consent_log(request.user.pk)
        ],
    }
    return render(request, "marketplace/own_data/my_data.html", context)


@login_required
@require_POST
@never_cache
def consent(request: HouseholdRequest) -> HttpResponse:
    """One switch, on or off."""
    kind = next((kind for kind in SWITCHED if kind.value == request.POST.get("kind")), None)
    if kind is None:
        raise NotFound(kind="consent", id=0)
    given = request.POST.get("given") == "yes"
    answer_consent(kind=kind, given=given, wording=str(WORDING[kind]), how="my data", by=request.user)
    messages.success(request, _("Switched on.") if given else _("Switched off."))
    return redirect("my_data")


@login_required
@require_safe
@never_cache
def export_json(request: HouseholdRequest) -> HttpResponseBase:
    """One JSON object, a list per section, sent as it is read."""
    answer = StreamingHttpResponse(json_pieces(request.user), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{JSON_NAME}"'
    return answer


@login_required
@require_safe
@never_cache
def export_csv(request: HouseholdRequest) -> HttpResponseBase:
    """A zip with one CSV per section; large ones are built on disk, never in memory."""
    return FileResponse(zip_file(request.user), as_attachment=True, filename=ZIP_NAME, content_type="application/zip")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def erase(request: HouseholdRequest) -> HttpResponse:
    """Says what goes and what stays, asks for a fresh sign-in and a typed word, then erases."""
    fresh = signed_in_lately(request.user, request.session)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and fresh and form.is_valid():
        try:
            erase_person(by=request.user)
        except StillOpen:
            return _erase_page(request, form, fresh, 409)
        logout(request)
        return render(request, "marketplace/own_data/erased.html")
    return _erase_page(request, form, fresh, 422 if request.method == "POST" else 200)


def _erase_page(request: HouseholdRequest, form: EraseForm, fresh: bool, status: int) -> HttpResponse:
    context = {
        "form": form,
        "fresh": fresh,
        "obstacles": obstacles(request.user),
        "alone": bool(ends_with(request.user)),
        "again": f"{reverse('login')}?next={reverse('erase')}",
    }
    return render(request, "marketplace/own_data/erase.html", context, status=status)
