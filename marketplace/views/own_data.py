"""/me/data/: what the house knows of a person, taken along or erased, and what the person agreed to."""

import csv
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.actions.privacy.erase_person import erase_person
from marketplace.errors import NotFound, StillOpen
from marketplace.queries.consents import consent_log, given_kinds
from marketplace.queries.erasing import ends_with, obstacles
from marketplace.queries.own_data import sections_of, subject_of
from marketplace.rules.consents import SWITCHED, ConsentKind
from marketplace.views.household_forms import EraseForm
from marketplace.views.requests import HouseholdRequest

# How fresh a sign-in has to be for what cannot be undone.
FRESH_SECONDS = 600
# What each switch says; these words are kept with the answer.
WORDING = {
    ConsentKind.SUGGESTIONS: gettext_lazy(
        "Suggest goods to me from what my household reserved before. Nobody else sees it."
    ),
    ConsentKind.RESEARCH: gettext_lazy(
        "Use what my household reserved, without names, to find out what works better for everybody."
    ),
}
TITLES = {
    ConsentKind.TERMS.value: gettext_lazy("Terms of use"),
    ConsentKind.SUGGESTIONS.value: gettext_lazy("Personal suggestions"),
    ConsentKind.RESEARCH.value: gettext_lazy("Research"),
}


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
    answer = StreamingHttpResponse(_json(request), content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="windrow-my-data.json"'
    return answer


def _json(request: HouseholdRequest) -> Iterator[str]:
    made = {"made_at": clock.now(), "site": settings.SITE_URL}
    yield f'{{"about": {json.dumps(made, cls=DjangoJSONEncoder)}'
    for section, rows in sections_of(subject_of(request.user)):
        yield f',\n"{section.name}": ['
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        yield "]"
    yield "}\n"


@login_required
@require_safe
@never_cache
def export_csv(request: HouseholdRequest) -> HttpResponseBase:
    """A zip with one CSV per section; large ones are built on disk, never in memory."""
    held = tempfile.SpooledTemporaryFile(max_size=2_000_000)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for section, rows in sections_of(subject_of(request.user)):
            with archive.open(f"{section.name}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
                _csv(text, section.columns, rows)
    held.seek(0)
    return FileResponse(held, as_attachment=True, filename="windrow-my-data.zip", content_type="application/zip")


def _csv(text: io.TextIOWrapper, columns: tuple[str, ...], rows: Iterator[Mapping[str, Any]]) -> None:
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[column]) for column in columns])


def _cell(value: object) -> object:
    """A cell as spreadsheets read it: what looks like a formula is text."""
    if isinstance(value, list | dict):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else value


def signed_in_lately(request: HouseholdRequest) -> bool:
    """Whether this session proved who it is within the last minutes: by allauth's record of it, else by the login."""
    proofs = request.session.get("account_authentication_methods") or []
    newest = max((float(proof.get("at", 0)) for proof in proofs), default=0.0)
    if not proofs and request.user.last_login is not None:
        newest = request.user.last_login.timestamp()
    return time.time() - newest < FRESH_SECONDS


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def erase(request: HouseholdRequest) -> HttpResponse:
    """Says what goes and what stays, asks for a fresh sign-in and a typed word, then erases."""
    fresh = signed_in_lately(request)
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
