"""The ground of the API's tests: clients with real tokens, and every answer held against the API's own description."""

import json
import re
from functools import cache
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from marketplace.models import User

_keys = count(1)


class Client(APIClient):
    """Speaks JSON and checks each answer against /api/schema/, refusals too."""

    def request(self, **named: Any) -> Any:
        answer = super().request(**named)
        if answer.resolver_match.url_name not in ("api-schema", "api-docs"):
            check_against_description(answer, named["REQUEST_METHOD"].lower())
        return answer


def anybody() -> Client:
    return Client()


def client_of(user: User) -> Client:
    """A client with a token of the user, as after signing in."""
    client = anybody()
    client.credentials(HTTP_X_SESSION_TOKEN=token_of(user))
    return client


def token_of(user: User) -> str:
    """The session of an app in which the user has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    assert session.session_key
    return session.session_key


def key(value: str = "") -> dict[str, str]:
    """The header of a request key, a new one when none is named."""
    return {"Idempotency-Key": value or f"api-{next(_keys)}"}


@cache
def description() -> dict[str, Any]:
    described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return described


def check_against_description(answer: Any, method: str) -> None:
    """Fails when the body is not what the description says of this address, method and status."""
    if answer.resolver_match.app_names[:1] == ["headless"]:
        return  # allauth describes its own answers
    if answer.resolver_match.url_name == "api-unknown":
        schema: Any = {"$ref": "#/components/schemas/Problem"}
    else:
        path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", answer.resolver_match.route)
        operation = description()["paths"][path].get(method)
        if operation is None:
            assert answer.status_code == 405, f"{method} {path} is not described"
            schema = {"$ref": "#/components/schemas/Problem"}
        else:
            responses = operation["responses"]
            found = responses.get(str(answer.status_code)) or responses["default"]
            if "content" not in found:
                assert not answer.content
                return
            media, content = next(iter(found["content"].items()))
            assert answer["Content-Type"].split(";")[0] == media
            if answer.streaming or media.startswith("image/"):
                return  # a file: read by the test that asks for it
            schema = content["schema"]
    _validator(json.dumps(schema)).validate(answer.json())


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**_closed(json.loads(schema)), "components": _closed_components()})


@cache
def _closed_components() -> Any:
    return _closed(description()["components"])


def _closed(schema: Any) -> Any:
    """The schema with "nothing else may be told" on each object that lists its properties (none extends another)."""
    if isinstance(schema, list):
        return [_closed(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(entry) for name, entry in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed["additionalProperties"] = False
    return closed


def problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """The problem that an answer is, with this status and type."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:windrow:problem:{slug}"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told
