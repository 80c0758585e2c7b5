"""Changing many products of the catalogue at once: what shall change, what it makes of each, then exactly that."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.actions.catalogue.change_many import change_many
from marketplace.admin.catalogue_desk import Page, Whose, address, answer, by_place, typed, whose
from marketplace.admin.catalogue_words import STORAGE, differences, label_of
from marketplace.errors import CatalogueChanged, InvalidInput
from marketplace.models import Category, Offer, OfferTemplate, TaxClass
from marketplace.queries.catalogue_bulk import MOST_AT_ONCE, Looked, look_at
from marketplace.queries.catalogue_list import Filter, products_found
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.amounts import Refusal
from marketplace.rules.catalogue.bulk import BulkChange
from marketplace.rules.catalogue.columns import BY_NAME, Kind
from marketplace.rules.catalogue.values import Shelves, value_of
from marketplace.words import broken_words

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_PERCENT = re.compile(r"([+−-]?)\s*([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?")
# Columns that may become the same for many; empty leaves them as they are.
_FIELDS = ("category", "storage", "tax", "active", "regular", "case", "stock", "stock_rule", "shortage")


def bulk_page(admin: "ScopedAdmin") -> Page:
    """The page for many products. Without a choice it leads back to the list."""

    def bulk(request: HttpRequest) -> HttpResponse:
        mine = whose(request)
        ids = _chosen(request, mine) if request.method == "POST" else []
        if not ids:
            if request.method == "POST":
                messages.error(request, _("Choose the products first."))
            return HttpResponseRedirect(address(admin, "product_changelist"))
        sent, do = typed(request), request.POST.get("do", "")
        if do not in ("look", "change"):
            return _page(admin, request, mine, ids, {}, {})
        change, problems = _change(sent)
        if problems:
            return _page(admin, request, mine, ids, sent, problems, status=422)
        if do == "change":
            problems = _make(request, mine, ids, change, sent)
            if not problems:
                return HttpResponseRedirect(address(admin, "product_changelist"))
        looked = look_at(merchant_id=mine.merchant.pk, product_ids=ids, change=change, currency=mine.currency)
        status = 422 if problems or looked.found.refused else 200
        return _page(admin, request, mine, ids, sent, problems, looked=looked, status=status)

    return bulk


def _chosen(request: HttpRequest, mine: Whose) -> list[int]:
    """The ticked products, or all that the list's filter finds; only the merchant's own."""
    if request.POST.get("all") == "1":
        wanted = Filter(
            words=request.POST.get("q", "")[:80].replace("\0", ""),
            category=request.POST.get("category_filter", "")[:50].replace("\0", ""),
            state=request.POST.get("state", "")[:10],
        )
        found = products_found(mine.merchant.pk, wanted, mine.currency)
        return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    ticked = {int(text) for text in request.POST.getlist("product") if text.isdecimal() and len(text) < 18}
    own = mine.merchant.products.filter(pk__in=sorted(ticked)[:MOST_AT_ONCE])
    return list(own.values_list("pk", flat=True))


def _change(sent: Mapping[str, str]) -> tuple[BulkChange, dict[str, str]]:
    """The change that was typed, and what cannot be read of it."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    shelves = Shelves(
        categories={row.slug: row.name for row in Category.objects.all()},
        taxes={row.name: row.rate_basis_points for row in TaxClass.objects.all()},
        deposits={},
    )
    for name in _FIELDS:
        text = sent.get(f"to_{name}", "")
        if text == "none" and BY_NAME[name].kind is Kind.COUNT and not BY_NAME[name].needed:
            values[name] = None
        elif text:
            try:
                values[name] = value_of(BY_NAME[name], text, shelves, "EUR")
            except Refusal as refused:
                problems[f"to_{name}"] = broken_words(refused.broken)
    points = {name: _points(sent.get(name, ""), name, problems) for name in ("cost", "price")}
    change = BulkChange(values=values, cost_basis_points=points["cost"], price_basis_points=points["price"])
    if not problems and not values and not any(points.values()):
        problems["page"] = _("Say what shall change.")
    return change, problems


def _points(text: str, place: str, problems: dict[str, str]) -> int:
    """A percentage in 1/100 %."""
    if not text:
        return 0
    found = _PERCENT.fullmatch(text)
    if found is None:
        problems[place] = _("A percentage like 5 or −2.5.")
        return 0
    points = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return points if found[1] in ("", "+") else -points


def _make(
    request: HttpRequest, mine: Whose, ids: list[int], change: BulkChange, sent: Mapping[str, str]
) -> dict[str, str]:
    try:
        made = change_many(
            merchant_id=mine.merchant.pk,
            product_ids=ids,
            change=change,
            currency=mine.currency,
            fingerprint=sent.get("fingerprint", ""),
            reason=sent.get("reason", ""),
            by=mine.user,
        )
    except InvalidInput as refused:
        return by_place(refused.facts["problems"])
    except CatalogueChanged:
        return {"page": _("Something changed meanwhile. Look at it again; nothing was changed yet.")}
    many = len(made.found.changed)
    messages.success(request, ngettext("%(n)d product is changed.", "%(n)d products are changed.", many) % {"n": many})
    return {}


def _page(
    admin: "ScopedAdmin",
    request: HttpRequest,
    mine: Whose,
    ids: list[int],
    sent: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    looked: Looked | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "mine": mine,
        "ids": ids,
        "sent": sent,
        "problems": problems,
        "looked": looked,
        "choices": _choices(sent, problems),
        "changed": [] if looked is None else _changed_rows(looked, mine.currency),
        "refused": []
        if looked is None
        else [
            {"sku": each.given, "label": label_of(each.column), "reason": broken_words(each.reason)}
            for each in looked.found.refused
        ],
        "warned": []
        if looked is None
        else [{"sku": each.sku, "words": warning_words(each.warning, mine.currency)} for each in looked.found.warned],
    }
    return answer(admin, request, "bulk", context, status)


def _changed_rows(looked: Looked, currency: str) -> list[dict[str, Any]]:
    return [
        {"sku": each.sku, "name": each.name, "differences": differences(each.before, each.after, currency)}
        for each in looked.found.changed
    ]


def _choices(sent: Mapping[str, str], problems: Mapping[str, str]) -> list[dict[str, Any]]:
    """The fields with what may be chosen; without choices a number is typed."""
    yes_no = [("yes", _("yes")), ("no", _("no"))]
    offered: dict[str, list[tuple[str, Any]]] = {
        "category": [(row.slug, row.name) for row in Category.objects.all()],
        "storage": list(STORAGE.items()),
        "tax": [(row.name, row.name) for row in TaxClass.objects.order_by("name")],
        "active": yes_no,
        "regular": yes_no,
        "stock_rule": list(OfferTemplate.StockRule.choices),
        "shortage": list(Offer.ShortageRule.choices),
    }
    return [
        {
            "name": f"to_{name}",
            "label": label_of(name),
            "choices": offered.get(name),
            "typed": sent.get(f"to_{name}", ""),
            "problem": problems.get(f"to_{name}", ""),
        }
        for name in _FIELDS
    ]
