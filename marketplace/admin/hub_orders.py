"""The hub desk's reservations and purchase orders."""

from typing import Any

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.access import hubs_where, purchase_orders_for
from marketplace.admin.columns import amount
from marketplace.admin.hub_admin import HubAdmin
from marketplace.admin.order_columns import OrderColumns
from marketplace.admin.scoping import ReadOnlyInline
from marketplace.admin.sites import hub_desk
from marketplace.models import PurchaseOrder, PurchaseOrderLine, Reservation, ReservationLine, User
from marketplace.rules.roles import Permission


class ReservationLineInline(ReadOnlyInline):
    model = ReservationLine
    fields = ("offer", "firm", "offered_back", "flexible", "flexible_for", "price_limit", "whole_only")
    price_limit = amount("max_unit_price_minor", _("price limit"), currency="reservation__round__hub__currency")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("offer__product", "reservation__round__hub")


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
