"""A household of one that nobody ever used, when its person moves in with others."""

from django.db import models

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
        if isinstance(model, str) or model is HouseholdMember or (model is User and relation.field.name == "acts_as"):
            continue
        if not isinstance(relation.field, models.ForeignKey | models.ManyToManyField):
            continue
        if relation.field.many_to_many and model is not Household:
            continue  # its through table is a table of its own
        if model._default_manager.filter(**{relation.field.name: household.pk}).exists():
            return True
    return False
