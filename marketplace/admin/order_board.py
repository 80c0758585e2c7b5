"""The lists of purchase orders that a desk works through: to confirm, short, to pack, to ship; at the hub, to bill."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.admin.scoping import actor
from marketplace.models import PurchaseOrder
from marketplace.queries.orders.tabs import HUB_TABS, MERCHANT_TABS, Tab, board
from marketplace.rules.states import OrderState

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

TAB_NAMES: dict[Tab, Promise] = {
    Tab.TO_CONFIRM: _("To confirm"),
    Tab.SHORT: _("Short"),
    Tab.TO_PACK: _("To pack"),
    Tab.TO_SHIP: _("To ship"),
    Tab.HELD: _("Held"),
    Tab.TO_RECEIVE: _("To receive"),
    Tab.TO_BILL: _("To bill"),
    Tab.TO_MATCH: _("To match"),
    Tab.ALL: _("All"),
}
EMPTY: dict[Tab, Promise] = {
    Tab.TO_CONFIRM: _("Nothing waits for an answer. Orders appear here minutes after a window closes."),
    Tab.SHORT: _("Nothing is short: everything that was answered comes in full."),
    Tab.TO_PACK: _("Nothing is left to pack."),
    Tab.TO_SHIP: _("Nothing is packed and waits to go out."),
    Tab.HELD: _("No order is held."),
    Tab.TO_RECEIVE: _("Nothing is on its way."),
    Tab.TO_BILL: _("Everything that came has its invoice."),
    Tab.TO_MATCH: _("No invoice waits to be matched."),
    Tab.ALL: _("There is no purchase order yet."),
}
_COLOURS = {
    OrderState.DECLINED: "bad",
    OrderState.PARTLY_CONFIRMED: "waits",
    OrderState.PARTLY_RECEIVED: "waits",
    OrderState.ISSUED: "waits",
    OrderState.CONFIRMED: "good",
    OrderState.RECEIVED: "good",
    OrderState.MATCHED: "good",
}


def state_colour(state: str) -> str:
    """The class of a state's chip: red and straw only for what needs someone."""
    return _COLOURS.get(OrderState(state), "")


def board_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        user, at_hub = actor(request), admin.admin_site.name == "hub"
        tabs = HUB_TABS if at_hub else MERCHANT_TABS
        asked = request.GET.get("tab", "")
        chosen = next((tab for tab in tabs if tab.value == asked), None)
        after = request.GET.get("after", "")
        found = board(
            admin.own_rows(user), tabs=tabs, chosen=chosen or tabs[0],
            after=int(after) if after.isascii() and after.isdigit() and len(after) < 10 else None,
        )  # fmt: skip
        if chosen is None and not found.orders:  # where nothing waits, the first list that has something
            other = next((tab for tab in tabs if found.counts[tab]), tabs[0])
            found, chosen = board(admin.own_rows(user), tabs=tabs, chosen=other), other
        chosen = chosen or tabs[0]
        context = {
            "tabs": [{"code": tab.value, "name": TAB_NAMES[tab], "many": found.counts[tab]} for tab in tabs],
            "chosen": chosen.value,
            "empty": EMPTY[chosen],
            "rows": [_row(order) for order in found.orders],
            "after": found.after,
            "at_hub": at_hub,
            "search_url": reverse("admin:marketplace_purchaseorder_changelist", current_app=admin.admin_site.name),
        }
        return TemplateResponse(request, "marketplace/desk/orders/board.html", context)

    return page


def _row(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "order": order,
        "lines": order.line_count,  # type: ignore[attr-defined]
        "missing": order.missing or 0,  # type: ignore[attr-defined]
        "colour": state_colour(order.state),
    }
