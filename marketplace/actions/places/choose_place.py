"""Keep where a household lives or collects, so that pages show what is near it first."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.models import Household, PickupPoint, User
from marketplace.rules.distance import Point


@transaction.atomic
def choose_place(
    *, words: str = "", point: Point | None = None, pickup_point: PickupPoint | None = None, by: User
) -> Household:
    """The actor's household with its place: an address with its point, or a pickup point, which leaves the address
    as it was; neither forgets both. Raises NotFound for somebody without a household.
    """
    household = household_of(by)
    if pickup_point is not None:
        household.preferred_point = pickup_point
    elif point is not None:
        household.address, household.latitude, household.longitude = words, point.latitude, point.longitude
    else:
        household.address, household.latitude, household.longitude = "", None, None
        household.preferred_point = None
    household.save(update_fields=["address", "latitude", "longitude", "preferred_point"])
    return household
