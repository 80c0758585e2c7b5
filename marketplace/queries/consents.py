"""What a person agreed to, as it counts now, and everything it ever answered."""

from django.db.models import QuerySet

from marketplace.models import ConsentEntry
from marketplace.rules.consents import ConsentKind


def is_given(user_id: int, kind: ConsentKind) -> bool:
    """Whether the newest answer is yes; without any answer it is no. One query."""
    newest = (
        ConsentEntry.objects.filter(user_id=user_id, kind=kind.value).order_by("-pk").values_list("given", flat=True)
    )
    return bool(newest.first())


def given_kinds(user_id: int) -> frozenset[ConsentKind]:
    """Every kind whose newest answer is yes. One query."""
    rows = ConsentEntry.objects.filter(user_id=user_id).order_by("pk").values_list("kind", "given")
    return frozenset(ConsentKind(kind) for kind, given in dict(rows).items() if given)


def consents_of(user_id: int) -> QuerySet[ConsentEntry]:
    """Every answer of a person; evaluated by the caller."""
    return ConsentEntry.objects.filter(user_id=user_id)


def consent_log(user_id: int) -> list[ConsentEntry]:
    """Every answer, newest first. One query."""
    return list(consents_of(user_id).order_by("-pk"))
