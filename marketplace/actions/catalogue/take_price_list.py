"""Take a price list that was looked at: all of it, exactly as it was shown, or nothing."""

from dataclasses import dataclass

from django.db import transaction

from marketplace import clock
from marketplace.actions.catalogue.adopt_templates import adopt_templates
from marketplace.actions.catalogue.comparing import Compared, compare
from marketplace.actions.catalogue.storing import Stamp, lock_catalogue, store
from marketplace.errors import CatalogueChanged, IllegalMove, InvalidInput
from marketplace.models import CatalogueImport, User
from marketplace.queries.catalogue import price_list_for
from marketplace.rules.catalogue.difference_json import counts_of, difference_json
from marketplace.rules.catalogue.options import ListOptions, options_from
from marketplace.words import broken_words

_MOST_TOLD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenList:
    """How many products are new, changed, no longer sold, and how many offers of windows that are not announced yet
    took the new terms."""

    import_id: int
    new: int
    changed: int
    gone: int
    offers: int


def take_price_list(*, import_id: int, fingerprint: str, drafts_too: bool = True, by: User) -> TakenList:
    """Write what the list changes. `fingerprint` is that of the difference which was looked at. `drafts_too`: offers of
    windows that were not announced yet take the new terms; offers that were announced never do.

    Raises NotFound for a foreign list, IllegalMove for one that was taken or dropped, CatalogueChanged where file,
    options or catalogue differ from what was shown (the list then shows the difference anew), InvalidInput naming
    each refused row; after any of them the catalogue is as it was.
    """
    shown = price_list_for(by, import_id)
    options = options_from(shown.options)
    with transaction.atomic():
        lock_catalogue(shown.merchant)
        shown = price_list_for(by, import_id)
        if shown.state != CatalogueImport.State.SHOWN:
            raise IllegalMove(kind="price list", id=import_id, from_state=shown.state, to_state="applied")
        compared = compare(merchant=shown.merchant, content=bytes(shown.content), options=options)
        if compared.fingerprint == fingerprint == shown.fingerprint:
            return _take(shown, options, compared, drafts_too=drafts_too, by=by)
    _show_anew(shown, compared)
    raise CatalogueChanged(import_id=import_id)


def _take(shown: CatalogueImport, options: ListOptions, compared: Compared, *, drafts_too: bool, by: User) -> TakenList:
    found, now = compared.found, clock.now()
    if found.refused and not options.leave_out:
        raise InvalidInput(
            problems=[
                {
                    "place": f"row {each.row}, {found.theirs.get(each.column, each.column)}".rstrip(", "),
                    "problem": broken_words(each.reason),
                }
                for each in found.refused[:_MOST_TOLD]
            ]
        )
    stamp = Stamp(via=shown.via, at=now, by=by, reason=shown.file_name, price_list=shown)
    changed = store(merchant=shown.merchant, currency=options.currency, found=found, stamp=stamp)
    offers = adopt_templates(product_ids=changed, reason=shown.file_name, by=by) if drafts_too else 0
    taken = CatalogueImport.objects.filter(pk=shown.pk, state=CatalogueImport.State.SHOWN)
    taken.update(
        state=CatalogueImport.State.APPLIED,
        applied_at=now,
        content=b"",
        difference={"counts": counts_of(difference_json(found)), "offers": offers},
    )
    return TakenList(
        import_id=shown.pk, new=len(found.new), changed=len(found.changed), gone=len(found.gone), offers=offers
    )


def _show_anew(shown: CatalogueImport, compared: Compared) -> None:
    """Keep the difference from the catalogue as it is now, to be looked at."""
    CatalogueImport.objects.filter(pk=shown.pk, state=CatalogueImport.State.SHOWN).update(
        difference=difference_json(compared.found), fingerprint=compared.fingerprint
    )
