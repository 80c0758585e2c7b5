"""The hub desk: a hub's own rounds, windows, orders and reservations, within the role of the person at the desk."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.admin import display, register
from django.db.models import Count, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.access import hubs_where, purchase_orders_for
from marketplace.admin.columns import chip, local
from marketplace.admin.offer_pages import offer_urls, terms_url
from marketplace.admin.order_columns import OrderColumns
from marketplace.admin.phone_pages import phone_url, phone_urls
from marketplace.admin.scoping import ReadOnlyInline, ScopedAdmin
from marketplace.admin.sites import hub_desk
from marketplace.admin.window_pages import window_urls
from marketplace.models import (
    Group,
    Handover,
    Hub,
    Offer,
    OrderingWindow,
    PickupPoint,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    Round,
    RoundRule,
    RoundRuleHandover,
    RoundRuleWindow,
    Supply,
    User,
)
from marketplace.rules.roles import Permission


class HubAdmin(ScopedAdmin):
    """Rows of the hubs at which the person carries `permission`; `hub_path` leads from the row to its hub."""

    permission: ClassVar[Permission] = Permission.SEE_HUB
    changing: ClassVar[Permission | None] = None
    hub_path: ClassVar[str] = "hub"
    joined: ClassVar[tuple[str, ...]] = ()

    def own_rows(self, user: User) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(**{f"{self.hub_path}__in": hubs_where(user, self.permission)})
        return rows.select_related(*self.joined) if self.joined else rows

    def may_see(self, user: User) -> bool:
        return hubs_where(user, self.permission).exists()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may_change(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return self._may_change(request)
        return self._may_change(request) and self.changeable(request).filter(pk=obj.pk).exists()

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name == "hub" and self.changing is not None and isinstance(request.user, User):
            kwargs["queryset"] = hubs_where(request.user, self.changing)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeable(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the person may change: those of hubs where it carries `changing`."""
        if self.changing is None or not isinstance(request.user, User):
            return self.model._default_manager.none()
        return self.model._default_manager.filter(**{f"{self.hub_path}__in": hubs_where(request.user, self.changing)})

    def _may_change(self, request: HttpRequest) -> bool:
        return (
            self.changing is not None
            and isinstance(request.user, User)
            and self.admin_site.has_permission(request)
            and hubs_where(request.user, self.changing).exists()
        )


@register(Hub, site=hub_desk)
class HubOwnAdmin(HubAdmin):
    list_display = ("name", "time_zone", "currency", "email")
    hub_path = "pk"


@register(PickupPoint, site=hub_desk)
class PickupPointAdmin(HubAdmin):
    list_display = ("name", "address", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("name",)
    changing = Permission.RUN_ROUNDS


@register(Supply, site=hub_desk)
class SupplyAdmin(HubAdmin):
    list_display = ("merchant", "minimum_order_value_minor", "small_order_fee_minor", "lead_hours", "is_active")
    search_fields = ("merchant__name",)
    ordering = ("merchant__name",)
    joined = ("merchant", "hub")


@register(Group, site=hub_desk)
class GroupAdmin(HubAdmin):
    list_display = ("name", "host", "pickup_point", "households")
    search_fields = ("name",)
    ordering = ("name",)
    joined = ("host", "pickup_point")
    fields = ("name", "host", "pickup_point")
    permission = Permission.SEE_RESERVATIONS

    def own_rows(self, user: User) -> QuerySet[Group]:
        return super().own_rows(user).annotate(member_count=Count("memberships"))

    @display(description=_("households"), ordering="member_count")
    def households(self, group: Group) -> int:
        count: int = group.member_count  # type: ignore[attr-defined]
        return count


class RuleWindowInline(ReadOnlyInline):
    model = RoundRuleWindow
    fields = ("name", "opens_days_before", "opens_time", "closes_days_before", "closes_time", "after_close")


class RuleHandoverInline(ReadOnlyInline):
    model = RoundRuleHandover
    fields = ("pickup_point", "starts_time", "ends_time", "capacity", "fee_minor")


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


class ReservationLineInline(ReadOnlyInline):
    model = ReservationLine
    fields = ("offer", "firm", "offered_back", "flexible", "flexible_for", "max_unit_price_minor", "whole_only")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("offer__product")


@register(Reservation, site=hub_desk)
class ReservationAdmin(HubAdmin):
    list_display = ("household", "round", "handover", "state", "version", "changed_at")
    list_filter = ("state",)
    search_fields = ("household__name",)
    ordering = ("-changed_at",)
    joined = ("household", "round", "handover__pickup_point")
    hub_path = "round__hub"
    permission = Permission.SEE_RESERVATIONS
    inlines = (ReservationLineInline,)


class OrderLineInline(ReadOnlyInline):
    model = PurchaseOrderLine
    fields = ("name", "sku", "ordered", "case", "whole_cases", "split", "hub_units", "confirmed", "short_reason")
    ordering = ("pk",)


@register(PurchaseOrder, site=hub_desk)
class PurchaseOrderAdmin(HubAdmin, OrderColumns):  # type: ignore[misc]  # unfold's own bases differ, Python 3.11
    list_display = ("number_text", "merchant", "state_chip", "held", "round_name", "total", "open_it")
    list_filter = ("state",)
    search_fields = ("merchant__name", "number")
    ordering = ("-issued_at", "merchant__name")
    permission = Permission.SEE_PURCHASE_ORDERS
    inlines = (OrderLineInline,)
    fields = ("number_text", "merchant", "state_chip", "held", "round_name", "goods", "fees", "total", "open_it")
    readonly_fields = fields

    def own_rows(self, user: User) -> QuerySet[PurchaseOrder]:
        return purchase_orders_for(user).filter(window__round__hub__in=hubs_where(user, self.permission))

    @display(description=_("held for"), ordering="held_for")
    def held(self, order: PurchaseOrder) -> str:
        return order.held_for or "–"

    @display(description=_("round"))
    def round_name(self, order: PurchaseOrder) -> str:
        return f"{order.window.round} · {order.window}"
