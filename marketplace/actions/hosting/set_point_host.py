"""The hub says who hosts a point and who stands in."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import hubs_where
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import PickupPoint, PickupPointHost, User
from marketplace.rules.roles import Permission


@transaction.atomic
def set_point_host(*, point_id: int, email: str, is_deputy: bool, by: User) -> PickupPointHost:
    """The person as host, or as deputy, of the point; setting it again changes which of the two.

    Raises NotFound for a point of a hub whose rounds the user does not run, InvalidInput for an address without an
    account.
    """
    point = PickupPoint.objects.filter(pk=point_id, hub__in=hubs_where(by, Permission.RUN_ROUNDS)).first()
    if point is None:
        raise NotFound(kind="pickup_point", id=point_id)
    person = find_person(email)
    host, _made = PickupPointHost.objects.update_or_create(
        pickup_point=point, user=person, defaults={"is_deputy": is_deputy}
    )
    return host


def find_person(email: str) -> User:
    """Whose account the address is. Raises InvalidInput where nobody has one. One query."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise InvalidInput(problems=[{"place": "email", "problem": _("Nobody has an account with this address yet.")}])
    return person
