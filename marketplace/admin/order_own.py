"""An order within a desk: found among the desk's own rows, or not at all; and the way to its page."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest
from django.urls import reverse

from marketplace.access import purchase_order_for
from marketplace.errors import NotAllowed, NotFound
from marketplace.models import PurchaseOrder, User
from marketplace.rules.roles import Permission

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


def own_order(
    admin: "ScopedAdmin",
    request: HttpRequest,
    order_id: int,
    permission: Permission = Permission.SEE_PURCHASE_ORDERS,
) -> tuple[User, PurchaseOrder]:
    """Who asks, and the order, if it is the desk's and theirs to do this with; else 404."""
    user = request.user
    if not isinstance(user, User) or not admin.own_rows(user).filter(pk=order_id).exists():
        raise Http404
    try:
        return user, purchase_order_for(user, order_id, permission)
    except (NotFound, NotAllowed):
        raise Http404 from None


def page_url(admin: "ScopedAdmin", order_id: int) -> str:
    """The order's own page."""
    return reverse("admin:marketplace_purchaseorder_answer", args=[order_id], current_app=admin.admin_site.name)
