"""Name, address and presets of a household."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import household_of
from marketplace.errors import HouseholdChanged, InvalidInput
from marketplace.models import Household, User
from marketplace.queries.households import profile_tag
from marketplace.rules.goods import ALLERGENS, DIETS


@transaction.atomic
def change_household(
    *,
    household_id: int,
    name: str,
    address: str,
    delivery_notes: str,
    avoids: Sequence[str],
    diets: Sequence[str],
    expected: Sequence[str] = (),
    by: User,
) -> Household:
    """Set them all. A changed address forgets its coordinates.

    `expected` are the tags of profiles that the change is meant for, none for any. Raises NotFound, HouseholdChanged,
    InvalidInput (name, avoids, diets).
    """
    household = Household.objects.select_for_update().get(pk=household_of(by, household_id).pk)
    if expected and profile_tag(household) not in expected:
        raise HouseholdChanged
    problems = []
    if not name.strip():
        problems.append({"place": "name", "problem": _("Give your household a name.")})
    if set(avoids) - set(ALLERGENS):
        problems.append({"place": "avoids", "problem": _("Choose from the list.")})
    if set(diets) - set(DIETS):
        problems.append({"place": "diets", "problem": _("Choose from the list.")})
    if problems:
        raise InvalidInput(problems=problems)
    if address.strip() != household.address:
        household.latitude = household.longitude = None
    household.name, household.address, household.delivery_notes = name.strip(), address.strip(), delivery_notes.strip()
    household.avoids = [code for code in ALLERGENS if code in avoids]
    household.diets = [code for code in DIETS if code in diets]
    household.save(update_fields=["name", "address", "delivery_notes", "latitude", "longitude", "avoids", "diets"])
    return household
