"""The page on which an offer's terms change: first what it means for those who reserved, then the change. Own POST
pages of the hub desk and the merchant desk."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.access import offer_to_change
from marketplace.actions.offers.change_offer import change_offer
from marketplace.admin.columns import local, typed_text
from marketplace.admin.offer_form import OfferForm, read, shown
from marketplace.errors import IllegalMove, InvalidInput, NotFound, WindowClosed
from marketplace.models import Offer, OfferChange, User
from marketplace.queries.offer_changes import Effect, effect_of, terms_now
from marketplace.rules.states import WindowState

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_BEFORE_OPENING = (WindowState.DRAFT.value, WindowState.SCHEDULED.value)


def offer_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The address of an offer's terms within a desk."""
    page = admin.admin_site.admin_view(_terms_page(admin))
    return [path("<int:offer_id>/terms/", page, name="marketplace_offer_terms")]


def terms_url(admin: "ScopedAdmin", offer: Offer) -> str:
    """Where an offer's terms are changed."""
    return reverse("admin:marketplace_offer_terms", args=[offer.pk], current_app=admin.admin_site.name)


def _terms_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def terms(request: HttpRequest, offer_id: int) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            raise Http404
        offer = _own(admin, user, offer_id)
        currency = offer.window.round.hub.currency
        now = terms_now(offer)
        if request.method != "POST":
            return _answer(admin, request, offer, shown(now, currency))
        typed = {name: typed_text(str(value)) for name, value in request.POST.items()}
        form = read(typed, now, currency)
        if form.terms is None:
            return _answer(admin, request, offer, form, status=422)
        if typed.get("do") != "change":
            return _answer(admin, request, offer, form, effect=effect_of(offer, form.terms))
        problems = _change(offer, form, typed.get("version", ""), user)
        if problems:
            return _answer(admin, request, offer, form, problems=problems, status=422)
        messages.success(request, _("The offer is changed."))
        return HttpResponseRedirect(terms_url(admin, offer))

    return terms


def _own(admin: "ScopedAdmin", user: User, offer_id: int) -> Offer:
    """The offer, if it is a row of the desk and the person may change it."""
    try:
        offer = offer_to_change(user, offer_id)
    except NotFound:
        raise Http404 from None
    if not admin.own_rows(user).filter(pk=offer_id).exists():
        raise Http404
    return offer


def _change(offer: Offer, form: OfferForm, version: str, user: User) -> dict[str, str]:
    """Make the change; what stands against it, by field."""
    if form.terms is None:
        return dict(form.problems)
    try:
        change_offer(
            offer_id=offer.pk,
            terms=form.terms,
            reason=form.reason,
            expected_version=int(version) if version.isdigit() and len(version) < 9 else 0,
            by=user,
        )
    except InvalidInput as refused:
        found: dict[str, str] = {}
        for told in refused.facts["problems"]:
            found[told["place"]] = " ".join(filter(None, [found.get(told["place"]), str(told["problem"])]))
        return found
    except WindowClosed:
        return {"page": _("Its window has closed, so the offer stays as it was reserved.")}
    except IllegalMove:
        return {"page": _("Somebody else changed this offer meanwhile; look at it again before you change it.")}
    return {}


def _answer(
    admin: "ScopedAdmin",
    request: HttpRequest,
    offer: Offer,
    form: OfferForm,
    *,
    effect: Effect | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    hub = offer.window.round.hub
    closes = local(offer.window.closes_at, hub.time_zone)
    context: dict[str, Any] = {
        "offer": offer,
        "hub": hub,
        "closes": closes,
        "form": form,
        "problems": {**form.problems, **(problems or {})},
        "effect": effect,
        "meaning": [] if effect is None else _meaning(offer, effect, closes),
        "open": offer.window.state == WindowState.OPEN,
        "changeable": offer.window.state in (*_BEFORE_OPENING, WindowState.OPEN.value),
        "history": OfferChange.objects.filter(offer=offer).select_related("by").order_by("-version")[:10],
        "back": reverse("admin:marketplace_offer_changelist", current_app=admin.admin_site.name),
    }
    return TemplateResponse(request, "desk/offer_terms.html", context, status=status)


def _meaning(offer: Offer, effect: Effect, closes: str) -> list[str]:
    """What the change means for those who reserved, in sentences."""
    if not effect.changes:
        return [_("These are the terms already; nothing would change.")]
    if offer.window.state in _BEFORE_OPENING:
        return [_("Ordering is not open yet, so it simply applies.")]
    told = []
    if effect.cut:
        told.append(
            ngettext(
                "%(households)d household loses %(units)d units at once, by the rule “%(rule)s”, and is told.",
                "%(households)d households lose %(units)d units at once, by the rule “%(rule)s”, and are told.",
                effect.cut,
            )
            % {"households": effect.cut, "units": effect.cut_units, "rule": offer.get_shortage_rule_display()}
        )
    if effect.needs_agreement and effect.waiting:
        told.append(
            ngettext(
                "%(households)d household has to agree by %(closes)s; without that its line is released.",
                "%(households)d households have to agree by %(closes)s; without that their lines are released.",
                effect.waiting,
            )
            % {"households": effect.waiting, "closes": closes}
        )
    if not effect.households:
        told.append(_("Nobody has reserved it yet, so nobody has to agree."))
    elif not told:
        told.append(
            ngettext(
                "%(households)d household reserved it; for it nothing gets worse, so it applies at once.",
                "%(households)d households reserved it; for them nothing gets worse, so it applies at once.",
                effect.households,
            )
            % {"households": effect.households}
        )
    return told
