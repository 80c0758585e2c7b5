"""What the actions that set up a market share: who may, and how a bad value is told."""

from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from marketplace.access import hubs_where
from marketplace.errors import InvalidInput, NotAllowed
from marketplace.models import Hub, User
from marketplace.rules.roles import Permission, Role, allows

Row = TypeVar("Row", bound=Model)


def require_platform(by: User) -> None:
    """Raise NotAllowed for everybody but platform staff, who alone set up hubs, merchants and shared lists."""
    if not (by.is_staff and allows(Role.PLATFORM_STAFF, Permission.SET_UP)):
        raise NotAllowed(permission=Permission.SET_UP.value)


def require_at_hub(by: User, hub: Hub, permission: Permission) -> None:
    """Raise NotAllowed unless the user carries the permission at the hub. One query."""
    if not hubs_where(by, permission).filter(pk=hub.pk).exists():
        raise NotAllowed(permission=permission.value)


def save_checked(row: Row) -> Row:
    """Save a new row once its fields, its own rules and its constraints hold.

    Raises InvalidInput with one problem per field and sentence; what concerns several fields has the place "".
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise InvalidInput(problems=problems_of(error)) from error
    row.save(force_insert=True)
    return row


def problems_of(error: ValidationError) -> list[dict[str, str]]:
    """Django's validation messages as places and problems."""
    return [
        {"place": "" if place == NON_FIELD_ERRORS else place, "problem": message}
        for place, messages in error.message_dict.items()
        for message in messages
    ]
