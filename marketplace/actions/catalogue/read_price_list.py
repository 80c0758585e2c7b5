"""Read a price list in: what it would change is kept to be looked at; the catalogue stays as it is."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.catalogue.comparing import compare
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import CatalogueChange, CatalogueImport, Merchant, User
from marketplace.queries.catalogue import currencies_of, merchant_to_edit, price_list_for
from marketplace.rules.catalogue.columns import KEY
from marketplace.rules.catalogue.difference_json import difference_json
from marketplace.rules.catalogue.options import TABLE, ListOptions
from marketplace.rules.catalogue.reading import Code, codes_of, guessed, read_list, read_table
from marketplace.rules.catalogue.table import Unreadable

# A list that nobody took within these days is forgotten; prices are older than that by then.
KEPT_DAYS = 7
_SAMPLES = 3


@transaction.atomic
def read_price_list(
    *,
    merchant_id: int,
    content: bytes,
    file_name: str,
    options: ListOptions,
    via: str = CatalogueChange.Via.IMPORT,
    may_ask: bool = False,
    by: User,
) -> CatalogueImport:
    """The list with its difference from the merchant's own catalogue; `take_price_list` takes exactly that.

    With `may_ask` a table whose columns are not known is kept too: its difference then holds only "columns" and
    "samples", and `reread_price_list` is told which is which. Raises NotFound for a foreign merchant, InvalidInput
    where the file cannot be read or the currency is none of the merchant's hubs. Rows that are refused are in the
    difference, each with row, column and reason.
    """
    merchant = merchant_to_edit(by, merchant_id)
    now = clock.now()
    difference, fingerprint = _compared(merchant, content, options, may_ask=may_ask)
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
        difference=difference,
        fingerprint=fingerprint,
        via=via,
        by=by,
        made_at=now,
    )


@transaction.atomic
def reread_price_list(*, import_id: int, options: ListOptions, by: User) -> CatalogueImport:
    """Read the same file in another way: other columns, without refused rows, as a whole catalogue.

    Raises NotFound for a foreign list, IllegalMove for one that was taken or dropped, InvalidInput where the file
    cannot be read so; then it is shown as before.
    """
    shown = price_list_for(by, import_id)
    if shown.state != CatalogueImport.State.SHOWN:
        raise IllegalMove(kind="price list", id=import_id, from_state=shown.state, to_state="read anew")
    difference, fingerprint = _compared(shown.merchant, bytes(shown.content), options, may_ask=False)
    shown.options, shown.difference, shown.fingerprint = options.as_json(), difference, fingerprint
    shown.save(update_fields=["options", "difference", "fingerprint"])
    return shown


def _compared(merchant: Merchant, content: bytes, options: ListOptions, *, may_ask: bool) -> tuple[dict[str, Any], str]:
    """Difference and fingerprint; where columns have to be asked for, the columns and no fingerprint."""
    if options.currency not in currencies_of(merchant.pk):
        told = _("No hub of yours pays in %(currency)s.") % {"currency": options.currency or "–"}
        raise InvalidInput(problems=[{"place": "currency", "problem": told}])
    if may_ask and options.format == TABLE and not options.columns:
        asked = _unknown_columns(content, options)
        if asked is not None:
            return asked, ""
    compared = compare(merchant=merchant, content=content, options=options)
    return difference_json(compared.found), compared.fingerprint


def _unknown_columns(content: bytes, options: ListOptions) -> dict[str, Any] | None:
    """The file's columns with a few of their texts, where none of them is known for the article number."""
    try:
        table = read_table(content, options.format)
    except Unreadable:
        return None
    if KEY in guessed(table.columns):
        return None
    return columns_asked(content, options)


def codes_asked(content: bytes, options: ListOptions) -> dict[str, list[Code]]:
    """The codes of a list, where somebody says what they mean. Raises Unreadable."""
    return codes_of(read_list(content, options))


def columns_asked(content: bytes, options: ListOptions) -> dict[str, Any]:
    """What is shown where somebody says which column is which. Raises Unreadable."""
    table = read_table(content, options.format)
    samples = {name: [row.cells[name][:40] for row in table.rows[:_SAMPLES]] for name in table.columns}
    return {"columns": list(table.columns), "samples": samples}
