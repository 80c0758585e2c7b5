"""The page on which a hub answers a claim: in words, with an amount, or with why not. Own POST page of the hub desk."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.claims.answer_claim import answer_claim
from marketplace.actions.claims.decline_claim import decline_claim
from marketplace.admin.columns import local, typed_text
from marketplace.errors import ClaimClosed, InvalidInput, MarketError, NotFound
from marketplace.models import Claim, StateChange, User
from marketplace.queries.claims import accepted_so_far, charge_of, claim_for_hub
from marketplace.rules.claims import CLAIM_MOVES, ClaimState
from marketplace.rules.money import MoneyError, parse_minor

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


def claim_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The address of a claim's own page within the hub desk."""
    page = admin.admin_site.admin_view(_answer_page(admin))
    return [path("<int:claim_id>/answer/", page, name="marketplace_claim_answer")]


def _answer_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, claim_id: int) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            raise Http404
        try:
            claim = claim_for_hub(user, claim_id)
        except NotFound:
            raise Http404 from None
        problems: dict[str, str] = {}
        if request.method == "POST":
            problems = _press(request, claim, user)
            if not problems:
                url = reverse("admin:marketplace_claim_changelist", current_app=admin.admin_site.name)
                return HttpResponseRedirect(url)
        context = _context(admin, request, claim, problems)
        return TemplateResponse(request, "desk/claim.html", context, status=422 if problems else 200)

    return answer


def _press(request: HttpRequest, claim: Claim, user: User) -> dict[str, str]:
    """Carry out the pressed button; what stands against it, by field."""
    answer = typed_text(request.POST.get("answer", ""))
    try:
        match request.POST.get("do"):
            case "accept":
                amount = _amount(request, claim)
                accept_claim(claim_id=claim.pk, amount_minor=amount, answer=answer, by=user)
            case "decline":
                decline_claim(claim_id=claim.pk, reason=answer, by=user)
            case "answer":
                answer_claim(claim_id=claim.pk, answer=answer, by=user)
            case _:
                return {"do": _("Choose one of the buttons.")}
    except InvalidInput as refused:
        return {str(told["place"]): str(told["problem"]) for told in refused.facts["problems"]}
    except ClaimClosed:
        return {"do": _("Somebody decided it before; the answer is shown below.")}
    except NotFound:
        raise Http404 from None
    except MarketError as refused:
        return {"do": refused.code}
    messages.success(request, _("Done: the household has been told."))
    return {}


def _amount(request: HttpRequest, claim: Claim) -> int:
    """The typed amount in minor units. Raises InvalidInput, with its place, for what is none."""
    typed = typed_text(request.POST.get("amount", "")).replace(",", ".")
    try:
        return parse_minor(typed, claim.reservation.round.hub.currency)
    except MoneyError:
        problem = _("Write an amount like 1.95.")
        raise InvalidInput(problems=[{"place": "amount", "problem": problem}]) from None


def _context(admin: "ScopedAdmin", request: HttpRequest, claim: Claim, problems: dict[str, str]) -> dict[str, Any]:
    hub = claim.reservation.round.hub
    charge = charge_of(claim)
    most = charge - accepted_so_far(claim)
    moves = CLAIM_MOVES[ClaimState(claim.state)]
    history = StateChange.objects.filter(kind="claim", object_id=claim.pk).select_related("by").order_by("pk")
    return {
        "claim": claim,
        "hub": hub,
        "photos": list(claim.photos.all()),
        "charge": charge,
        "most": most,
        "made": local(claim.made_at, hub.time_zone),
        "answered": local(claim.answered_at, hub.time_zone) if claim.answered_at else "",
        "days": (clock.now() - claim.made_at).days,
        "is_open": bool(moves),
        "may_accept": ClaimState.ACCEPTED in moves and most > 0,
        "problems": problems,
        "typed": request.POST,
        "history": history,
        "back": reverse("admin:marketplace_claim_changelist", current_app=admin.admin_site.name),
    }
