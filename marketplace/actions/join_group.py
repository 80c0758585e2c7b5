"""Join a group by its invitation link."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.actions.notices.tell import tell
from marketplace.errors import NotFound
from marketplace.models import Group, GroupMember, User
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def join_group(*, invitation: str, by: User) -> Group:
    """The group of the invitation, with the user's household in it; joining twice is harmless. Its host is told once.

    Raises NotFound for an invitation that does not exist, or no longer does.
    """
    group = Group.objects.select_related("hub").filter(invitation=invitation).first()
    if group is None:
        raise NotFound(kind="invitation", id=invitation)
    household = household_of(by)
    member, joined = GroupMember.objects.get_or_create(group=group, household=household)
    if joined and group.host_id != by.pk:
        tell(
            kind=NoticeKind.GROUP,
            user_ids=[group.host_id],
            key=f"member:{member.pk}:joined",
            facts={"what": "joined", "group": group.name, "household": household.name},
            link=f"/groups/{group.pk}/",
        )
    return group
