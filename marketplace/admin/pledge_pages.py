"""Pledges on the merchant desk, while a window is open: "I can supply up to x", "lower price y from z units"."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace import clock
from marketplace.access import offer_to_change
from marketplace.actions.pledging.pledge_price import pledge_price
from marketplace.actions.pledging.pledge_supply import pledge_supply
from marketplace.actions.pledging.withdraw_pledge import withdraw_pledge
from marketplace.admin.catalogue_desk import Page, address, answer, by_place, found_or_404, typed
from marketplace.admin.catalogue_words import ladder_words
from marketplace.admin.columns import local
from marketplace.admin.offer_pages import effect_words
from marketplace.errors import IllegalMove, InvalidInput, WindowClosed
from marketplace.models import Offer, Pledge, User
from marketplace.queries.offer_changes import effect_of, terms_now
from marketplace.queries.pledges import pledge_for, signals_of
from marketplace.queries.standings import standings
from marketplace.queries.terms_words import warnings_about
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of
from marketplace.rules.catalogue.pledges import BadPledge, price_beside, pricing, supplying
from marketplace.rules.ladders import MOST_UNITS
from marketplace.rules.offer_changes import Terms
from marketplace.rules.states import WindowState
from marketplace.views.clocks import clock_of
from marketplace.views.rows import row_of
from marketplace.words import broken_words, money

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_BEFORE_OPENING = (WindowState.DRAFT.value, WindowState.SCHEDULED.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pledge as it was typed and can be read."""

    kind: str
    units: int
    cost: int = 0
    unit_price: int | None = None

    def terms(self, now: Terms) -> Terms:
        """The offer's terms with it. Raises BadPledge."""
        if self.kind == Pledge.Kind.SUPPLY:
            return supplying(now, self.units)
        price = self.unit_price if self.unit_price is not None else price_beside(now, self.units, self.cost)
        return pricing(now, self.units, self.cost, price)


def pledge_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The addresses of pledges within the merchant desk."""
    wrap = admin.admin_site.admin_view
    return [
        path("<id:offer_id>/pledge/", wrap(_pledge_page(admin)), name="marketplace_offer_pledge"),
        path("pledge/<id:pledge_id>/withdraw/", wrap(_withdraw(admin)), name="marketplace_offer_pledge_withdraw"),
    ]


def _pledge_page(admin: "ScopedAdmin") -> Page:
    def pledge(request: HttpRequest, offer_id: int) -> HttpResponse:
        user, offer = _own(admin, request, offer_id)
        if offer.window.state in _BEFORE_OPENING:
            return HttpResponseRedirect(address(admin, "offer_terms", offer_id))
        sent, meaning = typed(request), list[str]()
        problems: dict[str, str] = {}
        if request.method == "POST":
            wanted, problems = _read(sent, offer)
            if wanted is not None and sent.get("do") == "pledge":
                problems = _make(wanted, offer, sent, user)
                if not problems:
                    messages.success(request, _("Pledged. The households see it now."))
                    return HttpResponseRedirect(address(admin, "offer_pledge", offer_id))
            elif wanted is not None:
                meaning = _meaning(wanted, offer, problems)
        context = _context(offer, sent, problems, meaning)
        context["back"] = address(admin, "offer_changelist")
        return answer(admin, request, "pledge", context, 422 if problems else 200)

    return pledge


def _own(admin: "ScopedAdmin", request: HttpRequest, offer_id: int) -> tuple[User, Offer]:
    """The offer, if it is a row of the desk and the person may change it."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    offer: Offer = found_or_404(offer_to_change, user, offer_id)
    if not admin.own_rows(user).filter(pk=offer_id).exists():
        raise Http404
    return user, offer


def _read(sent: dict[str, str], offer: Offer) -> tuple[Wanted | None, dict[str, str]]:
    """What was typed; every mistake beside its field."""
    kind, currency = sent.get("kind", ""), offer.window.round.hub.currency
    problems: dict[str, str] = {}
    if kind not in Pledge.Kind.values:
        return None, {"page": _("Choose one of the two.")}
    supplies = kind == Pledge.Kind.SUPPLY
    found: dict[str, int] = {}
    readers = [("units", lambda text: count_of(text, 0 if supplies else 1, MOST_UNITS))]
    if not supplies:
        readers += [(name, lambda text: money_of(text, currency)) for name in ("cost", "price")]
    for name, read in readers:
        field = f"{kind}-{name}"
        text = sent.get(field, "")
        if name == "price" and not text:
            continue
        try:
            found[name] = read(text)
        except Refusal as refused:
            problems[field] = broken_words(refused.broken)
    if problems:
        return None, problems
    return Wanted(kind, found["units"], found.get("cost", 0), found.get("price")), {}


def _meaning(wanted: Wanted, offer: Offer, problems: dict[str, str]) -> list[str]:
    """What the pledge means for those who reserved, without making it."""
    try:
        after = wanted.terms(terms_now(offer))
    except BadPledge as bad:
        problems[f"{wanted.kind}-{bad.place}"] = broken_words(bad.broken)
        return []
    hub = offer.window.round.hub
    told = effect_words(offer, effect_of(offer, after), local(offer.window.closes_at, hub.time_zone))
    if wanted.kind == Pledge.Kind.PRICE:
        told.insert(0, _("The ladder becomes: %(ladder)s.") % {"ladder": ladder_words(after.ladder, hub.currency)})
        told += warnings_about(after, hub.currency)
    return told


def _make(wanted: Wanted, offer: Offer, sent: dict[str, str], user: User) -> dict[str, str]:
    """Make the pledge; what stands against it, by field."""
    version = sent.get("version", "")
    named: dict[str, Any] = {
        "offer_id": offer.pk,
        "units": wanted.units,
        "reason": sent.get("reason", ""),
        "expected_version": int(version) if version.isdigit() and len(version) < 9 else 0,
        "by": user,
    }
    try:
        if wanted.kind == Pledge.Kind.SUPPLY:
            pledge_supply(**named)
        else:
            pledge_price(cost=wanted.cost, unit_price=wanted.unit_price, **named)
    except InvalidInput as refused:
        return {
            "reason" if place == "reason" else f"{wanted.kind}-{place}": told
            for place, told in by_place(refused.facts["problems"]).items()
        }
    except WindowClosed:
        return {"page": _("Its window has closed, so the offer stays as it was reserved.")}
    except IllegalMove:
        return {"page": _("Somebody else changed this offer meanwhile; look at it again before you pledge.")}
    return {}


def _context(offer: Offer, sent: dict[str, str], problems: dict[str, str], meaning: list[str]) -> dict[str, Any]:
    hub, now = offer.window.round.hub, clock.now()
    known = standings([offer.pk]).get(offer.pk)
    terms = terms_now(offer)
    pledges = list(offer.pledges.select_related("by").order_by("-pk")[:20])
    return {
        "offer": offer,
        "hub": hub,
        "clock": clock_of(offer.window, now, hub.time_zone),
        "open": offer.window.takes_reservations(now),
        "standing": known,
        "row": None
        if known is None
        else row_of(reserved=known.reserved, sure=known.sure, waiting=known.waiting, target=known.target),
        "signal": signals_of([offer.pk]).get(offer.pk),
        "cap": terms.cap,
        "ladder": ladder_words(terms.ladder, hub.currency),
        "sent": {name.replace("-", "_"): value for name, value in sent.items()},
        "problems": {name.replace("-", "_"): value for name, value in problems.items()},
        "meaning": meaning,
        "standing_pledges": [_pledge_row(each, hub.currency) for each in pledges if each.state == "standing"],
        "past_pledges": [_pledge_row(each, hub.currency) for each in pledges if each.state != "standing"],
    }


def _pledge_row(pledge: Pledge, currency: str) -> dict[str, Any]:
    if pledge.kind == Pledge.Kind.SUPPLY:
        words = _("up to %(units)d units") % {"units": pledge.units}
    else:
        words = _("%(price)s (cost %(cost)s) from %(units)d units") % {
            "units": pledge.units,
            "price": money(pledge.unit_price_minor or 0, currency),
            "cost": money(pledge.cost_minor or 0, currency),
        }
    return {"pledge": pledge, "words": words}


def _withdraw(admin: "ScopedAdmin") -> Page:
    @require_POST
    def withdraw(request: HttpRequest, pledge_id: int) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            raise Http404
        pledge: Pledge = found_or_404(pledge_for, user, pledge_id)
        _own(admin, request, pledge.offer_id)
        try:
            withdraw_pledge(pledge_id=pledge_id, reason=typed(request).get("reason", ""), by=user)
        except InvalidInput as refused:
            messages.error(request, " ".join(str(told["problem"]) for told in refused.facts["problems"]))
        except WindowClosed:
            messages.error(request, _("Its window has closed, so the offer stays as it was reserved."))
        except IllegalMove:
            messages.error(
                request, _("The offer was changed since, so there is nothing to take back: change its terms instead.")
            )
        else:
            messages.success(request, _("Taken back. Those whom it concerns are told."))
        return HttpResponseRedirect(address(admin, "offer_pledge", pledge.offer_id))

    return withdraw
