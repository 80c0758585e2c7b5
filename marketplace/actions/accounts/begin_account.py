"""A person signs up: the account, and a household of one to reserve and pay as."""

from django.db import transaction

from marketplace.models import Household, HouseholdMember, User


@transaction.atomic
def begin_account(*, user: User, email: str, name: str, password: str | None, language: str = "") -> Household:
    """The household. Fills in and stores the given new user; the address is kept in small letters.

    Without a password the person signs in by codes, until one is set. Raises IntegrityError for a second account of
    the same address.
    """
    user.email = User.objects.normalize_email(email).lower()
    user.name = name
    user.language = language
    user.set_password(password)
    user.save()
    household = Household.objects.create(name=name)
    HouseholdMember.objects.create(household=household, user=user)
    return household
