"""A group's host changes what it says of itself."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.access import group_for_host
from marketplace.errors import InvalidInput
from marketplace.models import Group, User


@transaction.atomic
def change_group(*, group_id: int, name: str, welcome: str, late_words: str, by: User) -> Group:
    """The group with its new name and words.

    Raises NotFound for a foreign group, NotAllowed for others than its host, InvalidInput for a name that is taken.
    """
    group = group_for_host(by, group_id)
    group.name, group.welcome, group.late_words = name.strip(), welcome.strip(), late_words.strip()
    try:
        with transaction.atomic():
            group.save(update_fields=["name", "welcome", "late_words"])
    except IntegrityError as error:
        problem = _("Another group of this hub has that name.")
        raise InvalidInput(problems=[{"place": "name", "problem": problem}]) from error
    return group
