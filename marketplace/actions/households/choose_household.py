"""Reserve as another of one's households from now on."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.models import Household, User


@transaction.atomic
def choose_household(*, household_id: int, by: User) -> Household:
    """The household, which the person's pages act as until it chooses again. Raises NotFound unless it is its own."""
    household = household_of(by, household_id)
    User.objects.filter(pk=by.pk).update(acts_as=household)
    by.acts_as = household
    return household
