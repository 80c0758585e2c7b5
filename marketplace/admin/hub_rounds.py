"""The hub desk's rounds: rules, rounds, windows and their offers."""

from datetime import datetime

from django.contrib.admin import display, register
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.admin.columns import amount, chip, local
from marketplace.admin.hub_admin import HubAdmin
from marketplace.admin.offer_pages import offer_urls, terms_url
from marketplace.admin.phone_pages import phone_url, phone_urls
from marketplace.admin.scoping import ReadOnlyInline
from marketplace.admin.sites import hub_desk
from marketplace.admin.window_pages import window_urls
from marketplace.models import (
    Handover,
    Offer,
    OrderingWindow,
    Round,
    RoundRule,
    RoundRuleHandover,
    RoundRuleWindow,
    User,
)
from marketplace.rules.roles import Permission


class RuleWindowInline(ReadOnlyInline):
    model = RoundRuleWindow
    fields = ("name", "opens_days_before", "opens_time", "closes_days_before", "closes_time", "after_close")


class RuleHandoverInline(ReadOnlyInline):
    model = RoundRuleHandover
    fields = ("pickup_point", "starts_time", "ends_time", "capacity", "fee")
    fee = amount("fee_minor", _("fee"), currency="rule__hub__currency")


@register(RoundRule, site=hub_desk)
class RoundRuleAdmin(HubAdmin):
    list_display = ("name", "recurrence", "starts_on", "days_ahead", "is_active")
    ordering = ("name",)
    inlines = (RuleWindowInline, RuleHandoverInline)


class WindowInline(ReadOnlyInline):
    model = OrderingWindow
    fields = ("name", "state", "opens_at", "fills_at", "closes_at", "after_close")
    ordering = ("closes_at",)


class HandoverInline(ReadOnlyInline):
    model = Handover
    fields = ("pickup_point", "starts_at", "ends_at")


@register(Round, site=hub_desk)
class RoundAdmin(HubAdmin):
    list_display = ("name", "handover_on", "windows_count", "phone")
    ordering = ("-handover_on",)
    inlines = (WindowInline, HandoverInline)
    fields = ("name", "handover_on", "planned_on")

    def own_rows(self, user: User) -> QuerySet[Round]:
        return super().own_rows(user).annotate(window_count=Count("windows"))

    def get_urls(self) -> list[URLPattern]:
        return [*phone_urls(self), *super().get_urls()]

    @display(description=_("orders for households"))
    def phone(self, round_: Round) -> SafeString:
        url = phone_url(self, round_.pk)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("By phone"))

    @display(description=_("windows"), ordering="window_count")
    def windows_count(self, round_: Round) -> int:
        count: int = round_.window_count  # type: ignore[attr-defined]
        return count


@register(OrderingWindow, site=hub_desk)
class WindowAdmin(HubAdmin):
    """Windows with their clock; scheduling, cancelling and reopening are a page of their own."""

    list_display = ("name", "round_name", "state_chip", "opens", "closes", "run_it")
    list_filter = ("state",)
    ordering = ("-closes_at",)
    joined = ("round__hub",)
    hub_path = "round__hub"
    fields = ("name", "round_name", "state_chip", "opens", "closes", "after_close", "grace_minutes", "run_it")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fields

    def get_urls(self) -> list[URLPattern]:
        return [*window_urls(self), *super().get_urls()]

    @display(description=_("round"))
    def round_name(self, window: OrderingWindow) -> str:
        return window.round.name

    @chip(description=_("state"), ordering="state")
    def state_chip(self, window: OrderingWindow) -> str:
        return window.state

    @display(description=_("opens"), ordering="opens_at")
    def opens(self, window: OrderingWindow) -> str:
        return _local(window, window.opens_at)

    @display(description=_("closes"), ordering="closes_at")
    def closes(self, window: OrderingWindow) -> str:
        return _local(window, window.closes_at)

    @display(description=_("run"))
    def run_it(self, window: OrderingWindow) -> SafeString:
        url = reverse("admin:marketplace_orderingwindow_run", args=[window.pk], current_app=self.admin_site.name)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Run the window"))


def _local(window: OrderingWindow, moment: datetime) -> str:
    return local(moment, window.round.hub.time_zone)


@register(Offer, site=hub_desk)
class OfferAdmin(HubAdmin):
    list_display = ("product", "merchant", "window", "case", "shortage_rule", "terms")
    list_filter = ("window__state", "shortage_rule", "from_stock")
    search_fields = ("product__name", "product__merchant__name")
    ordering = ("-window__closes_at", "product__name")
    joined = ("product__merchant", "window")
    hub_path = "window__round__hub"
    permission = Permission.SEE_CATALOGUE

    def get_urls(self) -> list[URLPattern]:
        return [*offer_urls(self), *super().get_urls()]

    @display(description=_("terms"))
    def terms(self, offer: Offer) -> SafeString:
        url = terms_url(self, offer)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Change"))

    @display(description=_("merchant"), ordering="product__merchant__name")
    def merchant(self, offer: Offer) -> str:
        return offer.product.merchant.name
