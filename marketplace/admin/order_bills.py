"""The page of a merchant's invoice at the hub: enter it or send its file, then match it line by line."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.actions.orders.enter_invoice import InvoiceHead, enter_invoice, enter_invoice_file
from marketplace.actions.orders.match_invoice import match_invoice
from marketplace.admin.order_own import own_order, page_url
from marketplace.errors import InvalidInput, MarketError
from marketplace.models import MerchantInvoice, PurchaseOrder, User
from marketplace.order_forms import Typed, text_of
from marketplace.order_rows import problems_of
from marketplace.problems import problem_for
from marketplace.queries.orders.invoices import (
    Billable,
    BillableKey,
    Matched,
    billables_of,
    invoice_of,
    matched_lines,
)
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of
from marketplace.rules.catalogue.table import MOST_BYTES
from marketplace.rules.money import format_minor
from marketplace.rules.orders.matching import Bearer, Billed, InvoiceState
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState
from marketplace.words import broken_words

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_MOST = 1_000_000
BEARERS: dict[Bearer, Promise] = {
    Bearer.MERCHANT: gettext_lazy("the merchant: it is not paid"),
    Bearer.HUB: gettext_lazy("the hub"),
    Bearer.HOUSEHOLDS: gettext_lazy("the households"),
}


def bill_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    """Enter, then match."""

    def page(request: HttpRequest, order_id: int) -> HttpResponse:
        user, order = own_order(admin, request, order_id, Permission.MATCH_INVOICES)
        problems: dict[str, str] = {}
        listed: list[str] = []
        if request.method == "POST":
            try:
                messages.success(request, _press(request, order, user))
                return HttpResponseRedirect(request.path)
            except InvalidInput as refused:
                found = refused.facts["problems"]
                problems = problems_of(found)
                listed = [str(one["problem"]) for one in found if one["place"] == "file"]
            except MarketError as refused:
                problem = problem_for(refused)
                messages.error(request, f"{problem.title} {problem.detail}")
                return HttpResponseRedirect(request.path)
        context = {**_context(admin, request, order, problems), "listed": listed}
        return TemplateResponse(
            request, "marketplace/desk/orders/invoice.html", context, status=422 if problems else 200
        )

    return page


def _press(request: HttpRequest, order: PurchaseOrder, user: User) -> str:
    typed = request.POST
    if text_of(typed, "do") == "match":
        bearers = {
            int(name.removeprefix("bearer-")): Bearer(text_of(typed, name))
            for name in typed
            if name.startswith("bearer-") and name[7:].isdigit() and text_of(typed, name) in set(Bearer)
        }
        invoice = text_of(typed, "invoice")
        match_invoice(invoice_id=int(invoice) if invoice.isdigit() else 0, bearers=bearers, by=user)
        return _("Matched: the books say what is owed.")
    head = _head(typed, order)
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        enter_invoice_file(order_id=order.pk, head=head, content=file.read(MOST_BYTES + 1), by=user)
    else:
        enter_invoice(order_id=order.pk, head=head, lines=_lines(typed, order), by=user)
    return _("Entered. Look at the differences, then match it.")


def _head(typed: Typed, order: PurchaseOrder) -> InvoiceHead:
    problems: list[dict[str, str]] = []
    fees = _money(typed, "fees", order.currency, problems) or 0
    tax = _money(typed, "tax", order.currency, problems)
    dated = _day(typed, "dated_on")
    if dated is None:
        problems.append({"place": "dated_on", "problem": _("Write the day of the invoice.")})
    if problems or dated is None:
        raise InvalidInput(problems=problems)
    return InvoiceHead(number=text_of(typed, "number"), dated_on=dated, fees_minor=fees, tax_minor=tax)


def _lines(typed: Typed, order: PurchaseOrder) -> dict[BillableKey, Billed]:
    problems: list[dict[str, str]] = []
    found = {}
    for billable in billables_of(order):
        key = billable.key.text
        if not text_of(typed, f"units-{key}") and not text_of(typed, f"amount-{key}"):
            continue
        amount = _money(typed, f"amount-{key}", order.currency, problems, place=f"lines.{key}")
        try:
            units = count_of(text_of(typed, f"units-{key}"), 0, _MOST)
        except Refusal as refused:
            problems.append({"place": f"lines.{key}", "problem": broken_words(refused.broken)})
            continue
        found[billable.key] = Billed(units, amount or 0)
    if problems:
        raise InvalidInput(problems=problems)
    return found


def _money(typed: Typed, name: str, currency: str, problems: list[dict[str, str]], *, place: str = "") -> int | None:
    found = text_of(typed, name)
    if not found:
        return None
    try:
        return money_of(found, currency)
    except Refusal as refused:
        problems.append({"place": place or name, "problem": broken_words(refused.broken)})
        return None


def _day(typed: Typed, name: str) -> date | None:
    try:
        return parse_date(text_of(typed, name))
    except ValueError:
        return None


def _context(
    admin: "ScopedAdmin", request: HttpRequest, order: PurchaseOrder, problems: dict[str, str]
) -> dict[str, Any]:
    billables = billables_of(order)
    invoice = invoice_of(order)
    typed: Typed = request.POST if problems else {}
    matched = matched_lines(invoice, billables) if invoice else []
    may_enter = order.state in (OrderState.RECEIVED, OrderState.PARTLY_RECEIVED, OrderState.BILLED)
    return {
        "order": order,
        "hub": order.window.round.hub,
        "invoice": invoice,
        "is_matched": invoice is not None and invoice.state == InvoiceState.MATCHED,
        "matched": [_matched_row(one, problems) for one in matched],
        "fits": bool(matched) and not any(one.found.rest or one.found.fall for one in matched),
        "unbilled": _unbilled(billables, invoice, matched),
        "may_enter": may_enter,
        "entering": may_enter and (invoice is None or "again" in request.GET or (bool(problems) and "number" in typed)),
        "rows": [_entry_row(one, order, typed, problems) for one in billables],
        "typed": typed,
        "fees": typed.get("fees", format_minor(order.fees_minor, order.currency) if order.fees_minor else ""),
        "problems": problems,
        "back": page_url(admin, order.pk),
    }


def _entry_row(one: Billable, order: PurchaseOrder, typed: Typed, problems: dict[str, str]) -> dict[str, Any]:
    key = one.key.text
    return {
        "billable": one,
        "key": key,
        "came": one.came.units,
        "units": text_of(typed, f"units-{key}") if typed else one.came.units,
        "amount": text_of(typed, f"amount-{key}") if typed else format_minor(one.expected, order.currency),
        "problem": problems.get(f"lines.{key}", ""),
    }


def _matched_row(one: Matched, problems: dict[str, str]) -> dict[str, Any]:
    return {
        "billable": one.billable,
        "row": one.row,
        "found": one.found,
        "difference": one.row.amount_minor - one.found.expected,
        "bearers": [(bearer.value, str(BEARERS[bearer]), bearer is one.bearer) for bearer in one.found.may_bear],
        "bearer": str(BEARERS[one.bearer]) if one.bearer else "",
        "problem": problems.get(f"lines.{one.row.pk}", ""),
    }


def _unbilled(
    billables: Sequence[Billable], invoice: MerchantInvoice | None, matched: Sequence[Matched]
) -> list[Billable]:
    """What came and no line of the invoice names."""
    if invoice is None:
        return []
    named = {one.billable.key for one in matched}
    return [one for one in billables if one.key not in named and one.came.units]
