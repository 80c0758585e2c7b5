"""Put a price list away that was looked at and is not taken."""

from django.db import transaction

from marketplace.errors import IllegalMove
from marketplace.models import CatalogueImport, User
from marketplace.queries.catalogue import price_list_for


@transaction.atomic
def drop_price_list(*, import_id: int, by: User) -> None:
    """Raises NotFound for a foreign list, IllegalMove for one that was taken."""
    shown = price_list_for(by, import_id)
    dropped = CatalogueImport.objects.filter(pk=import_id, state=CatalogueImport.State.SHOWN)
    if not dropped.update(state=CatalogueImport.State.DROPPED, content=b"", difference={}):
        raise IllegalMove(kind="price list", id=import_id, from_state=shown.state, to_state="dropped")
