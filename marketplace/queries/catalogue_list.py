"""A merchant's catalogue as its desk lists it, and the history of one product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.models import CatalogueChange, CatalogueImport, Offer, OfferTemplate, Product, User
from marketplace.queries.catalogue import PROMISED_IN, templates_of, terms_values
from marketplace.rules.catalogue.columns import LADDER
from marketplace.rules.catalogue.terms import TermsWarning, warnings_of
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.folding import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is looked for. `state`: sold, gone, regular, unpriced, or empty for all."""

    words: str = ""
    category: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A product as the list shows it. `on_offer`: it is promised to somebody now."""

    product: Product
    template: OfferTemplate | None
    ladder: Sequence[PriceStep]
    warnings: Sequence[TermsWarning]
    on_offer: bool


def products_found(merchant_id: int, wanted: Filter, currency: str) -> QuerySet[Product]:
    """The merchant's products that are looked for, by name."""
    products = Product.objects.filter(merchant=merchant_id)
    for word in words_of(wanted.words)[:8]:
        products = products.filter(
            Q(search_text__contains=f" {word}") | Q(sku__icontains=word) | Q(gtin__startswith=word)
        )
    if wanted.category:
        products = products.filter(category__slug=wanted.category)
    priced = OfferTemplate.objects.filter(product=OuterRef("pk"), currency=currency)
    match wanted.state:
        case "sold":
            products = products.filter(is_active=True)
        case "gone":
            products = products.filter(is_active=False)
        case "regular":
            products = products.filter(Exists(priced.filter(is_regular=True)))
        case "unpriced":
            products = products.filter(~Exists(priced))
    return products.order_by("name", "pk")


def listed(products: QuerySet[Product], currency: str) -> list[Listed]:
    """These products with their usual terms. Three queries for any number."""
    promised = Offer.objects.filter(product=OuterRef("pk"), window__state__in=PROMISED_IN)
    rows = list(products.select_related("category", "picture").annotate(promised=Exists(promised)))
    templates = templates_of([row.pk for row in rows], currency)
    return [_listed(row, templates.get(row.pk)) for row in rows]


def _listed(product: Product, template: OfferTemplate | None) -> Listed:
    values = terms_values(template)
    return Listed(
        product=product,
        template=template,
        ladder=[PriceStep(*step) for step in values[LADDER] or ()],
        warnings=warnings_of(values),
        on_offer=product.promised,  # type: ignore[attr-defined]
    )


def history_of(product: Product, most: int = 25) -> list[CatalogueChange]:
    """What changed, the newest first. One query."""
    return list(product.changes.select_related("by", "price_list").order_by("-pk")[:most])


@dataclass(frozen=True, slots=True)
class PastList:
    """A price list that was read in, without its rows. `taken_at` None: it waits to be taken."""

    id: int
    name: str
    by: User
    made_at: datetime
    taken_at: datetime | None
    counts: dict[str, int]


def past_lists(merchant_id: int, most: int = 10) -> list[PastList]:
    """The merchant's price lists that wait or were taken, the newest first. One query, without their contents."""
    lists = (
        CatalogueImport.objects.filter(merchant=merchant_id)
        .exclude(state=CatalogueImport.State.DROPPED)
        .select_related("by")
        .only("file_name", "by", "made_at", "applied_at", "difference")
        .order_by("-made_at", "-pk")
    )
    return [
        PastList(
            row.pk,
            row.file_name,
            row.by,
            row.made_at,
            row.applied_at,
            row.difference.get("counts", {}) if row.applied_at else {},
        )
        for row in lists[:most]
    ]
