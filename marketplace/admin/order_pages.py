"""The pages on which a purchase order is answered, released and sent again: own POST pages, on both desks."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.access import purchase_order_for, purchase_orders_for
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.release_order import release_order
from marketplace.actions.send_again import send_again
from marketplace.admin.columns import typed_text
from marketplace.errors import InvalidInput, MarketError, NotAllowed, NotFound
from marketplace.models import Dispatch, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.roles import Permission
from marketplace.rules.states import ORDER_MOVES, OrderState

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_COUNT = re.compile(r"[0-9]{1,7}")


def order_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The addresses of an order's own pages within a desk; the desk's rows bound them."""
    wrap = admin.admin_site.admin_view
    pages: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
        ("<int:order_id>/answer/", "answer", _answer_page(admin)),
        ("<int:order_id>/release/", "release", _button(admin, release_order)),
        ("<int:order_id>/send-again/", "send_again", _button(admin, send_again)),
    )
    return [path(route, wrap(view), name=f"marketplace_purchaseorder_{name}") for route, name, view in pages]


def _own(admin: "ScopedAdmin", request: HttpRequest, order_id: int) -> tuple[User, PurchaseOrder]:
    user = request.user
    if not isinstance(user, User) or not admin.own_rows(user).filter(pk=order_id).exists():
        raise Http404
    return user, purchase_order_for(user, order_id)


def _page(admin: "ScopedAdmin", order_id: int) -> str:
    return reverse("admin:marketplace_purchaseorder_answer", args=[order_id], current_app=admin.admin_site.name)


def _answer_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = _own(admin, request, order_id)
        lines = list(order.lines.order_by("pk"))
        problems: dict[str, str] = {}
        if request.method == "POST":
            try:
                _confirm(request, order, lines, user)
                return HttpResponseRedirect(_page(admin, order_id))
            except InvalidInput as refused:
                problems = {told["place"]: told["problem"] for told in refused.facts["problems"]}
            except NotAllowed:
                raise Http404 from None
            except MarketError:
                messages.error(request, _("This order can no longer be answered; its state is shown above."))
                return HttpResponseRedirect(_page(admin, order_id))
        context = _context(admin, request, order, lines, problems, user)
        return TemplateResponse(request, "desk/order.html", context, status=422 if problems else 200)

    return answer


def _confirm(request: HttpRequest, order: PurchaseOrder, lines: list[PurchaseOrderLine], user: User) -> None:
    whole = "whole" in request.POST
    answers = None if whole else {line.pk: _typed(request.POST, line) for line in lines}
    confirm_purchase_order(order_id=order.pk, answers=answers, by=user)
    messages.success(request, _("Thank you. The hub knows what will come."))


def _typed(typed: Mapping[str, Any], line: PurchaseOrderLine) -> LineAnswer:
    """What was typed for a line; what is no count becomes -1, which the rules refuse with the line's place."""
    count = str(typed.get(f"confirmed-{line.pk}", "")).strip()
    return LineAnswer(int(count) if _COUNT.fullmatch(count) else -1, typed_text(typed.get(f"reason-{line.pk}", "")))


def _context(
    admin: "ScopedAdmin",
    request: HttpRequest,
    order: PurchaseOrder,
    lines: list[PurchaseOrderLine],
    problems: dict[str, str],
    user: User,
) -> dict[str, Any]:
    def may(permission: Permission) -> bool:
        return purchase_orders_for(user, permission).filter(pk=order.pk).exists()

    rows = [
        {
            "line": line,
            "amount_minor": line.ordered * line.cost_minor,
            "typed": request.POST.get(
                f"confirmed-{line.pk}", line.ordered if line.confirmed is None else line.confirmed
            ),
            "typed_reason": request.POST.get(f"reason-{line.pk}", line.short_reason),
            "problem": problems.get(f"lines.{line.pk}", ""),
        }
        for line in lines
    ]
    return {
        "order": order,
        "hub": order.window.round.hub,
        "rows": rows,
        "problems": problems,
        "open": OrderState.CONFIRMED in ORDER_MOVES[OrderState(order.state)]
        and may(Permission.CONFIRM_PURCHASE_ORDERS),
        "may_send": may(Permission.DISPATCH_ORDERS),
        "dispatches": Dispatch.objects.filter(revision__order=order).order_by("pk"),
        "back": reverse("admin:marketplace_purchaseorder_changelist", current_app=admin.admin_site.name),
        "at_hub": admin.admin_site.name == "hub",
    }


def _button(admin: "ScopedAdmin", action: Callable[..., object]) -> Callable[..., HttpResponse]:
    @require_POST
    def press(request: HttpRequest, order_id: int) -> HttpResponse:
        user, _order = _own(admin, request, order_id)
        try:
            action(order_id=order_id, by=user)
            messages.success(request, _("Done: the order goes out with the next sending."))
        except (NotFound, NotAllowed):
            raise Http404 from None
        except MarketError:
            messages.error(request, _("Nothing was changed: the order is no longer in a state for this."))
        return HttpResponseRedirect(_page(admin, order_id))

    return press
