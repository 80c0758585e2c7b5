"""Keep in the history what a form changed of a product."""

from collections.abc import Mapping
from typing import Any

from marketplace import clock
from marketplace.actions.catalogue.storing import Stamp, lock_catalogue, record
from marketplace.models import CatalogueChange, Product, User
from marketplace.queries.catalogue import values_of
from marketplace.rules.catalogue.columns import OF_PRODUCT


def values_before(product: Product) -> dict[str, Any]:
    """The columns of a product as they are stored, before a form is saved; its catalogue is locked. Two queries."""
    lock_catalogue(product.merchant)
    stored = Product.objects.select_related("category", "tax_class", "deposit_type").get(pk=product.pk)
    return _columns(stored)


def record_product(
    *,
    product: Product,
    before: Mapping[str, Any] | None,
    via: str = CatalogueChange.Via.FORM,
    reason: str = "",
    by: User,
) -> bool:
    """Whether anything changed. `before`: what `values_before` said; None: the product is new. Joins the caller's
    transaction, after the product was saved."""
    after = _columns(product)
    changed = {name: value for name, value in after.items() if before is None or before[name] != value}
    if not changed:
        return False
    old = {} if before is None else {name: before[name] for name in changed}
    record("", [(product.pk, old, changed)], Stamp(via=via, at=clock.now(), by=by, reason=reason))
    return True


def _columns(product: Product) -> dict[str, Any]:
    return {name: value for name, value in values_of(product, None).items() if name in OF_PRODUCT}
