"""Change many products at once: first what it makes of each, then exactly that."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.catalogue.adopt_templates import adopt_templates
from marketplace.actions.catalogue.storing import Stamp, lock_catalogue, store
from marketplace.errors import CatalogueChanged, InvalidInput
from marketplace.models import CatalogueChange, User
from marketplace.queries.catalogue import currencies_of, merchant_to_edit
from marketplace.queries.catalogue_bulk import Looked, look_at
from marketplace.rules.catalogue.bulk import MOST_BASIS_POINTS, BulkChange
from marketplace.words import broken_words


@transaction.atomic
def change_many(
    *,
    merchant_id: int,
    product_ids: Collection[int],
    change: BulkChange,
    currency: str,
    fingerprint: str,
    reason: str = "",
    drafts_too: bool = True,
    by: User,
) -> Looked:
    """What was changed. `fingerprint` is that of the preview (queries/catalogue_bulk.py).

    Raises NotFound for a foreign merchant, InvalidInput naming each product that cannot be changed so, CatalogueChanged
    where one of them is not what was looked at; then nothing has changed. Products of others are not there.
    """
    merchant = merchant_to_edit(by, merchant_id)
    lock_catalogue(merchant)
    problems = _problems(change, currency, merchant.pk)
    if problems:
        raise InvalidInput(problems=problems)
    looked = look_at(merchant_id=merchant.pk, product_ids=product_ids, change=change, currency=currency)
    if looked.found.refused:
        raise InvalidInput(
            problems=[{"place": each.given, "problem": broken_words(each.reason)} for each in looked.found.refused]
        )
    if looked.fingerprint != fingerprint:
        raise CatalogueChanged(import_id=None)
    stamp = Stamp(via=CatalogueChange.Via.BULK, at=clock.now(), by=by, reason=reason.strip())
    changed = store(merchant=merchant, currency=currency, found=looked.found, stamp=stamp)
    if drafts_too:
        adopt_templates(product_ids=changed, reason=reason.strip(), by=by)
    return looked


def _problems(change: BulkChange, currency: str, merchant_id: int) -> list[dict[str, str]]:
    problems = []
    for place, points in (("cost", change.cost_basis_points), ("price", change.price_basis_points)):
        if not -10_000 < points <= MOST_BASIS_POINTS:
            problems.append({"place": place, "problem": _("More than −100 % and at most +1000 %.")})
    if currency not in currencies_of(merchant_id):
        told = _("No hub of yours pays in %(currency)s.") % {"currency": currency}
        problems.append({"place": "currency", "problem": told})
    return problems
