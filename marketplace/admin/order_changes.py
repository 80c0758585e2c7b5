"""The page on which a coordinator adds to an issued order, takes off it, or moves a line; with recorded consent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.orders.add_line import add_line
from marketplace.actions.orders.cut_line import cut_line
from marketplace.actions.orders.move_line import move_line
from marketplace.admin.order_own import own_order, page_url
from marketplace.errors import InvalidInput, MarketError
from marketplace.models import PurchaseOrder, User
from marketplace.order_forms import Typed, count_of, revision_of, text_of, typed_consent
from marketplace.order_rows import problems_of
from marketplace.order_words import WAYS
from marketplace.problems import problem_for
from marketplace.queries.orders.adding import offers_to_add, orders_to_move_to, waiting_lines
from marketplace.rules.orders.changes import ConsentWay, ForHousehold
from marketplace.rules.roles import Permission

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


def change_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    """Take off, move, add: one form each, all with the merchant's consent."""

    def page(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = own_order(admin, request, order_id, Permission.DISPATCH_ORDERS)
        problems: dict[str, str] = {}
        if request.method == "POST":
            try:
                _change(request.POST, order, user)
                messages.success(request, _("Done: it is the next revision, and the merchant gets it."))
                return HttpResponseRedirect(page_url(admin, order_id))
            except InvalidInput as refused:
                problems = problems_of(refused.facts["problems"])
            except MarketError as refused:
                problem = problem_for(refused)
                messages.error(request, f"{problem.title} {problem.detail}")
                return HttpResponseRedirect(page_url(admin, order_id))
        context = _context(admin, request, order, problems)
        return TemplateResponse(
            request, "marketplace/desk/orders/change.html", context, status=422 if problems else 200
        )

    return page


def _change(typed: Typed, order: PurchaseOrder, user: User) -> None:
    consent = typed_consent(typed, clock.now())
    common: dict[str, Any] = {
        "order_id": order.pk,
        "units": count_of(typed, "units"),
        "consent": consent,
        "reason": text_of(typed, "reason"),
        "expected_revision": revision_of(typed),
        "by": user,
    }
    match text_of(typed, "do"):
        case "cut":
            cut_line(line_id=count_of(typed, "line"), **common)
        case "move":
            move_line(line_id=count_of(typed, "line"), to_order_id=count_of(typed, "to"), **common)
        case "add":
            add_line(offer_id=count_of(typed, "offer"), households=_households(typed), **common)
        case _:
            raise InvalidInput(problems=[{"place": "do", "problem": _("Choose one of the buttons.")}])


def _households(typed: Typed) -> list[ForHousehold]:
    """Units by household line, as far as some were typed."""
    found = []
    for name in typed:
        head, dash, line = name.partition("-")
        if head == "household" and dash and line.isdigit() and text_of(typed, name) not in ("", "0"):
            how = text_of(typed, f"agreed-{line}")
            way = ConsentWay(how) if how in set(ConsentWay) else ConsentWay.PHONE
            found.append(ForHousehold(int(line), count_of(typed, name), way))
    return found


def _context(
    admin: "ScopedAdmin", request: HttpRequest, order: PurchaseOrder, problems: dict[str, str]
) -> dict[str, Any]:
    typed: Typed = request.POST if problems else {}
    asked: Typed = request.GET
    lines = list(order.lines.filter(ordered__gt=0).order_by("pk"))
    named = count_of(typed or asked, "line")
    offers = offers_to_add(order)
    offer_id = count_of(typed or asked, "offer")
    offer = next((one for one in offers if one.pk == offer_id), None)
    return {
        "order": order,
        "hub": order.window.round.hub,
        "lines": lines,
        "line": next((line for line in lines if line.pk == named), None),
        "others": orders_to_move_to(order),
        "offers": offers,
        "offer": offer,
        "waiting": waiting_lines(offer) if offer else [],
        "ways": [(way.value, str(name)) for way, name in WAYS.items()],
        "typed": typed,
        "did": text_of(typed, "do"),
        "problems": problems,
        "back": page_url(admin, order.pk),
    }
