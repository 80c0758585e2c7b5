"""The page of a purchase order on both desks: its lines, the answer, its revisions and history. Own POST pages."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from marketplace.access import purchase_orders_for
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.orders.acknowledge_order import acknowledge_order
from marketplace.actions.orders.hold_order import hold_order
from marketplace.actions.orders.order_link import revoke_link
from marketplace.actions.orders.pack_order import pack_order
from marketplace.actions.release_order import release_order
from marketplace.actions.send_again import send_again
from marketplace.admin.order_bills import bill_page
from marketplace.admin.order_board import board_page, state_colour
from marketplace.admin.order_changes import change_page
from marketplace.admin.order_counts import receive_page, ship_page
from marketplace.admin.order_moments import moment_rows, revision_rows
from marketplace.admin.order_own import own_order, page_url
from marketplace.errors import InvalidInput, MarketError, NotAllowed, NotFound, OrderChanged
from marketplace.models import PurchaseOrder, PurchaseOrderLine, User
from marketplace.order_forms import revision_of, text_of, typed_answers
from marketplace.order_rows import line_rows, problems_of, ready_text
from marketplace.problems import problem_for
from marketplace.queries.orders.lines import lines_of
from marketplace.queries.orders.timeline import history_of
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.orders.changes import Via
from marketplace.rules.roles import Permission
from marketplace.rules.states import ORDER_MOVES, OrderState

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_ANSWERED = (OrderState.CONFIRMED, OrderState.PARTLY_CONFIRMED, OrderState.DECLINED)
_BEFORE_SENT = (OrderState.ISSUED, OrderState.ACKNOWLEDGED, *_ANSWERED)
_SENT = (OrderState.SHIPPED, OrderState.RECEIVED, OrderState.PARTLY_RECEIVED, OrderState.BILLED, OrderState.MATCHED)
_CAME = _SENT[1:]


def order_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The addresses of an order's own pages within a desk; the desk's rows bound them."""
    wrap = admin.admin_site.admin_view
    going_out = gettext_lazy("Done: the order goes out with the next sending.")
    done = gettext_lazy("Done.")
    pages: tuple[tuple[str, str, Callable[..., HttpResponse]], ...] = (
        ("board/", "board", board_page(admin)),
        ("<int:order_id>/answer/", "answer", _answer_page(admin)),
        ("<int:order_id>/release/", "release", _button(admin, release_order, going_out)),
        ("<int:order_id>/send-again/", "send_again", _button(admin, send_again, going_out)),
        ("<int:order_id>/hold/", "hold", _button(admin, hold_order, done, reason=True)),
        ("<int:order_id>/acknowledge/", "acknowledge", _button(admin, acknowledge_order, done)),
        ("<int:order_id>/pack/", "pack", _button(admin, pack_order, done)),
        ("<int:order_id>/revoke-link/", "revoke_link", _button(admin, revoke_link, done)),
        ("<int:order_id>/ship/", "ship", ship_page(admin)),
        ("<int:order_id>/receive/", "receive", receive_page(admin)),
        ("<int:order_id>/lines/", "change_lines", change_page(admin)),
        ("<int:order_id>/invoice/", "invoice", bill_page(admin)),
    )
    return [path(route, wrap(view), name=f"marketplace_purchaseorder_{name}") for route, name, view in pages]


def _answer_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = own_order(admin, request, order_id)
        problems: dict[str, str] = {}
        if request.method == "POST":
            try:
                _confirm(admin, request, order, user)
                return HttpResponseRedirect(page_url(admin, order_id))
            except InvalidInput as refused:
                problems = problems_of(refused.facts["problems"])
            except NotAllowed:
                raise Http404 from None
            except OrderChanged as refused:
                problem = problem_for(refused)
                messages.error(request, f"{problem.title} {problem.detail}")
                return HttpResponseRedirect(page_url(admin, order_id))
            except MarketError:
                messages.error(request, _("This order can no longer be answered; its state is shown above."))
                return HttpResponseRedirect(page_url(admin, order_id))
        context = _context(admin, request, order, problems, user)
        return TemplateResponse(request, "marketplace/desk/orders/order.html", context, status=422 if problems else 200)

    return answer


def _confirm(admin: "ScopedAdmin", request: HttpRequest, order: PurchaseOrder, user: User) -> None:
    answers: Mapping[int, LineAnswer] | None = None
    if "whole" not in request.POST:
        lines: list[PurchaseOrderLine] = [line for line in lines_of(order) if line.ordered]
        answers = typed_answers(request.POST, lines, order.window.round.hub.time_zone)
    confirm_purchase_order(
        order_id=order.pk,
        answers=answers,
        expected_revision=revision_of(request.POST),
        # At the hub somebody writes down what the merchant said.
        via=Via.PHONE if admin.admin_site.name == "hub" else Via.DESK,
        by=user,
    )
    messages.success(request, _("Thank you. The hub knows what will come."))


def _context(
    admin: "ScopedAdmin", request: HttpRequest, order: PurchaseOrder, problems: dict[str, str], user: User
) -> dict[str, Any]:
    def may(permission: Permission) -> bool:
        return purchase_orders_for(user, permission).filter(pk=order.pk).exists()

    state, hub = OrderState(order.state), order.window.round.hub
    typed = request.POST if problems else None
    may_answer, may_send = may(Permission.CONFIRM_PURCHASE_ORDERS), may(Permission.DISPATCH_ORDERS)
    is_open = OrderState.CONFIRMED in ORDER_MOVES[state] and may_answer
    rows = line_rows(order, typed=typed, problems=problems, choices=is_open)
    history = history_of(order)
    return {
        "order": order,
        "hub": hub,
        "content": history.revisions[0].revision.content,
        "rows": rows,
        "problems": problems,
        "ready": ready_text(rows, typed, hub.time_zone),
        "state_colour": state_colour(order.state),
        "open": is_open,
        "answered": state not in (OrderState.ISSUED, OrderState.ACKNOWLEDGED, OrderState.VOIDED),
        "may_answer": may_answer,
        "may_acknowledge": may_answer and state is OrderState.ISSUED,
        "may_pack": may_answer and state in _ANSWERED[:2] and order.packed_at is None,
        "may_ship": may_answer and state in _ANSWERED[:2],
        "may_receive": may_send and state in (*_ANSWERED[:2], OrderState.SHIPPED),
        "may_change": may_send and state in _BEFORE_SENT,
        "may_bill": may(Permission.MATCH_INVOICES) and state in _CAME,
        "may_send": may_send,
        "may_hold": may_send and state is OrderState.ISSUED and not order.held_for,
        "show_sent": state in _SENT,
        "show_billed": state in (OrderState.BILLED, OrderState.MATCHED),
        "dispatches": history.dispatches,
        "link": history.link,
        "revisions": revision_rows(history, order),
        "moments": moment_rows(history, order),
        "back": reverse("admin:marketplace_purchaseorder_board", current_app=admin.admin_site.name),
        "at_hub": admin.admin_site.name == "hub",
    }


def _button(
    admin: "ScopedAdmin", action: Callable[..., object], done: Promise, *, reason: bool = False
) -> Callable[..., HttpResponse]:
    @require_POST
    def press(request: HttpRequest, order_id: int) -> HttpResponse:
        user, _order = own_order(admin, request, order_id)
        named = {"reason": text_of(request.POST, "reason")[:200]} if reason else {}
        try:
            action(order_id=order_id, by=user, **named)
            messages.success(request, str(done))
        except (NotFound, NotAllowed):
            raise Http404 from None
        except MarketError:
            messages.error(request, _("Nothing was changed: the order is no longer in a state for this."))
        return HttpResponseRedirect(page_url(admin, order_id))

    return press
