"""Tickets for the sockets of apps, which have no cookie and no origin."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.tickets import TICKET_SECONDS, make_ticket
from marketplace.api.base import MarketView, actor
from marketplace.api.throttles import TicketsPerUser


class TicketSerializer(serializers.Serializer[Any]):
    """Open the socket with the subprotocols `windrow` and `ticket.<ticket>`. It opens one socket, once."""

    ticket = serializers.CharField()
    seconds = serializers.IntegerField(help_text="How long it may wait to be used.")


class SocketTicket(MarketView):
    throttle_classes = [TicketsPerUser]

    @extend_schema(operation_id="make_socket_ticket", tags=["account"], request=None, responses={201: TicketSerializer})
    def post(self, request: Request) -> Response:
        """Get a ticket for one socket."""
        told = {"ticket": make_ticket(actor(request)), "seconds": TICKET_SECONDS}
        return Response(told, status=status.HTTP_201_CREATED)
