"""The ground of the catalogue's tests: a merchant with a supply, what every merchant chooses from, lists as text."""

from dataclasses import dataclass, field
from typing import Any

from marketplace.actions.catalogue.read_price_list import read_price_list
from marketplace.actions.search.remember_product import remember_product
from marketplace.models import (
    CatalogueImport,
    Category,
    DepositType,
    Hub,
    Merchant,
    Offer,
    OfferTemplate,
    Product,
    Supply,
    TaxClass,
    TemplateStep,
    User,
)
from marketplace.rules.catalogue.options import ListOptions
from tests.factories import make_hub, make_merchant, make_merchant_member, make_product, make_supply

HEAD = "sku;name;category;tax;shelf_life_days;cost_1;price_1;case"


@dataclass
class Shop:
    """One merchant that supplies one hub, with a member at its desk."""

    name: str = "Quinta"
    hub: Hub = field(default_factory=make_hub)
    merchant: Merchant = field(init=False)
    supply: Supply = field(init=False)
    member: User = field(init=False)

    def __post_init__(self) -> None:
        Category.objects.get_or_create(slug="vegetables", defaults={"name": "Vegetables"})
        Category.objects.get_or_create(slug="dairy", defaults={"name": "Dairy"})
        TaxClass.objects.get_or_create(name="food", defaults={"rate_basis_points": 600})
        TaxClass.objects.get_or_create(name="standard", defaults={"rate_basis_points": 2300})
        DepositType.objects.get_or_create(name="Bottle", defaults={"amount_minor": 15})
        self.merchant = make_merchant(self.name)
        self.supply = make_supply(self.merchant, self.hub)
        self.member = make_merchant_member(self.merchant)

    def product(self, name: str = "Tomatoes", **fields: Any) -> Product:
        """A product without usual terms."""
        product = make_product(self.merchant, name)
        for column, value in fields.items():
            setattr(product, column, value)
        product.save()
        remember_product(product=product)
        return product

    def priced(self, name: str = "Tomatoes", *, ladder: Any = ((1, 150, 210),), **terms: Any) -> Product:
        """A product with usual terms; `sku` and other fields of the product by their names."""
        fields = {key: terms.pop(key) for key in ("sku", "gtin", "is_active") if key in terms}
        product = self.product(name, **fields)
        template = OfferTemplate.objects.create(product=product, currency=self.hub.currency, **terms)
        for q, c, p in ladder:
            TemplateStep.objects.create(template=template, from_quantity=q, cost_minor=c, unit_price_minor=p)
        return product

    def read(self, text: str | bytes, *, head: str | None = HEAD, **options: Any) -> CatalogueImport:
        """A list that was read in; rows of HEAD unless another one is given."""
        content = text if isinstance(text, bytes) else f"{head}\n{text}".encode() if head else text.encode()
        return read_price_list(
            merchant_id=self.merchant.pk,
            content=content,
            file_name="list.csv",
            options=ListOptions(currency=self.hub.currency, **options),
            by=self.member,
        )

    def ladder(self, product: Product) -> list[tuple[int, int, int]]:
        """The product's usual ladder."""
        steps = TemplateStep.objects.filter(template__product=product).order_by("from_quantity")
        return list(steps.values_list("from_quantity", "cost_minor", "unit_price_minor"))


def stock_of(offer: Offer) -> int | None:
    """The stock of an offer as it is stored now; None: no end."""
    stored = Offer.objects.select_related("capacity").get(pk=offer.pk)
    return None if stored.capacity is None else stored.capacity.limit
