"""Stars and words for one merchant's goods of a round."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.actions.ratings.rate import rate as rate_merchant
from marketplace.errors import InvalidInput
from marketplace.views.outcome_pages import reservation_again
from marketplace.views.requests import HouseholdRequest


@login_required
@require_POST
def rate(request: HouseholdRequest, round_id: int, merchant_id: int) -> HttpResponse:
    """Keeps the rating; one that cannot be read comes back as it was typed."""
    stars, words = request.POST.get("stars", ""), request.POST.get("words", "").replace("\0", "")
    count = int(stars) if stars.isdecimal() and len(stars) == 1 else 0
    try:
        rate_merchant(round_id=round_id, merchant_id=merchant_id, stars=count, words=words, by=request.user)
    except InvalidInput as refused:
        problem = " ".join(str(told["problem"]) for told in refused.facts["problems"])
        return reservation_again(request, round_id, merchant_id, stars=count, words=words, problem=problem)
    messages.success(request, _("Thank you. The merchant reads it without your name."))
    return HttpResponseRedirect(f"{reverse('reservation', args=[round_id])}#ratings")
