"""A household of one that nobody ever used, when its person moves in with others."""

from marketplace.models import Household, HouseholdMember, User


def drop_if_never_used(household: Household, person: User) -> bool:
    """Whether the household was given up: only the person's own, of which nothing anywhere knows and in which nothing
    was filled in. One query per table that can know of households."""
    alone = list(household.memberships.values_list("user_id", flat=True)) == [person.pk]
    if not alone or household.address or household.avoids or household.diets or _is_known(household):
        return False
    household.memberships.all().delete()
    household.delete()
    return True


def _is_known(household: Household) -> bool:
    for relation in household._meta.related_objects:
        model = relation.related_model
        if model in (HouseholdMember, User) or relation.field.many_to_many:  # a through table is a table of its own
            continue
        if model._default_manager.filter(**{relation.field.name: household.pk}).exists():
            return True
    return False
