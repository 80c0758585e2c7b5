"""Read a price list in: what it would change is kept to be looked at; the catalogue stays as it is."""

from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.catalogue.comparing import compare
from marketplace.errors import InvalidInput
from marketplace.models import CatalogueChange, CatalogueImport, User
from marketplace.queries.catalogue import currencies_of, merchant_to_edit
from marketplace.rules.catalogue.difference_json import difference_json
from marketplace.rules.catalogue.options import ListOptions

# A list that nobody took within these days is forgotten; prices are older than that by then.
KEPT_DAYS = 7


@transaction.atomic
def read_price_list(
    *,
    merchant_id: int,
    content: bytes,
    file_name: str,
    options: ListOptions,
    via: str = CatalogueChange.Via.IMPORT,
    by: User,
) -> CatalogueImport:
    """The list with its difference from the merchant's own catalogue; `take_price_list` takes exactly that.

    Raises NotFound for a foreign merchant, InvalidInput where the file cannot be read or the currency is none of the
    merchant's hubs. Rows that are refused are in the difference, each with row, column and reason.
    """
    merchant = merchant_to_edit(by, merchant_id)
    currencies = currencies_of(merchant.pk)
    if options.currency not in currencies:
        told = _("No hub of yours pays in %(currency)s.") % {"currency": options.currency or "–"}
        raise InvalidInput(problems=[{"place": "currency", "problem": told}])
    now = clock.now()
    compared = compare(merchant=merchant, content=content, options=options)
    old = CatalogueImport.objects.filter(
        merchant=merchant, state=CatalogueImport.State.SHOWN, made_at__lt=now - timedelta(days=KEPT_DAYS)
    )
    old.delete()
    return CatalogueImport.objects.create(
        merchant=merchant,
        file_name=file_name.replace("\0", "")[:120],
        file_hash=sha256(content).hexdigest(),
        content=content,
        options=options.as_json(),
        difference=difference_json(compared.found),
        fingerprint=compared.fingerprint,
        via=via,
        by=by,
        made_at=now,
    )
