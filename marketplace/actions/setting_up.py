"""What the actions that set up a market share: who may, and how a bad value is told."""

from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
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
    """Insert a new row whose fields and own rules hold.

    Raises InvalidInput with one problem per field and sentence; what concerns several fields has the place "".
    The table's constraints are left to the database and told in words only when one is broken: asking for each of
    them beforehand costs a query apiece.
    """
    try:
        row.clean_fields()
        row.clean()
        with transaction.atomic():
            row.save(force_insert=True)
    except (ValidationError, IntegrityError) as error:
        raise InvalidInput(problems=_problems(row, error)) from error
    return row


def _problems(row: Model, error: ValidationError | IntegrityError) -> list[dict[str, str]]:
    """Every problem of the row, as places and sentences; the refusal itself where no check explains it."""
    try:
        row.full_clean()
    except ValidationError as explained:
        return [
            {"place": "" if place == NON_FIELD_ERRORS else place, "problem": message}
            for place, messages in explained.message_dict.items()
            for message in messages
        ]
    raise error
