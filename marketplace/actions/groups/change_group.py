"""A group's host changes what it says of itself."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.access import group_for_host
from marketplace.errors import InvalidInput
from marketplace.models import Group, User
from marketplace.queries.groups import GROUP_WORDS
from marketplace.queries.state_tags import require_state
from marketplace.rules.names import plain_name


@transaction.atomic
def change_group(
    *, group_id: int, name: str, welcome: str, late_words: str, expected: Sequence[str] = (), by: User
) -> Group:
    """The group with its new name and words.

    `expected` are the tags of its words that the change is meant for, none for any. Raises NotFound for a foreign
    group, NotAllowed for others than its host, ChangedMeanwhile, InvalidInput for a name that is taken.
    """
    group = group_for_host(by, group_id)
    require_state(Group.objects.select_for_update().get(pk=group.pk), GROUP_WORDS, expected)
    if not (plain := plain_name(name)):
        raise InvalidInput(problems=[{"place": "name", "problem": _("Give your group a name.")}])
    group.name, group.welcome, group.late_words = plain, welcome.strip(), late_words.strip()
    try:
        with transaction.atomic():
            group.save(update_fields=GROUP_WORDS)
    except IntegrityError as error:
        problem = _("Another group of this hub has that name.")
        raise InvalidInput(problems=[{"place": "name", "problem": problem}]) from error
    return group
