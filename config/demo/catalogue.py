"""The demo's real catalogue, entered by the people who enter catalogues: staff, merchants, the coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass

from config.demo import people
from config.demo.diets import diets_of
from config.demo_market.load import DemoMarket, DemoProduct
from marketplace.actions.add_category import add_category
from marketplace.actions.add_deposit_type import add_deposit_type
from marketplace.actions.add_merchant import add_merchant
from marketplace.actions.add_merchant_member import add_merchant_member
from marketplace.actions.add_product import add_product
from marketplace.actions.add_supply import add_supply
from marketplace.actions.add_tax_class import add_tax_class
from marketplace.actions.publish_offer import publish_offer
from marketplace.actions.register import register
from marketplace.models import Category, DepositType, Hub, Merchant, Product, Round, Supply, TaxClass, User
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.goods import ALLERGENS, AllergenState, StorageClass, UnitCode

# Merchants whose quickest product keeps no longer, and who deliver within a day, belong into the late window.
FRESH_MERCHANT_DAYS, FRESH_MERCHANT_LEAD_HOURS = 7, 24
HOUSEHOLD_GOODS = "household"
# What a market shows first; the other shelves follow in the order of the data file.
SHELVES_FIRST = ("fruit", "eggs", "bread", "vegetables")
# A sack of flour for which a hub of this size needs some weeks: what collecting and sharing are for.
SACK_SKU, SACK_MERCHANT, SACK_MINIMUM = "MOINHO-SACK-25", "moinho", 16
# Where the data file's word for an allergen is not our code.
_CODE_OF = {"eggs": "egg"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What was entered, by the keys of the data file."""

    supplies: Mapping[str, Supply]
    products: list[tuple[DemoProduct, Product]]
    sack: Product
    fresh_merchants: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lists:
    """The platform's shared lists, by the slugs of the data file."""

    categories: Mapping[str, Category]
    deposits: Mapping[str, DepositType]
    food_tax: TaxClass
    other_tax: TaxClass


def add_catalogue(*, market: DemoMarket, hub: Hub, coordinator: User, platform: User) -> Catalogue:
    """Merchants with a login each, their supplies to the hub, and all products of the data file."""
    lists = _add_lists(market, platform)
    supplies: dict[str, Supply] = {}
    products: list[tuple[DemoProduct, Product]] = []
    for row in market.merchants:
        merchant = add_merchant(name=row.name, slug=row.key, email=row.email, place=row.place, by=platform)
        member = register(email=people.merchant_login(row.key), name=f"{row.name} desk", password=None)
        add_merchant_member(merchant=merchant, user=member, by=platform)
        supplies[row.key] = add_supply(
            merchant=merchant,
            hub=hub,
            minimum_order_value=row.minimum_order_value or 0,
            small_order_fee=row.small_order_fee,
            lead_hours=row.lead_hours,
            sells_as=row.kind,
            by=coordinator,
        )
        theirs = [product for product in market.products if product.merchant == row.key]
        products += [(product, _add(product, merchant, lists, member)) for product in theirs]
        if row.key == SACK_MERCHANT:
            sack = _add_sack(merchant, lists, member)
    return Catalogue(supplies=supplies, products=products, sack=sack, fresh_merchants=_fresh_merchants(market))


def publish_catalogue(
    *, catalogue: Catalogue, round_: Round, fresh_name: str, larder_name: str, coordinator: User
) -> None:
    """Every product on offer in the window of its merchant, on the suggested terms."""
    windows = {window.name: window for window in round_.windows.select_related("round__hub")}
    for row, product in catalogue.products:
        terms = row.terms
        publish_offer(
            window=windows[fresh_name if row.merchant in catalogue.fresh_merchants else larder_name],
            product=product,
            ladder=[
                PriceStep(from_quantity=step.start, cost=step.cost, unit_price=step.unit_price) for step in terms.ladder
            ],
            case=terms.case,
            cap=terms.cap,
            splittable=terms.splittable,
            multiple=terms.multiple,
            split_fee=terms.split_fee,
            hub_flexible=terms.hub_flexible,
            shortage_rule=terms.shortage_rule,
            by=coordinator,
        )
    publish_offer(
        window=windows[larder_name],
        product=catalogue.sack,
        ladder=[PriceStep(SACK_MINIMUM, 1490, 1840), PriceStep(SACK_MINIMUM * 2, 1340, 1660)],
        by=coordinator,
    )


def _add_lists(market: DemoMarket, platform: User) -> _Lists:
    return _Lists(
        categories={
            row.slug: add_category(name=row.name, slug=row.slug, motif=row.motif, position=position, by=platform)
            for position, row in enumerate(sorted(market.categories, key=lambda row: _shelf(row.slug)))
        },
        deposits={row.slug: add_deposit_type(name=row.name, amount=row.amount, by=platform) for row in market.deposits},
        food_tax=add_tax_class(name="Food", rate_basis_points=600, by=platform),
        other_tax=add_tax_class(name="Standard", rate_basis_points=2300, by=platform),
    )


def _add(row: DemoProduct, merchant: Merchant, lists: _Lists, member: User) -> Product:
    return add_product(
        merchant=merchant,
        category=lists.categories[row.category],
        tax_class=lists.other_tax if row.category == HOUSEHOLD_GOODS else lists.food_tax,
        name=row.title,
        sku=row.sku,
        gtin=row.gtin,
        pack=row.pack,
        shelf_life_days=row.shelf_life_days,
        content_amount=row.amount,
        content_unit=UnitCode(row.unit),
        catch_weight=row.catch_weight,
        storage_class=StorageClass(row.storage),
        allergens=_allergens(row),
        diets=diets_of(row),
        deposit_type=lists.deposits[row.deposit] if row.deposit else None,
        by=member,
    )


def _shelf(slug: str) -> int:
    return SHELVES_FIRST.index(slug) if slug in SHELVES_FIRST else len(SHELVES_FIRST)


def _add_sack(merchant: Merchant, lists: _Lists, member: User) -> Product:
    return add_product(
        merchant=merchant,
        category=lists.categories["pantry"],
        tax_class=lists.food_tax,
        name="Wheat flour, 25 kg sack",
        sku=SACK_SKU,
        pack="sack of 25 kg",
        description="Stone-ground, for those who bake. Share it: half a sack goes to a neighbour.",
        shelf_life_days=270,
        content_amount=25_000,
        content_unit=UnitCode.GRAM,
        allergens={"gluten": AllergenState.CONTAINS.value},
        diets={"vegetarian": "suitable", "vegan": "suitable"},
        by=member,
    )


def _allergens(row: DemoProduct) -> dict[str, str]:
    """What the file knows; where it knows all, the others are stated to be absent."""
    known = dict.fromkeys(ALLERGENS, AllergenState.NONE.value) if row.allergens_complete else {}
    contained = [_CODE_OF.get(name, name) for name in row.allergens]
    return known | dict.fromkeys(contained, AllergenState.CONTAINS.value)


def _fresh_merchants(market: DemoMarket) -> frozenset[str]:
    shortest = {
        row.key: min(product.shelf_life_days for product in market.products if product.merchant == row.key)
        for row in market.merchants
    }
    return frozenset(
        row.key
        for row in market.merchants
        if shortest[row.key] <= FRESH_MERCHANT_DAYS and row.lead_hours <= FRESH_MERCHANT_LEAD_HOURS
    )
