"""Everybody starts as a household of one."""

from django.db import transaction

from marketplace.models import Household, HouseholdMember, User


@transaction.atomic
def register(*, email: str, name: str, password: str | None) -> User:
    """A new person with a household of one. The address is kept in small letters; a second account for it fails.

    Without a password nobody can log in until one is set: an invited person, whom somebody else registers.
    """
    user = User.objects.create_user(email=email, password=password, name=name)
    household = Household.objects.create(name=name)
    HouseholdMember.objects.create(household=household, user=user)
    return user
