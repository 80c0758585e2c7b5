"""The hub desk's households: who asked to join and how long ago, who orders here, and the hub's terms of joining."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace import clock
from marketplace.access import hubs_where
from marketplace.actions.membership.admit_household import admit_household
from marketplace.actions.membership.change_hub_terms import change_hub_terms
from marketplace.actions.membership.mark_fee_received import mark_fee_received
from marketplace.actions.membership.refuse_household import refuse_household
from marketplace.admin.columns import chip, local, money, typed_text
from marketplace.admin.hub_desk import HubAdmin
from marketplace.admin.scoping import actor
from marketplace.admin.sites import hub_desk
from marketplace.errors import IllegalMove, InvalidInput, MarketError, NotAllowed, NotFound
from marketplace.models import Hub, HubMembership, JoinPolicy, StateChange, User
from marketplace.rules.money import format_minor
from marketplace.rules.roles import Permission
from marketplace.rules.states import MEMBERSHIP_MOVES, MembershipState
from marketplace.views.household_forms import TermsForm, take_problems
from marketplace.words import left_words

_M = MembershipState
JUST_NOW = 3600


@register(HubMembership, site=hub_desk)
class HubMembershipAdmin(HubAdmin):
    """Households at the hub; who asked waits on top. Deciding is a page of its own."""

    list_display = ("household", "hub", "state_chip", "waits", "trial_orders_left", "fee", "decide_it")
    list_filter = ("state",)
    search_fields = ("household__name",)
    ordering = ("state", "asked_at")
    joined = ("household", "hub")
    permission = Permission.ADMIT_MEMBERS
    fields = ("household", "hub", "state_chip", "waits", "trial_orders_left", "fee", "decide_it")
    list_before_template = "desk/membership_terms.html"  # type: ignore[assignment]  # unfold says None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:membership_id>/decide/", wrap(_decide_page(self)), name="marketplace_hubmembership_decide"),
            path("terms/<int:hub_id>/", wrap(_terms_page(self)), name="marketplace_hubmembership_terms"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        hubs = hubs_where(actor(request), self.permission).order_by("name")
        terms = [{"name": hub.name, "link": _address(self, "terms", hub.pk)} for hub in hubs]
        return super().changelist_view(request, {**(extra_context or {}), "terms": terms})

    @chip(description=gettext_lazy("state"), ordering="state")
    def state_chip(self, membership: HubMembership) -> str:
        return membership.state

    @display(description=pgettext_lazy("when it was asked", "asked"), ordering="asked_at")
    def waits(self, membership: HubMembership) -> str:
        if membership.state != _M.ASKED:
            return local(membership.asked_at, membership.hub.time_zone)
        return waiting_words(membership)

    @display(description=gettext_lazy("fee"))
    def fee(self, membership: HubMembership) -> str:
        amount = money(membership.fee_minor, membership.hub.currency) if membership.fee_minor else "–"
        return f"{amount} ✓" if membership.fee_received_at else amount

    @display(description=gettext_lazy("decide"))
    def decide_it(self, membership: HubMembership) -> SafeString:
        url = _address(self, "decide", membership.pk)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Open"))


def waiting_words(membership: HubMembership) -> str:
    """How long the household has waited for its answer."""
    seconds = int((clock.now() - membership.asked_at).total_seconds())
    if seconds < JUST_NOW:
        return _("asked just now")
    return _("waits for %(time)s") % {"time": left_words(seconds)}


def _address(admin: HubAdmin, name: str, pk: int) -> str:
    return reverse(f"admin:marketplace_hubmembership_{name}", args=[pk], current_app=admin.admin_site.name)


def _back(admin: HubAdmin) -> str:
    return reverse("admin:marketplace_hubmembership_changelist", current_app=admin.admin_site.name)


def _decide_page(admin: HubMembershipAdmin) -> Callable[..., HttpResponse]:
    def decide(request: HttpRequest, membership_id: int) -> HttpResponse:
        user = actor(request)
        rows: QuerySet[HubMembership] = admin.own_rows(user)
        membership = rows.filter(pk=membership_id).first()
        if membership is None:
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            problems = _press(request, membership, user)
            if not problems:
                return HttpResponseRedirect(_address(admin, "decide", membership_id))
        context = _context(admin, request, membership, problems)
        return TemplateResponse(request, "desk/membership.html", context, status=422 if problems else 200)

    return decide


def _press(request: HttpRequest, membership: HubMembership, user: User) -> list[str]:
    """Carry out the pressed button; what stands against it, in sentences."""
    try:
        match request.POST.get("do"):
            case "trial" | "member" as to:
                admit_household(membership_id=membership.pk, to=MembershipState(to), by=user)
            case "refuse":
                reason = typed_text(request.POST.get("reason", ""))
                refuse_household(membership_id=membership.pk, reason=reason, by=user)
            case "fee":
                mark_fee_received(membership_id=membership.pk, by=user)
            case _:
                return [_("Choose one of the buttons.")]
    except InvalidInput as refused:
        return [str(told["problem"]) for told in refused.facts["problems"]]
    except IllegalMove:
        return [_("Somebody was faster; how it stands now is shown above.")]
    except (NotFound, NotAllowed):
        raise Http404 from None
    except MarketError as refused:
        return [refused.code]
    messages.success(request, _("Done. The household is told."))
    return []


def _context(
    admin: HubMembershipAdmin, request: HttpRequest, membership: HubMembership, problems: list[str]
) -> dict[str, Any]:
    membership.refresh_from_db()
    moves = MEMBERSHIP_MOVES[MembershipState(membership.state)]
    return {
        "membership": membership,
        "hub": membership.hub,
        "waits": waiting_words(membership) if membership.state == _M.ASKED else "",
        "people": list(membership.household.members.order_by("name").values_list("name", flat=True)),
        "may_trial": _M.TRIAL in moves and membership.hub.trial_orders > 0,
        "may_admit": _M.MEMBER in moves,
        "may_refuse": _M.REFUSED in moves,
        "fee": money(membership.fee_minor, membership.hub.currency) if membership.fee_minor else "",
        "history": StateChange.objects.filter(kind="membership", object_id=membership.pk)
        .select_related("by")
        .order_by("pk"),
        "problems": problems,
        "typed": request.POST,
        "back": _back(admin),
    }


def _terms_page(admin: HubMembershipAdmin) -> Callable[..., HttpResponse]:
    def terms(request: HttpRequest, hub_id: int) -> HttpResponse:
        user = actor(request)
        hub = hubs_where(user, Permission.ADMIT_MEMBERS).filter(pk=hub_id).first()
        if hub is None:
            raise Http404
        form = TermsForm(request.POST or None, initial=_terms(hub), currency=hub.currency, policies=JoinPolicy.choices)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            try:
                change_hub_terms(
                    hub_id=hub.pk,
                    join_policy=typed["join_policy"],
                    trial_orders=typed["trial_orders"],
                    membership_fee_minor=typed["membership_fee"],
                    first_credit_limit_minor=typed["first_credit_limit"],
                    by=user,
                )
            except InvalidInput as refused:
                take_problems(form, refused.facts["problems"])
            else:
                messages.success(request, _("Kept. It holds for households that join from now on."))
                return HttpResponseRedirect(_address(admin, "terms", hub.pk))
        context = {"hub": hub, "form": form, "back": _back(admin), "page": reverse("hub_join", args=[hub.slug])}
        return TemplateResponse(request, "desk/hub_terms.html", context, status=422 if form.errors else 200)

    return terms


def _terms(hub: Hub) -> dict[str, Any]:
    return {
        "join_policy": hub.join_policy,
        "trial_orders": hub.trial_orders,
        "membership_fee": format_minor(hub.membership_fee_minor, hub.currency),
        "first_credit_limit": format_minor(hub.first_credit_limit_minor, hub.currency),
    }
