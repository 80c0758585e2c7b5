"""Who opens a socket: a page of ours with its cookie, or an app with a ticket.

A cookie counts from our own hosts only, since browsers send it from foreign pages too. A ticket proves by itself who
asks, so the origin does not matter: apps have none.
"""

from typing import Any, Final

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.security.websocket import AllowedHostsOriginValidator
from django.contrib.auth.models import AnonymousUser

from marketplace.accounts.backend import SignInBackend
from marketplace.accounts.tickets import take_ticket
from marketplace.models import User

SUBPROTOCOL: Final = "windrow"
_PREFIX: Final = "ticket."


class SocketDoor:
    """An ASGI application in front of the sockets; sets `user` and, for tickets, the `subprotocol` to answer with."""

    def __init__(self, sockets: Any) -> None:
        self.sockets = sockets
        self.by_cookie = AllowedHostsOriginValidator(AuthMiddlewareStack(sockets))  # type: ignore[no-untyped-call]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        offered = next((one for one in scope.get("subprotocols", ()) if one.startswith(_PREFIX)), None)
        if offered is None:
            return await self.by_cookie(scope, receive, send)
        user = await database_sync_to_async(_holder)(offered.removeprefix(_PREFIX))
        named = {"user": user or AnonymousUser(), "subprotocol": SUBPROTOCOL, "ticket_refused": user is None}
        return await self.sockets({**scope, **named}, receive, send)


def _holder(ticket: str) -> User | None:
    user_id = take_ticket(ticket)
    return None if user_id is None else SignInBackend().get_user(user_id)
