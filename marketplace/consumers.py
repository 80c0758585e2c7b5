"""The socket of a round: says where it stands, then passes hints on. realtime.py describes the frames."""

import asyncio
import json

from asgiref.typing import WebSocketDisconnectEvent  # noqa: F401 - documents the protocol
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from marketplace import realtime_hub
from marketplace.access import round_for
from marketplace.errors import NotFound
from marketplace.queries.standings import round_versions
from marketplace.realtime import NOT_FOUND_CODE, round_group
