"""An invitation that this browser opened: kept in its session until its person has joined."""

from django.http import HttpRequest

from marketplace.models import Group, Round, User
from marketplace.queries.shop import groups_at

KEPT = "group_invitation"
CHOSEN = "group_chosen"


def remember(request: HttpRequest, group: Group) -> None:
    """The link was opened: pages say so until its person joins, or says no."""
    request.session[KEPT] = {
        "token": group.invitation,
        "group": group.name,
        "host": group.host.name,
        "hub": group.hub_id,
    }


def forget(request: HttpRequest) -> None:
    request.session.pop(KEPT, None)


def joined(request: HttpRequest, group: Group) -> None:
    """From now on this browser orders with the group, where its household has no reservation that says otherwise."""
    forget(request)
    request.session[CHOSEN] = group.pk


def chosen_group_id(request: HttpRequest, round_: Round) -> int | None:
    """The group that a first reservation of the round is made in: the one joined here, else the household's only one
    at the hub. One query; None for ordering alone."""
    if not isinstance(request.user, User):
        return None
    own = [group.pk for group in groups_at(request.user, round_.hub_id)]
    chosen = request.session.get(CHOSEN)
    return chosen if chosen in own else own[0] if len(own) == 1 else None
