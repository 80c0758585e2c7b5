"""The API against what its own description allows, and against what it does not: no fault, no undescribed answer.

Cases come from the description (Schemathesis), the same ones in every run, and go through the whole WSGI application.
Half of them name things that exist, so that more than "not found" is seen; each is rolled back after its answer.
"""

import gc
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from typing import Any

import pytest
import schemathesis
from django.conf import settings as project
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from marketplace.api.sign_in_schema import TAG
from marketplace.models import Group, GroupMember, HubRole, MerchantMember, PickupPointHost, User
from marketplace.rules.roles import Role
from tests.contracts.two_worlds import World, make_world
from tests.marketplace.api_ground import token_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    # The tool's own client leaves the forms that it sent to the collector.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]

# Cases of each operation, of what is allowed and of what is not.
ALLOWED, NOT_ALLOWED = 3, 2
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Json = dict[str, Any]


def described() -> Json:
    found: Json = SchemaGenerator().get_schema(request=None, public=True)
    # How one signs in is allauth's: its tests are its own.
    paths: Json = {}
    for path, verbs in found["paths"].items():
        ours = {verb: told for verb, told in verbs.items() if told["tags"] != [TAG]}
        if ours:
            paths[path] = ours
    return {**found, "paths": paths}


SCHEMA = schemathesis.openapi.from_dict(described())
TAGS = sorted({tag for path in SCHEMA.raw_schema["paths"].values() for told in path.values() for tag in told["tags"]})


def operations() -> list[APIOperation]:
    """Every operation of the description; one that the tool cannot read would be an Err."""
    found = list(SCHEMA.get_all_operations())
    assert all(isinstance(one, Ok) for one in found)
    return [one.ok() for one in found if isinstance(one, Ok)]


@pytest.fixture
def world() -> World:
    return make_world("Ours")


@pytest.fixture
def person(world: World) -> User:
    """Somebody of the household who has every other role as well: then no address is closed."""
    person = world.people[Role.HOUSEHOLD_MEMBER]
    HubRole.objects.create(hub=world.hub, user=person, role=Role.COORDINATOR.value)
    MerchantMember.objects.create(merchant=world.merchant, user=person)
    point = world.reservation.handover.pickup_point
    assert point is not None
    PickupPointHost.objects.create(pickup_point=point, user=person)
    group = Group.objects.get(hub=world.hub)
    Group.objects.filter(pk=group.pk).update(host=person)
    GroupMember.objects.create(group=group, household=world.household)
    return person


@pytest.fixture
def existing(world: World, person: User) -> Mapping[str, object]:
    """Things that exist, by the name under which paths, queries and bodies name them."""
    line = world.reservation.lines.get(window=world.open_window)
    return {
        **world.things,
        "round_id": world.round.pk,
        "window_id": world.open_window.pk,
        "offer_id": line.offer_id,
        "order_id": world.order.pk,
        "merchant_id": world.merchant.pk,
        "handover_id": world.reservation.handover_id,
        "group_id": Group.objects.get(hub=world.hub).pk,
        "household_id": world.household.pk,
        "household": world.household.pk,
        "hub_id": world.hub.pk,
        "slug": world.hub.slug,
        "product_id": line.offer.product_id,
        "reservation_id": world.reservation.pk,
        "line_id": line.pk,
        "point_id": world.reservation.handover.pickup_point_id,
    }


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is sent away for asking too often."""
    rates = dict.fromkeys(project.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    monkeypatch.setitem(project.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES", rates)


def named(value: Any, existing: Mapping[str, object]) -> Any:
    """The same with the ids of things that exist, wherever it names one."""
    if isinstance(value, dict):
        return {name: existing.get(name, named(inner, existing)) for name, inner in value.items()}
    return [named(inner, existing) for inner in value] if isinstance(value, list) else value


def send(case: Case, token: str) -> int:
    """One request through the whole application, held against the description, and rolled back."""
    case.headers.update({"X-Session-Token": token, "Accept-Encoding": "identity"})
    with transaction.atomic():
        answer = case.call()
        transaction.set_rollback(True)
    case.validate_response(answer, checks=CHECKS)
    return answer.status_code


@pytest.mark.parametrize("tag", TAGS)
def test_what_the_description_allows_and_what_it_does_not_is_answered_as_described(
    tag: str, person: User, existing: Mapping[str, object], unlimited: None
) -> None:
    SCHEMA.app = get_wsgi_application()
    token, problems, seen = token_of(person), [], set[int]()
    for operation in operations():
        if operation.definition.raw["tags"] != [tag]:
            continue
        for mode, examples in ((GenerationMode.POSITIVE, ALLOWED), (GenerationMode.NEGATIVE, NOT_ALLOWED)):
            try:
                run(operation, mode, examples, token, existing, seen)
            except FailureGroup as found:
                told = "\n".join(str(failure) for failure in found.exceptions)
                problems.append(f"{operation.label} ({mode.value}): {told}")
    gc.collect()
    assert not problems, "\n\n".join(problems)
    assert seen & {200, 201, 204}, f"nothing of {tag} was reached: {seen}"


def run(
    operation: APIOperation,
    mode: GenerationMode,
    examples: int,
    token: str,
    existing: Mapping[str, object],
    seen: set[int],
) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=strategies.booleans())
    def answered(case: Case, known: bool) -> None:
        if known:
            case.path_parameters = named(case.path_parameters, existing)
            case.query, case.body = named(case.query, existing), named(case.body, existing)
        seen.add(send(case, token))

    # Where everything is allowed, nothing else can be sent.
    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        answered()
