"""The pages on which an order is counted: what the merchant sends, of which lots, and what arrives at the hub."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from marketplace.actions.orders.receive_order import receive_order
from marketplace.actions.orders.ship_order import ship_order
from marketplace.admin.order_own import own_order, page_url
from marketplace.errors import InvalidInput, MarketError
from marketplace.models import PurchaseOrder
from marketplace.order_forms import Typed, count_of, revision_of, text_of
from marketplace.order_rows import problems_of
from marketplace.problems import problem_for
from marketplace.rules.orders.counting import Lot, Sent
from marketplace.rules.roles import Permission

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


def ship_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    """How many of each line go out, and of which lot."""

    def page(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = own_order(admin, request, order_id, Permission.CONFIRM_PURCHASE_ORDERS)

        def act(typed: Typed) -> str:
            sent = None if "whole" in typed else _sent(order, typed)
            ship_order(order_id=order.pk, sent=sent, expected_revision=revision_of(typed), by=user)
            return _("On its way. The hub knows what to expect.")

        return _counting(admin, request, order, act, "ship")

    return page


def receive_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    """How many of each line arrived."""

    def page(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = own_order(admin, request, order_id, Permission.DISPATCH_ORDERS)

        def act(typed: Typed) -> str:
            lines = order.lines.filter(ordered__gt=0)
            received = None if "whole" in typed else {line.pk: count_of(typed, f"units-{line.pk}") for line in lines}
            receive_order(order_id=order.pk, received=received, by=user)
            return _("Received. Households whose goods are missing are told.")

        return _counting(admin, request, order, act, "receive")

    return page


def _counting(
    admin: "ScopedAdmin", request: HttpRequest, order: PurchaseOrder, act: Callable[[Typed], str], what: str
) -> HttpResponse:
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            messages.success(request, act(request.POST))
            return HttpResponseRedirect(page_url(admin, order.pk))
        except InvalidInput as refused:
            problems = problems_of(refused.facts["problems"])
        except MarketError as refused:
            problem = problem_for(refused)
            messages.error(request, f"{problem.title} {problem.detail}")
            return HttpResponseRedirect(page_url(admin, order.pk))
    context = {
        "order": order,
        "hub": order.window.round.hub,
        "what": what,
        "rows": _rows(order, request.POST if problems else None, problems),
        "problems": problems,
        "back": page_url(admin, order.pk),
    }
    return TemplateResponse(request, "marketplace/desk/orders/count.html", context, status=422 if problems else 200)


def _rows(order: PurchaseOrder, typed: Typed | None, problems: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "units": text_of(typed, f"units-{line.pk}") if typed else line.coming,
            "lot": text_of(typed, f"lot-{line.pk}") if typed else "",
            "best_before": text_of(typed, f"best_before-{line.pk}") if typed else "",
            "problem": problems.get(f"lines.{line.pk}", "") or problems.get(f"lines.{line.pk}.lots", ""),
        }
        for line in order.lines.filter(ordered__gt=0).order_by("pk")
    ]


def _sent(order: PurchaseOrder, typed: Typed) -> dict[int, Sent]:
    """What was typed of each line; one lot a line is what a desk needs, more come by the API."""
    found = {}
    for line in order.lines.filter(ordered__gt=0):
        units, code = count_of(typed, f"units-{line.pk}"), text_of(typed, f"lot-{line.pk}")
        lots = (Lot(code, units, _day(typed, f"best_before-{line.pk}")),) if code and units > 0 else ()
        found[line.pk] = Sent(units, lots)
    return found


def _day(typed: Typed, name: str) -> date | None:
    try:
        return parse_date(text_of(typed, name))
    except ValueError:
        return None
