"""Writing products, their usual terms and their history, many at once: the same for lists, bulk edits and forms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.actions.search.remember_products import remember_products
from marketplace.models import (
    CatalogueChange,
    CatalogueImport,
    Category,
    DepositType,
    Merchant,
    OfferTemplate,
    Product,
    TaxClass,
    TemplateStep,
    User,
)
from marketplace.queries.catalogue import templates_of
from marketplace.rules.catalogue.columns import LADDER, OF_PRODUCT, OF_TEMPLATE
from marketplace.rules.catalogue.difference import Difference, after_change

_AT_ONCE = 500
# Columns whose field has another name, or holds a row of another table.
_FIELDS = {
    "content": "content_amount",
    "unit": "content_unit",
    "weighed": "catch_weight",
    "storage": "storage_class",
    "active": "is_active",
}
_TERMS = {
    "regular": "is_regular",
    "case": "case",
    "split": "splittable",
    "multiple": "multiple",
    "split_fee": "split_fee_minor",
    "hub_extra": "hub_flexible",
    "shortage": "shortage_rule",
    "stock": "cap",
    "stock_rule": "stock_rule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who changes the catalogue, by way of what, when and why; it is written on every change."""

    via: str
    at: datetime
    by: User
    reason: str = ""
    price_list: CatalogueImport | None = None


def lock_catalogue(merchant: Merchant) -> None:
    """One change of a merchant's catalogue at a time, until the transaction ends. Rows that point to the merchant (a
    closing's orders) do not wait for it."""
    list(Merchant.objects.select_for_update(no_key=True).filter(pk=merchant.pk).values_list("pk"))


def store(*, merchant: Merchant, currency: str, found: Difference, stamp: Stamp) -> list[int]:
    """Write a difference whose catalogue is locked; the ids of the products that changed."""
    shelf = _Shelf()
    after = {each.sku: after_change(None, each.values) for each in found.new}
    added = _add(merchant, after, shelf)
    ids = {product.sku: product.pk for product in added}
    known = dict(Product.objects.filter(merchant=merchant).values_list("sku", "pk"))
    changes: list[tuple[int, dict[str, Any], dict[str, Any]]] = [
        *((ids[each.sku], {}, after[each.sku]) for each in found.new),
        *((known[each.sku], each.before, each.after) for each in found.changed),
        *((known[each.sku], {"active": True}, {"active": False}) for each in found.gone),
    ]
    _change(merchant, {pk: values for pk, before, values in changes if before}, shelf)
    store_terms(currency, {pk: values for pk, _before, values in changes})
    record(currency, changes, stamp)
    return [pk for pk, _before, _after in changes]


def record(currency: str, changes: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]], stamp: Stamp) -> None:
    """Append to the history: (product id, values before, values after) of what changed."""
    CatalogueChange.objects.bulk_create(
        [
            CatalogueChange(
                product_id=pk,
                before=before,
                after=after,
                currency=currency if OF_TEMPLATE & after.keys() else "",
                via=stamp.via,
                reason=stamp.reason[:200],
                price_list=stamp.price_list,
                by=stamp.by,
                at=stamp.at,
            )
            for pk, before, after in changes
        ],
        batch_size=_AT_ONCE,
    )


def store_terms(currency: str, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the columns of terms among the values, by product id; terms that were not there begin to be where there
    is a ladder."""
    wanted = {pk: told for pk, told in values.items() if OF_TEMPLATE & told.keys()}
    templates: dict[int, OfferTemplate] = {}
    for some in _parts(sorted(wanted)):
        templates.update(templates_of(some, currency))
    fresh = {pk: told for pk, told in wanted.items() if pk not in templates and told.get(LADDER)}
    made = OfferTemplate.objects.bulk_create(
        [OfferTemplate(product_id=pk, currency=currency, **_terms(told)) for pk, told in fresh.items()],
        batch_size=_AT_ONCE,
    )
    for pk, template in templates.items():
        for field, value in _terms(wanted[pk]).items():
            setattr(template, field, value)
    OfferTemplate.objects.bulk_update(templates.values(), sorted(_TERMS.values()), batch_size=_AT_ONCE)
    laddered = {template.pk: wanted[pk][LADDER] for pk, template in templates.items() if LADDER in wanted[pk]}
    for some in _parts(sorted(laddered)):
        TemplateStep.objects.filter(template__in=some).delete()
    laddered.update({template.pk: fresh[template.product_id][LADDER] for template in made})
    TemplateStep.objects.bulk_create(
        [
            TemplateStep(template_id=pk, from_quantity=q, cost_minor=c, unit_price_minor=p)
            for pk, ladder in laddered.items()
            for q, c, p in ladder
        ],
        batch_size=_AT_ONCE,
    )


class _Shelf:
    """Rows of shared lists by the texts that columns hold."""

    def __init__(self) -> None:
        self.categories = {row.slug: row for row in Category.objects.all()}
        self.taxes = {row.name: row for row in TaxClass.objects.all()}
        self.deposits = {row.name: row for row in DepositType.objects.all()}

    def fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The product's fields among the values."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if name == "category":
                found["category"] = self.categories[value]
            elif name == "tax":
                found["tax_class"] = self.taxes[value]
            elif name == "deposit":
                found["deposit_type"] = None if value is None else self.deposits[value]
            elif name in OF_PRODUCT:
                found[_FIELDS.get(name, name)] = value
        return found


def _terms(values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: values[name] for name, field in _TERMS.items() if name in values}


def _add(merchant: Merchant, values: Mapping[str, Mapping[str, Any]], shelf: _Shelf) -> list[Product]:
    products = [Product(merchant=merchant, sku=sku, **shelf.fields(told)) for sku, told in values.items()]
    added = Product.objects.bulk_create(products, batch_size=_AT_ONCE)
    remember_products(products=added, before={})
    return added


def _change(merchant: Merchant, values: Mapping[int, Mapping[str, Any]], shelf: _Shelf) -> None:
    wanted = {pk: shelf.fields(told) for pk, told in values.items()}
    changed: list[Product] = []
    for some in _parts(sorted(pk for pk, fields in wanted.items() if fields)):
        changed += Product.objects.filter(merchant=merchant, pk__in=some).select_related("merchant", "category")
    if not changed:
        return
    # A code may move from one product to another: it is free before somebody takes it.
    recoded = [product.pk for product in changed if "gtin" in wanted[product.pk]]
    for some in _parts(recoded):
        Product.objects.filter(pk__in=some).update(gtin="")
    for product in changed:
        for field, value in wanted[product.pk].items():
            setattr(product, field, value)
    fields = sorted({field for product in changed for field in wanted[product.pk]})
    Product.objects.bulk_update(changed, fields, batch_size=_AT_ONCE)
    remember_products(products=changed, before={product.pk: product.search_text for product in changed})


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    """The ids in parts, as a database bounds the values of one question."""
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])
