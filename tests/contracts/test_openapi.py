"""The API's description: valid OpenAPI 3.1, without a warning, and changed only on purpose."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema

from marketplace.api.sign_in_schema import TAG

SNAPSHOT = Path(__file__).with_name("openapi.json")
RENEW = (
    f"If the change is meant: python manage.py spectacular --format openapi-json --file tests/contracts/{SNAPSHOT.name}"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", format="openapi-json", fail_on_warn=True, stdout=out)
    described: dict[str, Any] = json.loads(out.getvalue())
    return described


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, verb, told) for path, verbs in described["paths"].items() for verb, told in verbs.items()]


def test_the_description_is_valid_openapi_3_1(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1.")
    validate_schema(described)
    assert '"nullable"' not in json.dumps(described), "a word of OpenAPI 3.0"


def test_the_description_is_the_one_that_was_agreed(described: dict[str, Any]) -> None:
    assert described == json.loads(SNAPSHOT.read_text()), RENEW


def test_every_operation_tells_its_problems_and_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    found = operations(described)
    ours = [told for _, _, told in found if told["tags"] != [TAG]]  # allauth refuses in a form of its own
    assert all("application/problem+json" in told["responses"]["default"]["content"] for told in ours)
    assert len({told["operationId"] for _, _, told in found}) == len(found)


def test_all_but_browsing_and_signing_in_needs_somebody(described: dict[str, Any]) -> None:
    free = {
        (verb, path)
        for path, verb, told in operations(described)
        if {} in told.get("security", [{}]) and told["tags"] != [TAG]
    }
    assert free == {
        ("get", "/api/v1/rounds/"),
        ("get", "/api/v1/rounds/{round_id}/"),
        ("get", "/api/v1/windows/"),
        ("get", "/api/v1/windows/{window_id}/"),
        ("get", "/api/v1/offers/"),
        ("get", "/api/v1/offers/{offer_id}/"),
        ("get", "/api/v1/offers/{offer_id}/substitutes/"),
        ("get", "/api/v1/rounds/{round_id}/offers/"),
        ("get", "/api/v1/categories/"),
        ("get", "/api/v1/home/"),
        ("get", "/api/v1/pickup-points/"),
        ("get", "/api/v1/streets/"),
        ("get", "/api/v1/hubs/{slug}/"),
        ("get", "/api/v1/household-invitations/{token}/"),
        ("get", "/api/v1/hub-invitations/{token}/"),
        ("get", "/api/v1/share-invitations/{token}/"),
        ("get", "/api/v1/group-invitations/{token}/"),
    }


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    text = json.dumps(described)
    for name in described["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, f"{name} is described and used nowhere"


@pytest.mark.django_db
def test_the_description_and_the_page_to_try_it_are_served_from_here(client: Client) -> None:
    served = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert served.status_code == 200
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert "drf_spectacular_sidecar/swagger-ui" in page.content.decode()
    assert "//cdn" not in page.content.decode()
