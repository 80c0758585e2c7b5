"""Everybody starts as a household of one."""

from django.db import transaction

from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.models import Household, HouseholdMember, User
from marketplace.rules.consents import ConsentKind


@transaction.atomic
def register(*, email: str, name: str, password: str | None, terms: str = "") -> User:
    """A new person with a household of one. The address is kept in small letters; a second account for it fails.

    Without a password nobody can log in until one is set: an invited person, whom somebody else registers. `terms` are
    the words that the person agreed to; with them the agreement is logged.
    """
    user = User.objects.create_user(email=email, password=password, name=name)
    start_household(user)
    if terms:
        answer_consent(kind=ConsentKind.TERMS, given=True, wording=terms, how="registration", by=user)
    return user


def start_household(user: User) -> Household:
    """The household of one of somebody who has none yet; the one it has where there is one already."""
    held = Household.objects.filter(memberships__user=user).order_by("memberships__joined_at", "pk").first()
    if held is not None:
        return held
    household = Household.objects.create(name=user.name or user.email.split("@")[0])
    HouseholdMember.objects.create(household=household, user=user)
    return household
