"""The merchant desk: a member's own products, offers and purchase orders, and nothing of anybody else."""

from typing import Any

from django.contrib.admin import display, register
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marketplace.access import merchants_of, purchase_orders_for
from marketplace.admin.columns import chip, local
from marketplace.admin.order_columns import OrderColumns
from marketplace.admin.scoping import ReadOnlyInline, ScopedAdmin, actor
from marketplace.admin.sites import merchant_desk
from marketplace.models import (
    Category,
    DepositType,
    Offer,
    PriceStep,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    TaxClass,
    User,
)
from marketplace.rules.states import WindowState

# What households reserved and a hub ordered: from the announcement to the hand-over it stays as it is. Free are
# descriptions, codes, whether it is sold on, and allergens, which have to be right at once.
_PROMISED = (
    *("name", "category", "pack", "content_amount", "content_unit", "catch_weight", "storage_class"),
    *("shelf_life_days", "deposit_type", "tax_class"),
)
_PROMISED_IN = [s.value for s in (WindowState.SCHEDULED, WindowState.OPEN, WindowState.CLOSED, WindowState.RECEIVING)]
# Shared words of the trade: the same for every merchant, chosen but never edited here.
_SHARED = (Category, DepositType, TaxClass)


@register(Product, site=merchant_desk)
class ProductAdmin(ScopedAdmin):
    list_display = ("name", "sku", "gtin", "category", "storage_class", "shelf_life_days", "is_active")
    list_filter = ("storage_class", "is_active", "catch_weight")
    list_select_related = ("category",)
    search_fields = ("name", "sku", "gtin")
    ordering = ("name",)
    may_add = True
    may_change = True

    def own_rows(self, user: User) -> QuerySet[Product]:
        return Product.objects.filter(merchant__in=merchants_of(user))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A product stays its merchant's; while it is on offer it stays what was promised."""
        if obj is None:
            return ()
        on_offer = Offer.objects.filter(product=obj.pk, window__state__in=_PROMISED_IN).exists()
        return ("merchant", *_PROMISED) if on_offer else ("merchant",)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        related = db_field.remote_field.model
        if related in _SHARED:
            kwargs["queryset"] = related._default_manager.all()
        elif db_field.name == "merchant":
            kwargs["queryset"] = merchants_of(actor(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StepInline(ReadOnlyInline):
    model = PriceStep
    fields = ("from_quantity", "cost_minor", "unit_price_minor")


@register(Offer, site=merchant_desk)
class OfferAdmin(ScopedAdmin):
    """What is on offer: read only, since a price that households reserved on never changes in a form."""

    list_display = ("product_name", "round_name", "window_name", "state", "closes", "case", "cap")
    list_filter = ("window__state",)
    list_select_related = ("product", "window__round__hub", "capacity")
    search_fields = ("product__name", "product__sku")
    ordering = ("-window__closes_at", "product__name")
    inlines = (StepInline,)
    fields = ("product_name", "round_name", "window_name", "closes", "case", "splittable", "multiple", "cap")
    readonly_fields = ("product_name", "round_name", "window_name", "closes", "cap")

    def own_rows(self, user: User) -> QuerySet[Offer]:
        return Offer.objects.filter(product__merchant__in=merchants_of(user)).select_related(
            "product", "window__round__hub", "capacity"
        )

    @display(description=_("product"), ordering="product__name")
    def product_name(self, offer: Offer) -> str:
        return offer.product.name

    @display(description=_("round"))
    def round_name(self, offer: Offer) -> str:
        return offer.window.round.name

    @display(description=_("window"))
    def window_name(self, offer: Offer) -> str:
        return offer.window.name

    @chip(description=_("state"))
    def state(self, offer: Offer) -> str:
        return offer.window.state

    @display(description=_("closes"), ordering="window__closes_at")
    def closes(self, offer: Offer) -> str:
        return local(offer.window.closes_at, offer.window.round.hub.time_zone)

    @display(description=_("cap"))
    def cap(self, offer: Offer) -> str:
        return "–" if offer.capacity is None else str(offer.capacity.limit)


class OrderLineInline(ReadOnlyInline):
    model = PurchaseOrderLine
    fields = ("name", "sku", "gtin", "ordered", "case", "whole_cases", "split", "confirmed", "short_reason")
    ordering = ("pk",)


@register(PurchaseOrder, site=merchant_desk)
class PurchaseOrderAdmin(OrderColumns):
    """The orders to confirm and those behind us. Answering is a page of its own."""

    list_display = ("number_text", "state_chip", "hub", "due", "total", "open_it")
    list_filter = ("state",)
    search_fields = ("number",)
    ordering = ("-issued_at", "-pk")
    inlines = (OrderLineInline,)
    fields = ("number_text", "state_chip", "hub", "due", "goods", "fees", "total", "open_it")
    readonly_fields = fields

    def own_rows(self, user: User) -> QuerySet[PurchaseOrder]:
        return purchase_orders_for(user).filter(merchant__in=merchants_of(user))

    @display(description=_("hub"))
    def hub(self, order: PurchaseOrder) -> str:
        return order.window.round.hub.name

    @display(description=_("for the round of"), ordering="issued_at")
    def due(self, order: PurchaseOrder) -> str:
        return date_format(order.window.round.handover_on, "D j M Y")
