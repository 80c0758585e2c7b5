"""What every registered address keeps to, as its own people open it: no fault whatever is sent, no change by reading,
no form without its token, nothing private in shared caches, no foreign frame.

The addresses come from the URLconf, as in test_permissions.py: a new one is held to this as soon as it exists.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.models import User
from marketplace.rules.roles import Role
from tests.contracts.test_permissions import ROWLESS, addresses, url_of
from tests.contracts.two_worlds import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Read by shared caches, the same for everybody.
PUBLIC = re.compile(r"^/(assets|pictures|static|service-worker\.js|manifest\.webmanifest|offline|api/schema|api/docs|"
                    r"rounds/\d+/widget|join/[^/]+/card\.png|healthz|readyz)")  # fmt: skip
# Shown in frames of other sites, on purpose.
FRAMED = re.compile(r"^/rounds/\d+/widget/")
# A mail program posts it by itself; the signature in the address stands for the person.
SIGNED = re.compile(r"^/(notices|mail|stop)/")
# Signing in and the account's safety for apps: they know no cookie, so no other site can use it.
TOKENS = re.compile(r"^/api/v1/(auth|account|config|tokens|_?health)")
# Reading that has to leave a mark: what was read is read.
MARKS = {"marketplace_notice", "marketplace_threadread", "usersessions_usersession",
         "django_session", "account_emailaddress"}  # fmt: skip
HOSTILE = (
    "\x00", "'\"><script>alert(1)</script>", "9" * 30, "-1", "0", "1e309", "NaN", "٣", "²", "\ud83d\ude00", "%", "\\",
    "../../etc/passwd", "a" * 5000, "2026-02-30", "[]", "{}", "\u202etxt",
)  # fmt: skip
NAMES = (
    "q", "query", "search", "cursor", "after", "before", "page", "limit", "sort", "order", "category", "line", "offer",
    "round", "hub", "household", "household_id", "group", "next", "place", "street", "point", "latitude", "longitude",
    "text", "name", "email", "units", "firm", "flexible", "parts", "total_parts", "to", "request_key", "kind", "date",
    "from", "until", "a_week", "amount", "price", "reason", "key", "code", "version", "seen", "ids", "id", "do",
)  # fmt: skip


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {}}
    cache.clear()
    return make_world("Ours")


def urls(world: World, skip: str = "logout|end-others|erase|me/data/export") -> list[str]:
    """Every address, filled in with the own world's rows, but those that end the session or send large files. One
    whose parameters nobody has named yet fails in test_permissions.py."""
    found = []
    for address in addresses():
        if any(part in address.route for part in ROWLESS) or re.search(skip, address.route):
            continue
        with suppress(AssertionError):
            found.append(url_of(address, world))
    return found


def people(world: World) -> Iterator[tuple[str, User]]:
    for role in (Role.HOST, Role.COORDINATOR, Role.MERCHANT_MEMBER):
        yield role.value, world.people[role]


class ClosingClient(Client):
    """Closes each answer, as a server does after sending it: a file that is sent is not left open."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        answer.close()
        return answer


def client_of(user: User, **named: Any) -> Client:
    client = ClosingClient(raise_request_exception=False, **named)
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [Role.HOUSEHOLD_MEMBER, Role.COORDINATOR])
def test_nothing_that_is_sent_is_a_fault(world: World, role: Role) -> None:
    client, broken = client_of(world.people[role]), []
    for number, url in enumerate(urls(world, skip="logout|end-others|erase|me/data/export|^api/")):  # test_api_fuzz.py
        sent = {name: HOSTILE[(number + place) % len(HOSTILE)] for place, name in enumerate(NAMES)}
        query = {name: text for name, text in sent.items() if "\ud83d" not in text}
        for method, data in (("get", query), ("post", query)):
            if getattr(client, method)(url, data).status_code >= 500:
                broken.append(f"{method} {url}")
        for body in ("[[[[", '{"ticks": 1, "firm": 1e400, "endpoint": NaN}'):
            answer = client.post(url, body, content_type="application/json")
            broken += [f"json {body[:12]!r} {url}"] * (answer.status_code >= 500)
    assert not broken, "\n".join(broken)


def test_a_number_that_no_database_holds_is_no_address(world: World) -> None:
    number = "9" * 19
    client, broken = client_of(world.people[Role.COORDINATOR]), []
    for own in urls(world):
        url = re.sub(r"/\d+(?=[/.])", f"/{number}", own)
        answers = {method: getattr(client, method)(url).status_code for method in ("get", "post")}
        broken += [f"{method} {url}" for method, status in answers.items() if status >= 500]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("role", [Role.HOST, Role.COORDINATOR])
def test_reading_changes_nothing(world: World, role: Role) -> None:
    client, writes = client_of(world.people[role]), []
    for url in urls(world):
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        for query in seen:
            written = re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', query["sql"])
            if written and written[1] not in MARKS:
                writes.append(f"{url}: {query['sql'][:90]}")
    assert not writes, "\n".join(writes)


def test_no_form_is_taken_without_its_token(world: World) -> None:
    client, taken = client_of(world.people[Role.COORDINATOR], enforce_csrf_checks=True), []
    for url in urls(world):
        if TOKENS.match(url):
            continue
        kind: dict[str, Any] = {"content_type": "application/json"} if url.startswith("/api/") else {}
        status = client.post(url, {}, **kind).status_code
        # 405: it takes no forms; 415: none of this kind; 404: told before anything else; 401, 403: refused.
        if status not in (401, 403, 404, 405, 415, 302) and not SIGNED.match(url):
            taken.append(f"{status} {url}")
    assert not taken, "\n".join(taken)


def test_what_is_somebodys_own_is_in_no_shared_cache_and_no_foreign_frame(world: World) -> None:
    wrong = []
    for role, user in people(world):
        client = client_of(user)
        for url in urls(world):
            answer = client.get(url)
            kept = answer.get("Cache-Control", "")
            if answer.status_code == 200 and not PUBLIC.match(url) and not re.search("private|no-store|no-cache", kept):
                wrong.append(f"{role} {url}: {kept!r}")
            policy = answer.get("Content-Security-Policy", "")
            if not FRAMED.match(url) and (
                "frame-ancestors 'none'" not in policy or answer["X-Frame-Options"] != "DENY"
            ):
                wrong.append(f"{role} {url}: framed")
            if answer.get("X-Content-Type-Options") != "nosniff":
                wrong.append(f"{role} {url}: sniffed")
    assert not wrong, "\n".join(wrong)


def test_no_address_leads_to_another_site(world: World) -> None:
    client, led = client_of(world.people[Role.HOUSEHOLD_MEMBER]), []
    for url in urls(world, skip="^(desk|hub|admin)/"):
        for target in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
            named = dict.fromkeys(("next", "back", "to", "url", "return", "link"), target)
            places = [client.get(url, named).get("Location", ""), client.post(url, named).get("Location", "")]
            led += [f"{url}: {place}" for place in places if re.search(r"^[^?]*(evil|javascript)", place)]
        if "logout" in url:
            client.force_login(world.people[Role.HOUSEHOLD_MEMBER])
    assert not led, "\n".join(led)
