"""Erase a person: nothing names it any more, and every sum of the books stays what it was."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction

from marketplace import audit, clock
from marketplace.errors import StillOpen
from marketplace.models import Household, HouseholdInvitation, HubInvitation, HubMembership, LineShare, User
from marketplace.queries.erasing import ends_with, obstacles
from marketplace.queries.own_data import Subject, rows_of
from marketplace.queries.own_data_sections import SECTIONS, Erasing
from marketplace.rules.states import MEMBERSHIP_MOVES, MembershipState, ShareState

ERASED_NAME = "Erased"


@transaction.atomic
def erase_person(*, by: User) -> User:
    """The person's row under a pseudonym, which no longer signs in. What was written freely is emptied, logins,
    devices and sessions end; a household goes the same way with its last person, and stays as it is for others.

    Reservations, versions, outcomes and allocations are untouched. Raises StillOpen with what has to end first.
    """
    user = User.objects.select_for_update().get(pk=by.pk)
    if user.erased_at is not None:
        return user
    # Those who would leave the same household at once do so one after the other: one of them is its last person.
    list(Household.objects.select_for_update().filter(memberships__user=user).order_by("pk"))
    standing = obstacles(user)
    if standing:
        raise StillOpen(reasons=[obstacle.text for obstacle in standing])
    now = clock.now()
    subject = Subject(user.pk, tuple(ends_with(user)))
    _end_sessions(user)
    _end_standing(subject, now, user)
    for section in SECTIONS:
        if section.of_household and not subject.household_ids:
            continue
        rows = rows_of(section, subject)
        if section.erasing == Erasing.DELETE:
            rows.order_by().delete()
        elif section.erasing == Erasing.BLANK:
            rows.order_by().update(**section.blank)
    Household.objects.filter(pk__in=subject.household_ids).update(erased_at=now)
    _pseudonymise(user, now)
    audit.record(kind="user", object_id=user.pk, from_state="active", to_state="erased", at=now, by=user)
    return user


def _end_sessions(user: User) -> None:
    """Sessions and tokens. A session without a row of its own ends too: the password that it was made with is gone."""
    sessions: Any = apps.get_model("usersessions.UserSession")._default_manager.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()


def _end_standing(subject: Subject, now: datetime, user: User) -> None:
    """Open invitations, offered shares and memberships of hubs end with whom they belong to."""
    for invitation in (HouseholdInvitation, HubInvitation):
        waiting = invitation._default_manager.filter(by=user, used_at__isnull=True, withdrawn_at__isnull=True)
        waiting.update(withdrawn_at=now)
    offered = LineShare.objects.filter(household__in=subject.household_ids, state=ShareState.OFFERED.value)
    offered.update(state=ShareState.DECLINED.value, answered_at=now)
    for held in HubMembership.objects.filter(household__in=subject.household_ids):
        state = MembershipState(held.state)
        if MembershipState.LEFT not in MEMBERSHIP_MOVES[state]:
            continue
        if HubMembership.objects.filter(pk=held.pk, state=state.value).update(state=MembershipState.LEFT.value):
            audit.record(kind="membership", object_id=held.pk, from_state=state.value, to_state="left", at=now, by=user)


def _pseudonymise(user: User, now: datetime) -> None:
    user.email, user.name, user.language = f"erased-{user.pk}@erased.invalid", ERASED_NAME, ""
    user.is_active, user.last_login, user.acts_as, user.erased_at = False, None, None, now
    user.set_unusable_password()
    user.save()
