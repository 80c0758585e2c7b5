"""What both desks show of a purchase order in their lists, and the way to its own page."""

from django.contrib.admin import AdminSite, display
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.admin.columns import chip, money
from marketplace.admin.order_pages import order_urls
from marketplace.admin.scoping import ScopedAdmin
from marketplace.models import PurchaseOrder


class OrderColumns(ScopedAdmin):
    """Number, state, totals, and the page on which the order is answered."""

    admin_site: AdminSite

    def get_urls(self) -> list[URLPattern]:
        return [*order_urls(self), *super().get_urls()]

    @display(description=_("number"), ordering="number")
    def number_text(self, order: PurchaseOrder) -> str:
        return str(order)

    @chip(description=_("state"), ordering="state")
    def state_chip(self, order: PurchaseOrder) -> str:
        return order.state

    @display(description=_("goods"), ordering="goods_minor")
    def goods(self, order: PurchaseOrder) -> str:
        return money(order.goods_minor, order.currency)

    @display(description=_("fees"))
    def fees(self, order: PurchaseOrder) -> str:
        return money(order.fees_minor, order.currency)

    @display(description=_("total"), ordering="total_minor")
    def total(self, order: PurchaseOrder) -> str:
        return money(order.total_minor, order.currency)

    @display(description=_("order"))
    def open_it(self, order: PurchaseOrder) -> SafeString:
        url = reverse("admin:marketplace_purchaseorder_answer", args=[order.pk], current_app=self.admin_site.name)
        return format_html('<a class="font-semibold text-primary-600" href="{}">{}</a>', url, _("Open the order"))
