"""Set a product's usual terms: what it is offered for in windows that are made from now on."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.catalogue.adopt_templates import adopt_templates
from marketplace.actions.catalogue.storing import Stamp, lock_catalogue, record, store_terms
from marketplace.errors import CatalogueChanged, InvalidInput
from marketplace.models import CatalogueChange, User
from marketplace.queries.catalogue import currencies_of, product_to_edit, product_values
from marketplace.rules.catalogue.columns import LADDER, OF_TEMPLATE
from marketplace.rules.catalogue.difference import after_change, changed_values
from marketplace.rules.catalogue.terms_rules import terms_problems
from marketplace.words import broken_words


@transaction.atomic
def set_template(
    *,
    product_id: int,
    currency: str,
    values: Mapping[str, Any],
    reason: str = "",
    drafts_too: bool = True,
    seen: Mapping[str, Any] | None = None,
    via: str = CatalogueChange.Via.FORM,
    by: User,
) -> int:
    """How many offers of windows that are not announced yet took the terms. `values` by the names of columns of terms
    (rules/catalogue/columns.py); those that are left out stay. `seen`: the terms that the form showed.

    Raises NotFound for a foreign product, CatalogueChanged where the terms are not those that were seen, InvalidInput
    naming each problem; then nothing has changed.
    """
    product = product_to_edit(by, product_id)
    lock_catalogue(product.merchant)
    if currency not in currencies_of(product.merchant_id):
        told = _("No hub of yours pays in %(currency)s.") % {"currency": currency}
        raise InvalidInput(problems=[{"place": "currency", "problem": told}])
    current = product_values(product, currency)
    if seen is not None and any(current.get(name) != value for name, value in seen.items()):
        raise CatalogueChanged(import_id=None)
    wanted = {name: value for name, value in values.items() if name in OF_TEMPLATE}
    after = after_change(current, wanted)
    problems = [{"place": place, "problem": broken_words(broken)} for place, broken in terms_problems(after)]
    if problems:
        raise InvalidInput(problems=problems)
    before, changed = changed_values(current, wanted)
    if not changed or after[LADDER] is None:
        return 0
    store_terms(currency, {product.pk: changed})
    record(currency, [(product.pk, before, changed)], Stamp(via=via, at=clock.now(), by=by, reason=reason.strip()))
    return adopt_templates(product_ids=[product.pk], reason=reason.strip(), by=by) if drafts_too else 0
