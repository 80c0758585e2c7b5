"""Hints to those who watch a round: what changed, never the truth itself (docs/adr/0004).

`push` sends after the commit; with Redis to every process, without (one process) to this one. The socket is
`/ws/rounds/<round id>/`; its frames are JSON texts, money in integer minor units, times ISO 8601 in UTC. Nothing
personal and nothing that depends on a language is in them.

`version` counts per window, up by one with each refresh of its demand (0: nothing was reserved yet).

- `{"type": "round.state", "round", "now", "windows": [{"id", "state", "opens_at", "fills_at", "closes_at",
  "version"}]}` is the first frame after connecting: a client that shows another version fetches.
- `{"type": "round.changed", "round", "window", "version", "offers": [{"id", "reached", "reason", "reserved", "sure",
  "waiting", "held", "waits_for", "missing", "ordered", "extras", "now", "at_most", "next_price", "next_missing",
  "target"}]}`: the next version can be applied, one after a gap means fetching, an older one nothing. `offers` is
  null where there are too many to list. The figures are those of queries.standings.offer_json.
- `{"type": "window.state", "round", "window", "state", "closes_at"}`: the window opened, closed, opened again or was
  cancelled; fetch.
- `{"type": "gap", "round"}`: hints were dropped for this client; fetch.
- `/ws/me/` is the signed-in person's own: `{"type": "inbox.changed"}` and `{"type": "reservation.changed", "round"}`
  say that there is something to fetch, `{"type": "gap"}` that hints were dropped.
- The client may send the text `ping` and gets `{"type": "pong"}`. Code 4404 closes a socket whose round is unknown
  or not the user's: there is no use in trying again. Code 4401: the ticket was used, unknown or too old; get a new one.
- Apps, which have no cookie, offer the subprotocols `windrow` and `ticket.<ticket>` (POST /api/v1/socket-ticket/).
"""

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import redis
from django.conf import settings
from django.db import transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

from marketplace import realtime_hub

logger = logging.getLogger(__name__)

# A hint with more changed offers than this tells only that they changed (about 250 bytes each).
LISTED_OFFERS: Final = 60
NOT_FOUND_CODE: Final = 4404
TICKET_REFUSED_CODE: Final = 4401


def round_group(round_id: int) -> str:
    """The group of those who watch a round."""
    return f"round-{round_id}"


def push(group: str, message: Mapping[str, Any]) -> None:
    """Send a hint to a group once the transaction commits; at once outside one. A lost hint costs freshness only."""
    text = json.dumps(message, separators=(",", ":"))
    transaction.on_commit(lambda: publish(group, text), robust=True)


def publish(group: str, text: str) -> None:
    """Send a text to everybody in the group now; a failing Redis is logged."""
    if not settings.REDIS_URL:
        realtime_hub.deliver_here(group, text)
        return
    try:
        _publisher(settings.REDIS_URL).publish(realtime_hub.redis_channel(settings.REDIS_URL, group), text)
    except redis.RedisError as error:
        logger.warning("A hint to %s was lost: %s", group, error)


@lru_cache(maxsize=4)
def _publisher(url: str) -> "redis.Redis":
    # Short: a request or a task must not wait for a broker that is away. One retry finds a restarted one.
    return redis.Redis.from_url(
        url, socket_timeout=2, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1), health_check_interval=30
    )
