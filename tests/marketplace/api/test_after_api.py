"""After the close by API: the receipt, the way of the goods, the code, claims with pictures, ratings, the past."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace import clock
from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes
from marketplace.models import Claim, ClaimPhoto, Rating
from marketplace.rules.states import ProgressStep
from tests.factories import make_household
from tests.marketplace.after.after_ground import ENDS, STARTS, Evening, after_handover
from tests.marketplace.after.pictures import picture
from tests.marketplace.api_ground import Client, client_of, key, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening() -> Evening:
    found = Evening()
    found.close()
    return found


@pytest.fixture
def ana(evening: Evening) -> Client:
    return client_of(evening.user)


@pytest.fixture
def stranger(evening: Evening) -> Client:
    return client_of(make_household("Bo").members.get())


def own(evening: Evening, part: str) -> str:
    return f"/api/v1/rounds/{evening.round_id}/reservation/{part}/"


def test_the_receipt_says_what_came_of_each_line_and_why(evening: Evening, ana: Client) -> None:
    told = ana.get(own(evening, "outcome")).json()
    [line] = told["lines"]
    assert (line["got"], line["unit_price"], line["charged"], line["reason"]) == (3, "2.40", "7.20", "in_full")
    assert line["sentence"] == "You get all of it."
    assert (told["sums"]["final"], told["sums"]["total"], told["sums"]["saved"]) == (True, "7.20", "0.00")
    assert [(step["code"], step["mark"]) for step in told["way"]][:2] == [("reserved", "done"), ("ordered", "done")]


def test_the_way_of_the_goods_is_told_once_until_it_goes_on(evening: Evening, ana: Client) -> None:
    first = ana.get(own(evening, "progress"))
    same = ana.get(own(evening, "progress"), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    evening.step(ProgressStep.PACKED, STARTS - timedelta(hours=2))
    told = ana.get(own(evening, "progress"), headers={"If-None-Match": first["ETag"]}).json()
    assert [step["at"] for step in told["way"] if step["code"] == "packed"] == ["2026-11-26T15:00:00Z"]


def test_the_code_to_collect_with_comes_with_the_order(evening: Evening, ana: Client) -> None:
    give_pickup_codes(reservation_ids=[evening.reservation.pk])
    told = ana.get(own(evening, "pickup-code")).json()
    assert told["code"] == evening.reservation.pickup_code.code
    assert told["shown"] == f"{told['code'][:4]} {told['code'][4:]}"
    assert told["qr_svg"].startswith("<svg xmlns=")


def test_before_an_order_there_is_no_code() -> None:
    evening = Evening()
    problem(client_of(evening.user).get(own(evening, "pickup-code")), 404, "not-found")


def upload(evening: Evening, client: Client, name: str, content: bytes = b"") -> Any:
    photo = SimpleUploadedFile("p.jpg", content or picture(), content_type="image/jpeg")
    with after_handover():
        return client.post(own(evening, "claim-photos"), {"photo": photo}, format="multipart", headers=key(name))


def report(evening: Evening, client: Client, name: str, **said: Any) -> Any:
    body = {"kind": "spoiled", "line_id": evening.line.pk, "units": 2, **said}
    with after_handover():
        return client.post(own(evening, "claims"), body, format="json", headers=key(name))


def test_pictures_come_first_and_belong_to_the_claim_of_their_key(
    evening: Evening, ana: Client, stranger: Client
) -> None:
    kept = upload(evening, ana, "claim-1").json()
    made = report(evening, ana, "claim-1")
    assert (made.status_code, made.json()["state"], [p["id"] for p in made.json()["photos"]]) == (
        201,
        "open",
        [kept["id"]],
    )
    assert report(evening, ana, "claim-1").json() == made.json()
    assert Claim.objects.count() == 1
    shown = ana.get(kept["path"])
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/webp", "private, max-age=86400, immutable")
    assert shown.content[:4] == b"RIFF"
    problem(stranger.get(kept["path"]), 404, "not-found")
    problem(stranger.get(f"/api/v1/claims/{made.json()['id']}/"), 404, "not-found")
    problem(stranger.get(own(evening, "claims")), 404, "not-found")
    assert stranger.get("/api/v1/claims/").json()["results"] == []
    [listed] = ana.get("/api/v1/claims/").json()["results"]
    assert listed == ana.get(f"/api/v1/claims/{made.json()['id']}/").json()


def test_what_is_no_picture_is_refused_and_keeps_nothing(evening: Evening, ana: Client) -> None:
    told = problem(upload(evening, ana, "claim-2", b"no picture"), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/photos"
    with after_handover():
        body = ana.post(own(evening, "claim-photos"), {"photo": "text"}, format="multipart", headers=key("claim-2"))
        problem(body, 400, "invalid-request")
        json = ana.post(own(evening, "claim-photos"), {"photo": "x"}, format="json", headers=key("claim-2"))
        problem(json, 415, "unsupported-media-type")
    assert ClaimPhoto.objects.count() == 0


def test_a_picture_is_taken_back_until_the_claim_is_made(evening: Evening, ana: Client) -> None:
    kept = upload(evening, ana, "claim-3").json()
    path = f"{own(evening, 'claim-photos')}{kept['id']}/"
    assert ana.delete(path, headers=key("claim-3")).status_code == 204
    problem(ana.delete(path, headers=key("claim-3")), 404, "not-found")


def test_a_claim_out_of_time_is_refused_and_makes_nothing(evening: Evening, ana: Client) -> None:
    body = {"kind": "missing", "line_id": evening.line.pk}
    with clock.frozen(ENDS + timedelta(days=5)):
        assert not ana.get(own(evening, "claims")).json()["open"]
        problem(ana.post(own(evening, "claims"), body, format="json", headers=key()), 409, "claim-not-open")
    assert Claim.objects.count() == 0


def test_goods_are_rated_once_handed_over(evening: Evening, ana: Client, stranger: Client) -> None:
    path = f"{own(evening, 'ratings')}{evening.merchant.pk}/"
    problem(ana.put(path, {"stars": 5}, format="json"), 409, "rating-not-open")
    with after_handover():
        told = ana.put(path, {"stars": 4, "words": "Ripe"}, format="json").json()
        assert (told["stars"], told["words"]) == (4, "Ripe")
        problem(ana.put(path, {"stars": 6}, format="json"), 400, "invalid-request")
        problem(stranger.put(path, {"stars": 1}, format="json"), 404, "not-found")
    assert ana.get(own(evening, "ratings")).json()["results"] == [told]
    assert Rating.objects.get().stars == 4


def test_past_reservations_are_listed_with_what_they_came_to(evening: Evening, ana: Client, stranger: Client) -> None:
    [order] = ana.get("/api/v1/reservations/").json()["results"]
    assert (order["round_id"], order["lines"], order["sums"]["total"]) == (evening.round_id, 1, "7.20")
    assert stranger.get("/api/v1/reservations/").json()["results"] == []
