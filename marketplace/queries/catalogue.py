"""A merchant's catalogue as price lists and forms see it: every value under the name of its column."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from marketplace.access import merchants_of, one
from marketplace.models import (
    CatalogueImport,
    Category,
    DepositType,
    Merchant,
    Offer,
    OfferTemplate,
    Product,
    Supply,
    TaxClass,
    TemplateStep,
    User,
)
from marketplace.rules.catalogue.columns import GIVEN, LADDER, OF_TEMPLATE
from marketplace.rules.catalogue.difference import Current
from marketplace.rules.catalogue.values import Shelves
from marketplace.rules.roles import Permission, Role, allows
from marketplace.rules.states import WindowState

# From the announcement to the hand-over a product stays what households reserved and hubs ordered.
PROMISED_IN = [s.value for s in (WindowState.SCHEDULED, WindowState.OPEN, WindowState.CLOSED, WindowState.RECEIVING)]


def merchant_to_edit(user: User, merchant_id: int) -> Merchant:
    """A merchant whose catalogue the user edits: a member of its desk, or platform staff. One query."""
    mine = Merchant.objects.filter(pk=merchant_id)
    if not (user.is_staff and allows(Role.PLATFORM_STAFF, Permission.SET_UP)):
        mine = merchants_of(user).filter(pk=merchant_id)
    return one(mine, "merchant", merchant_id)


def product_to_edit(user: User, product_id: int) -> Product:
    """A product of a merchant at whose desk the user works. One query."""
    mine = Product.objects.select_related("merchant", "category", "tax_class", "deposit_type", "picture")
    return one(mine.filter(pk=product_id, merchant__in=merchants_of(user)), "product", product_id)


def price_list_for(user: User, import_id: int) -> CatalogueImport:
    """A price list of a merchant whose catalogue the user edits. One query."""
    lists = CatalogueImport.objects.select_related("merchant", "by")
    if not (user.is_staff and allows(Role.PLATFORM_STAFF, Permission.SET_UP)):
        lists = lists.filter(merchant__in=merchants_of(user))
    return one(lists.filter(pk=import_id), "price list", import_id)


def currencies_of(merchant_id: int) -> list[str]:
    """The currencies of the hubs that the merchant supplies, the one of most hubs first. One query."""
    hubs = Supply.objects.filter(merchant=merchant_id, is_active=True).order_by("hub__currency")
    found = list(hubs.values_list("hub__currency", flat=True))
    return sorted(set(found), key=lambda currency: (-found.count(currency), currency))


def shelves() -> Shelves:
    """What every merchant chooses from. Three queries."""
    return Shelves(
        categories=dict(Category.objects.order_by("position", "name").values_list("slug", "name")),
        taxes=dict(TaxClass.objects.order_by("name").values_list("name", "rate_basis_points")),
        deposits=dict(DepositType.objects.order_by("name").values_list("name", "amount_minor")),
    )


def catalogue_of(merchant_id: int, currency: str) -> dict[str, Current]:
    """The merchant's own products by article number, with their terms in the currency. Four queries for any number."""
    products = Product.objects.filter(merchant=merchant_id).select_related("category", "tax_class", "deposit_type")
    promised = on_offer(products)
    terms = templates_of(products, currency)
    return {
        product.sku: Current(product.pk, values_of(product, terms.get(product.pk)), product.pk in promised)
        for product in products.order_by("sku")
    }


def on_offer(products: QuerySet[Product]) -> set[int]:
    """Those of the products that are promised to somebody now. One query."""
    offers = Offer.objects.filter(product__in=products.order_by().values("pk"), window__state__in=PROMISED_IN)
    return set(offers.values_list("product_id", flat=True))


def templates_of(products: QuerySet[Product] | Collection[int], currency: str) -> dict[int, OfferTemplate]:
    """The usual terms of the products in a currency, with their steps at hand. Two queries."""
    chosen: Any = products.order_by().values("pk") if isinstance(products, QuerySet) else products
    found = OfferTemplate.objects.filter(product__in=chosen, currency=currency)
    steps = Prefetch("steps", queryset=TemplateStep.objects.order_by("from_quantity"))
    return {template.product_id: template for template in found.prefetch_related(steps)}


def values_of(product: Product, template: OfferTemplate | None) -> dict[str, Any]:
    """Every column of a product whose category, tax class and deposit are at hand; terms are None where it has none."""
    deposit = product.deposit_type
    return {
        "name": product.name,
        "description": product.description,
        "category": product.category.slug,
        "gtin": product.gtin,
        "pack": product.pack,
        "content": product.content_amount,
        "unit": product.content_unit,
        "weighed": product.catch_weight,
        "storage": product.storage_class,
        "shelf_life_days": product.shelf_life_days,
        "allergens": product.allergens,
        "diets": product.diets,
        "deposit": None if deposit is None else deposit.name,
        "tax": product.tax_class.name,
        "active": product.is_active,
        **terms_values(template),
    }


def terms_values(template: OfferTemplate | None) -> dict[str, Any]:
    """The columns of a product's usual terms."""
    if template is None:
        return dict.fromkeys((*sorted(OF_TEMPLATE & GIVEN.keys()), LADDER))
    return {
        "regular": template.is_regular,
        "case": template.case,
        "split": template.splittable,
        "multiple": template.multiple,
        "split_fee": template.split_fee_minor,
        "hub_extra": template.hub_flexible,
        "shortage": template.shortage_rule,
        "stock": template.cap,
        "stock_rule": template.stock_rule,
        LADDER: [list(step) for step in template.ladder],
    }


def product_values(product: Product, currency: str) -> Mapping[str, Any]:
    """Every column of one product. Two queries."""
    return values_of(product, templates_of([product.pk], currency).get(product.pk))
