"""The merchant desk: a member's own products, offers and purchase orders, and nothing of anybody else."""

from typing import Any, ClassVar

from django.contrib.admin import display, register
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import FileField, ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from marketplace.access import merchants_of, purchase_orders_for
from marketplace.actions.pictures.add_picture import add_picture, check_picture
from marketplace.actions.search.remember_product import remember_product
from marketplace.admin.columns import chip, local
from marketplace.admin.offer_pages import offer_urls, terms_url
from marketplace.admin.order_columns import OrderColumns
from marketplace.admin.scoping import ReadOnlyInline, ScopedAdmin, actor
from marketplace.admin.sites import merchant_desk
from marketplace.errors import InvalidInput
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
from marketplace.rules.pictures import MOST_BYTES
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


class ProductForm(ModelForm):  # type: ignore[type-arg]
    """A product with its picture, which is checked before anything is kept."""

    picture = FileField(
        label=_("picture"),
        required=False,
        help_text=_("JPEG, PNG, WebP or AVIF, at most 8 MB; it is shown as a square. The newest one counts."),
        widget=UnfoldAdminFileFieldWidget,
    )

    class Meta:
        model = Product
        fields: ClassVar = "__all__"

    def clean_picture(self) -> bytes | None:
        """The file's bytes; refused where it is too large or no picture."""
        file = self.cleaned_data["picture"]
        if not file:
            return None
        content = file.read(MOST_BYTES + 1)
        try:
            check_picture(content=content)
        except InvalidInput as error:
            raise ValidationError(error.facts["problems"][0]["problem"]) from error
        return bytes(content)


@register(Product, site=merchant_desk)
class ProductAdmin(ScopedAdmin):
    form = ProductForm
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

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not isinstance(obj, Product):
            return
        remember_product(product=obj)
        if form.cleaned_data.get("picture"):
            add_picture(product=obj, content=form.cleaned_data["picture"], by=actor(request))

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
    """What is on offer: read only here. Terms change on a page of their own, which says first what that means for
    those who reserved."""

    list_display = ("product_name", "round_name", "window_name", "state", "closes", "case", "cap", "terms")
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

    def get_urls(self) -> list[URLPattern]:
        return [*offer_urls(self), *super().get_urls()]

    @display(description=_("terms"))
    def terms(self, offer: Offer) -> SafeString:
        url = terms_url(self, offer)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Change"))

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
        return date_format(order.window.round.handover_on, "DAY_WITH_YEAR")
