"""What the codes of a price list mean: its groups, tax codes and deposits, said once and kept as a kind of list."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from marketplace.actions.catalogue.read_price_list import codes_asked, reread_price_list
from marketplace.actions.catalogue.save_mapping import save_mapping
from marketplace.admin.catalogue_desk import Page, Whose, address, answer, by_place, found_or_404, typed, whose
from marketplace.admin.catalogue_words import STORAGE, label_of
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import CatalogueImport, Category, DepositType, TaxClass
from marketplace.queries.catalogue import price_list_for
from marketplace.rules.catalogue.options import ListOptions, options_from
from marketplace.rules.catalogue.reading import Code
from marketplace.rules.catalogue.table import Unreadable

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

Codes = Mapping[str, Sequence[Code]]


def codes_page(admin: "ScopedAdmin") -> Page:
    """The page; what is left open is read as it stands, or is what new products are by default."""

    def codes(request: HttpRequest, import_id: int) -> HttpResponse:
        mine = whose(request)
        shown: CatalogueImport = found_or_404(price_list_for, mine.user, import_id)
        if shown.state != CatalogueImport.State.SHOWN:
            raise Http404
        options = options_from(shown.options)
        try:
            asked = codes_asked(bytes(shown.content), options)
        except Unreadable:
            raise Http404 from None
        sent = typed(request)
        problems: dict[str, str] = {}
        if request.method == "POST":
            problems = _keep(shown, options, asked, sent, mine)
            if not problems:
                return HttpResponseRedirect(address(admin, "product_import_difference", import_id))
        context = {"shown": shown, "sent": sent, "problems": problems, "columns": _columns(asked, options, sent)}
        return answer(admin, request, "codes", context, 422 if problems else 200)

    return codes


def _keep(
    shown: CatalogueImport, options: ListOptions, asked: Codes, sent: Mapping[str, str], mine: Whose
) -> dict[str, str]:
    """Read the list with these meanings; what stands against it, by field."""
    values: dict[str, dict[str, str]] = {column: dict(table) for column, table in options.values.items()}
    for column, codes in asked.items():
        offered = {choice for choice, _name in _choices(column)}
        for at, code in enumerate(codes):
            meaning = sent.get(f"{column}-{at}", "")
            if meaning in offered:
                values.setdefault(column, {})[code.text] = meaning
            elif not meaning:
                values.get(column, {}).pop(code.text, None)
    new = options_from({**options.as_json(), "values": values})
    try:
        reread_price_list(import_id=shown.pk, options=new, by=mine.user)
        if sent.get("name"):
            save_mapping(merchant_id=shown.merchant_id, name=sent["name"], options=new, by=mine.user)
    except InvalidInput as refused:
        return by_place(refused.facts["problems"])
    except IllegalMove:
        return {"page": _("This list was taken or put away before.")}
    return {}


def _columns(asked: Codes, options: ListOptions, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each column with its codes, and what each may mean."""
    return [
        {
            "label": label_of(column),
            "choices": _choices(column),
            "codes": [
                {
                    "field": f"{column}-{at}",
                    "code": code,
                    "chosen": sent.get(f"{column}-{at}", options.values.get(column, {}).get(code.text, "")),
                }
                for at, code in enumerate(codes)
            ],
        }
        for column, codes in asked.items()
    ]


def _choices(column: str) -> list[tuple[str, Any]]:
    """What a code of the column may mean, as a list writes it."""
    if column == "category":
        return [(row.slug, row.name) for row in Category.objects.all()]
    if column == "tax":
        return [(row.name, row.name) for row in TaxClass.objects.order_by("name")]
    if column == "deposit":
        return [("0", _("no deposit"))] + [(row.name, row.name) for row in DepositType.objects.order_by("name")]
    return list(STORAGE.items())
