"""Agree to something, or withdraw it; both are logged with the words that were shown."""

from django.db import transaction

from marketplace import clock
from marketplace.models import ConsentEntry, User
from marketplace.rules.consents import ConsentKind


@transaction.atomic
def answer_consent(*, kind: ConsentKind, given: bool, wording: str, how: str, by: User) -> ConsentEntry | None:
    """The new entry; None where the newest answer said the same to the same words. `how` names the door."""
    newest = ConsentEntry.objects.filter(user=by, kind=kind.value).order_by("-pk").first()
    if newest is not None and newest.given == given and newest.wording == wording:
        return None
    if newest is None and not given:
        return None  # it was never given: nothing is withdrawn
    return ConsentEntry.objects.create(user=by, kind=kind.value, wording=wording, given=given, at=clock.now(), how=how)
