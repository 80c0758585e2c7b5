"""What a household does on the pages: a line from its card, the review of the basket, giving it back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from marketplace.access import round_for
from marketplace.actions.baskets.set_line import set_line
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.reserve import ReservationAnswer
from marketplace.errors import InvalidInput, NotFound, PriceChanged, WindowClosed
from marketplace.forms import CancelForm, ReviewForm
from marketplace.models import Round
from marketplace.queries import shop
from marketplace.views.deadline import late_line
from marketplace.views.fragments import is_fragment
from marketplace.views.invitations import chosen_group_id
from marketplace.views.line_pages import choose_place, line_form, line_reply, offer_page, own_lines
from marketplace.views.offer_changes import changed_offer
from marketplace.views.requests import HouseholdRequest
from marketplace.views.review import review_context
from marketplace.views.review_forms import keep_review, review_form, typed_review


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def reserve_line(request: HouseholdRequest, round_id: int, offer_id: int) -> HttpResponse:
    """Sets one line of the basket. A form's plain answer is the page it came from; a script gets the line's reply."""
    round_ = round_for(request.user, round_id)
    row = shop.offer_row(request.user, round_id, offer_id)
    if row is None:
        raise NotFound(kind="offer", id=offer_id)
    if request.method == "GET":
        return offer_page(request, round_, row)
    form = line_form(request.POST, round_, row)
    if not form.is_valid():
        return offer_page(request, round_, row, form)
    try:
        done = set_line(
            round_id=round_id,
            change=form.change(offer_id),
            request_key=form.cleaned_data["request_key"],
            handover_id=form.cleaned_data["handover"],
            group_id=chosen_group_id(request, round_),
            by=request.user,
        )
    except InvalidInput as error:
        if not _asks_for_a_place(error):
            raise
        return choose_place(request, round_, row, form)
    except PriceChanged as error:
        return changed_offer(request, round_, row, form, error)
    except WindowClosed as error:
        return late_line(request, round_, row, form, error)
    return line_reply(request, round_, offer_id, done, _back(request, round_id, offer_id))


def _asks_for_a_place(error: InvalidInput) -> bool:
    return any(problem["place"] == "handover" for problem in error.facts["problems"])


def _back(request: HttpRequest, round_id: int, offer_id: int) -> str:
    """Where the form stood, with its filter and page; only an address of this site."""
    back = request.POST.get("back") or request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    page = back if own and f"/rounds/{round_id}/" in back and "/offers/" not in back else ""
    return f"{(page or reverse('round', args=[round_id])).split('#')[0]}#offer-{offer_id}"


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@never_cache
def basket(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """The review: every line, the most it can cost, where it is handed over. A script gets the lines and the bar."""
    round_ = round_for(request.user, round_id)
    if request.method == "GET" and is_fragment(request):
        return own_lines(request, round_)
    if request.method == "GET":
        return _review(request, round_, 200)
    form = review_form(request, round_)
    if not form.is_valid():
        return _review(request, round_, 422, form)
    try:
        keep_review(round_id, form, by=request.user)
    except InvalidInput as error:
        form.add_error("handover", [problem["problem"] for problem in error.facts["problems"]])
        return _review(request, round_, 422, form)
    messages.success(request, _("Kept. You can change it until the round closes."))
    return redirect("reservation", round_id)


def _review(request: HouseholdRequest, round_: Round, status: int, form: ReviewForm | None = None) -> HttpResponse:
    found = shop.basket(request.user, round_.pk)
    context = review_context(found, round_, request.user, request_key=uuid.uuid4().hex)
    return render(request, "marketplace/basket.html", {**context, **typed_review(context, form)}, status=status)


@login_required
@require_POST
@never_cache
def cancel(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """Gives back every line whose window is still open."""
    round_for(request.user, round_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return redirect("basket", round_id)
    answer: ReservationAnswer = cancel_reservation(
        round_id=round_id,
        request_key=form.cleaned_data["request_key"],
        expected_version=form.cleaned_data["version"],
        by=request.user,
    )
    left = bool([line for line in answer.lines if line.firm])
    told = _("What could be given back is. The rest belongs to windows that have closed.") if left else None
    messages.success(request, told or _("Your basket is given back. Nothing is charged."))
    return redirect("round", round_id)
