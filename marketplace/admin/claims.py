"""Claims on the desks: the hub answers them, the oldest first; a merchant sees those about its goods, without names."""

from django.contrib.admin import display, register
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace import clock
from marketplace.admin.claim_pages import claim_urls
from marketplace.admin.columns import chip, local, money
from marketplace.admin.hub_desk import HubAdmin
from marketplace.admin.scoping import ScopedAdmin
from marketplace.admin.sites import hub_desk, merchant_desk
from marketplace.models import Claim, User
from marketplace.queries.claims import claims_for_hub, claims_for_merchant
from marketplace.rules.claims import ClaimState
from marketplace.rules.roles import Permission

_WAITING = [ClaimState.OPEN.value, ClaimState.ANSWERED.value]


def _about(claim: Claim) -> str:
    return claim.line.offer.product.name if claim.line else str(_("the order as a whole"))


def _age(claim: Claim) -> str:
    days = (clock.now() - claim.made_at).days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


@register(Claim, site=hub_desk)
class ClaimAdmin(HubAdmin):
    """Those that wait, the oldest first; then what was decided."""

    list_display = ("about", "kind", "household", "state_chip", "age", "given_back", "open_it")
    list_filter = ("state", "kind")
    search_fields = ("reservation__household__name", "line__offer__product__name")
    ordering = ("made_at",)
    hub_path = "reservation__round__hub"
    permission = Permission.ANSWER_HOUSEHOLDS
    fields = ("about", "kind", "units", "text", "household", "state_chip", "given_back", "answer", "open_it")
    readonly_fields = fields

    def own_rows(self, user: User) -> QuerySet[Claim]:
        decided = Case(When(state__in=_WAITING, then=Value(0)), default=Value(1))
        return claims_for_hub(user, self.permission).annotate(decided=decided)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("decided", "made_at")

    def get_urls(self) -> list[URLPattern]:
        return [*claim_urls(self), *super().get_urls()]

    @display(description=_("about"))
    def about(self, claim: Claim) -> str:
        return _about(claim)

    @display(description=_("household"), ordering="reservation__household__name")
    def household(self, claim: Claim) -> str:
        return claim.reservation.household.name

    @chip(description=_("state"), ordering="state")
    def state_chip(self, claim: Claim) -> str:
        return claim.state

    @display(description=_("waits for"), ordering="made_at")
    def age(self, claim: Claim) -> str:
        return _age(claim) if claim.state in _WAITING else "–"

    @display(description=_("given back"), ordering="accepted_minor")
    def given_back(self, claim: Claim) -> str:
        return money(claim.accepted_minor, claim.reservation.round.hub.currency)

    @display(description=_("claim"))
    def open_it(self, claim: Claim) -> SafeString:
        url = reverse("admin:marketplace_claim_answer", args=[claim.pk], current_app=self.admin_site.name)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Open the claim"))


@register(Claim, site=merchant_desk)
class MerchantClaimAdmin(ScopedAdmin):
    """What households reported about the merchant's goods. Who they are stays with the hub."""

    list_display = ("about", "kind", "units", "hub", "state_chip", "made")
    list_filter = ("state", "kind")
    search_fields = ("line__offer__product__name",)
    ordering = ("-made_at",)
    fields = ("about", "kind", "units", "text", "pictures", "hub", "state_chip", "made", "given_back")
    readonly_fields = fields

    def own_rows(self, user: User) -> QuerySet[Claim]:
        return claims_for_merchant(user)

    @display(description=_("about"))
    def about(self, claim: Claim) -> str:
        return _about(claim)

    @display(description=_("hub"))
    def hub(self, claim: Claim) -> str:
        return claim.reservation.round.hub.name

    @chip(description=_("state"), ordering="state")
    def state_chip(self, claim: Claim) -> str:
        return claim.state

    @display(description=_("reported"), ordering="made_at")
    def made(self, claim: Claim) -> str:
        return local(claim.made_at, claim.reservation.round.hub.time_zone)

    @display(description=_("given back by the hub"))
    def given_back(self, claim: Claim) -> str:
        return money(claim.accepted_minor, claim.reservation.round.hub.currency)

    @display(description=_("pictures"))
    def pictures(self, claim: Claim) -> SafeString | str:
        addresses = [reverse("claim_photo", args=[pk]) for pk in claim.photos.values_list("pk", flat=True)]
        rows = ((address, address, str(_("Picture of the claim"))) for address in addresses)
        return format_html_join(" ", '<a href="{}"><img src="{}" alt="{}" width="160"></a>', rows) or "–"
