"""The catalogue on the merchant desk: looking through it, choosing many, writing it out."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from marketplace.admin.catalogue_bulk import bulk_page
from marketplace.admin.catalogue_codes import codes_page
from marketplace.admin.catalogue_desk import Page, Whose, address, answer, whose
from marketplace.admin.catalogue_import import columns_page, difference_page, import_page
from marketplace.admin.catalogue_product import product_page
from marketplace.admin.catalogue_words import step_words
from marketplace.admin.columns import typed_text
from marketplace.models import Category
from marketplace.queries.catalogue import catalogue_of
from marketplace.queries.catalogue_list import Filter, Listed, listed, past_lists, products_found
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.writing import as_csv, as_xlsx, table_rows
from marketplace.views.cards import picture_of
from marketplace.words import money

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_PER_PAGE = 50
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def catalogue_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The addresses of the catalogue's own pages within the merchant desk."""
    wrap = admin.admin_site.admin_view
    pages: tuple[tuple[str, str, Page], ...] = (
        ("bulk/", "product_bulk", bulk_page(admin)),
        ("export/", "product_export", _export(admin)),
        ("import/", "product_import", import_page(admin)),
        ("import/<id:import_id>/", "product_import_difference", difference_page(admin)),
        ("import/<id:import_id>/columns/", "product_import_columns", columns_page(admin)),
        ("import/<id:import_id>/codes/", "product_import_codes", codes_page(admin)),
        ("<id:product_id>/card/", "product_card", product_page(admin)),
    )
    return [path(route, wrap(view), name=f"marketplace_{name}") for route, name, view in pages]


def catalogue_list(admin: "ScopedAdmin", request: HttpRequest) -> HttpResponse:
    """The list itself, in place of the admin's own. About ten queries however many products."""
    mine = whose(request)
    chosen = chosen_filter(request.GET)
    pages = Paginator(products_found(mine.merchant.pk, chosen, mine.currency), _PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = listed(page.object_list, mine.currency)  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "mine": mine,
        "wanted": chosen,
        "page": page,
        "rows": [_row(admin, row, mine) for row in rows],
        "asked": _asked(chosen, mine),
        "categories": Category.objects.all(),
        "states": _states(),
        "lists": past_lists(mine.merchant.pk, 3),
        "add_url": address(admin, "product_add"),
    }
    return answer(admin, request, "list", context)


def chosen_filter(typed: Any) -> Filter:
    """What is looked for, from a form."""
    return Filter(
        words=typed_text(typed.get("q", ""))[:80],
        category=typed_text(typed.get("category", ""))[:50],
        state=typed_text(typed.get("state", ""))[:10],
    )


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("all")),
        ("sold", _("sold")),
        ("regular", _("in every window")),
        ("unpriced", _("without a price")),
        ("gone", _("no longer sold")),
    ]


def _asked(chosen: Filter, mine: Whose) -> str:
    """The filter for the addresses of other pages of the list."""
    asked = {"q": chosen.words, "category": chosen.category, "state": chosen.state}
    told = urlencode({name: value for name, value in asked.items() if value})
    return "&".join(filter(None, [told, mine.asked]))


def _row(admin: "ScopedAdmin", row: Listed, mine: Whose) -> dict[str, Any]:
    product, template = row.product, row.template
    return {
        "product": product,
        "url": address(admin, "product_card", product.pk),
        "picture": picture_of(getattr(product, "picture", None)),
        "motif": product.category.motif,
        "price": money(row.ladder[0].unit_price, mine.currency) if row.ladder else "",
        "steps": [step_words(step, mine.currency, first=step is row.ladder[0]) for step in row.ladder],
        "template": template,
        "warnings": [warning_words(each, mine.currency) for each in row.warnings],
        "on_offer": row.on_offer,
    }


def _export(admin: "ScopedAdmin") -> Page:
    def export(request: HttpRequest) -> HttpResponse:
        """The whole catalogue as a table; what is read in again unchanged changes nothing."""
        mine = whose(request)
        catalogue = catalogue_of(mine.merchant.pk, mine.currency)
        rows = table_rows(((sku, product.values) for sku, product in catalogue.items()), mine.currency)
        as_workbook = request.GET.get("format") == "xlsx"
        content, kind = (as_xlsx(rows), _WORKBOOK) if as_workbook else (as_csv(rows), "text/csv; charset=utf-8")
        name = f"{mine.merchant.slug}-{mine.currency.lower()}.{'xlsx' if as_workbook else 'csv'}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(content, content_type=kind, headers=headers)

    return export
