"""Import the streets of a hub's area: all of the file, or none of it."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from marketplace.models import Hub, Street
from marketplace.rules.distance import Point
from marketplace.rules.folding import for_search

_AT_ONCE = 500


class StreetRow(NamedTuple):
    """A street as a file names it."""

    name: str
    postcode: str
    town: str
    point: Point


class Imported(NamedTuple):
    """How many streets are new, changed, and as they were."""

    new: int
    changed: int
    same: int


@transaction.atomic
def import_streets(*, hub: Hub, rows: Iterable[StreetRow]) -> Imported:
    """Streets by name and town; those that the file does not name stay. Importing a file twice changes nothing twice.

    Two streets of one name and town are one: the first that the file names.
    """
    known = {(s.name, s.town): s for s in Street.objects.filter(hub=hub)}
    named: dict[tuple[str, str], StreetRow] = {}
    for row in rows:
        named.setdefault((row.name, row.town), row)
    wanted = [_street(hub, row) for row in named.values()]
    new = [street for street in wanted if (street.name, street.town) not in known]
    changed = [s for s in wanted if (s.name, s.town) in known and _differs(s, known[s.name, s.town])]
    for street in changed:
        street.pk = known[street.name, street.town].pk
    Street.objects.bulk_create(new, batch_size=_AT_ONCE)
    Street.objects.bulk_update(changed, ["postcode", "latitude", "longitude", "folded"], batch_size=_AT_ONCE)
    return Imported(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _street(hub: Hub, row: StreetRow) -> Street:
    folded = for_search(row.name, row.town, row.postcode)[:240]
    return Street(
        hub=hub,
        name=row.name,
        postcode=row.postcode,
        town=row.town,
        latitude=row.point.latitude,
        longitude=row.point.longitude,
        folded=folded,
    )


def _differs(street: Street, known: Street) -> bool:
    def told(one: Street) -> tuple[object, ...]:
        return one.postcode, one.latitude, one.longitude, one.folded

    return told(street) != told(known)
