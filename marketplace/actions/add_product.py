"""Add a product to a merchant's catalogue."""

from collections.abc import Mapping

from django.db import transaction

from marketplace.access import merchants_of
from marketplace.actions.search.remember_product import remember_product
from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.models import Category, DepositType, Merchant, Product, TaxClass, User
from marketplace.rules.goods import StorageClass, UnitCode


@transaction.atomic
def add_product(
    *,
    merchant: Merchant,
    category: Category,
    tax_class: TaxClass,
    name: str,
    sku: str,
    shelf_life_days: int,
    gtin: str = "",
    description: str = "",
    pack: str = "",
    content_amount: int = 1,
    content_unit: UnitCode = UnitCode.PIECE,
    catch_weight: bool = False,
    storage_class: StorageClass = StorageClass.AMBIENT,
    allergens: Mapping[str, str] | None = None,
    diets: Mapping[str, str] | None = None,
    deposit_type: DepositType | None = None,
    by: User,
) -> Product:
    """The product. One consumer unit holds `content_amount` of `content_unit`, nominally so with `catch_weight`;
    an allergen or diet that is not named is unknown. Search finds it from now on.

    Raises NotAllowed for others than the merchant's members and platform staff, InvalidInput naming each problem
    (GTIN check digit, allergen and diet codes, a SKU or GTIN that the merchant has already).
    """
    if not merchants_of(by).filter(pk=merchant.pk).exists():
        require_platform(by)
    product = save_checked(
        Product(
            merchant=merchant,
            category=category,
            tax_class=tax_class,
            name=name,
            sku=sku,
            shelf_life_days=shelf_life_days,
            gtin=gtin,
            description=description,
            pack=pack,
            content_amount=content_amount,
            content_unit=content_unit.value,
            catch_weight=catch_weight,
            storage_class=storage_class.value,
            allergens=dict(allergens or {}),
            diets=dict(diets or {}),
            deposit_type=deposit_type,
        )
    )
    remember_product(product=product)
    return product
