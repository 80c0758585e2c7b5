"""Claims: reported in time with pictures, once, answered by the hub, seen by those whom it concerns and nobody else."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.claims.answer_claim import answer_claim
from marketplace.actions.claims.decline_claim import decline_claim
from marketplace.actions.claims.keep_photo import keep_photo
from marketplace.actions.claims.make_claim import WantedClaim, make_claim
from marketplace.errors import ClaimClosed, ClaimNotOpen, InvalidInput, NotFound
from marketplace.models import Claim, ClaimPhoto, Notice, OutboxEvent, StateChange, User
from marketplace.rules.roles import Role
from tests.factories import make_household, make_hub, make_hub_staff, make_merchant, make_merchant_member
from tests.marketplace.after.after_ground import ENDS, STARTS, Evening, after_handover
from tests.marketplace.after.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening() -> Evening:
    found = Evening()
    found.close()
    return found


def claim_of(evening: Evening, key: str = "key-12345678", **wanted: Any) -> Claim:
    said: dict[str, Any] = {"kind": "spoiled", "line_id": evening.line.pk, "units": 2, **wanted}
    with after_handover():
        return make_claim(
            round_id=evening.round_id,
            wanted=WantedClaim(**said),
            request_key=key,
            by=evening.user,
        )


def test_a_claim_is_made_once_however_often_it_is_sent(evening: Evening) -> None:
    assert claim_of(evening) == claim_of(evening)
    claim = Claim.objects.get()
    assert (claim.kind, claim.units, claim.line, claim.state) == ("spoiled", 2, evening.line, "open")
    told = OutboxEvent.objects.get(topic="claim.made").payload
    assert (told["offer_id"], told["kind"], told["units"]) == (evening.tomatoes.pk, "spoiled", 2)


@pytest.mark.parametrize(
    ("at", "late"),
    [(STARTS - timedelta(minutes=1), False), (ENDS + timedelta(days=5), True)],
    ids=["before the handover", "when the days are over"],
)
def test_out_of_time_a_claim_is_refused_and_nothing_is_kept(evening: Evening, at: object, late: bool) -> None:
    wanted = WantedClaim(kind="missing", line_id=evening.line.pk)
    with clock.frozen(at), pytest.raises(ClaimNotOpen) as refused:  # type: ignore[arg-type]
        make_claim(round_id=evening.round_id, wanted=wanted, request_key="k", by=evening.user)
    assert refused.value.facts["late"] is late
    with clock.frozen(at), pytest.raises(ClaimNotOpen):  # type: ignore[arg-type]
        keep_photo(round_id=evening.round_id, request_key="k", content=picture(), by=evening.user)
    assert not Claim.objects.exists()
    assert not ClaimPhoto.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ({"kind": "ugly"}, "kind"),
        ({"line_id": 0}, "line"),
        ({"units": 4}, "units"),
        ({"units": 0}, "units"),
        ({"kind": "other"}, "text"),
        ({"line_id": None}, "text"),
        ({"text": "x" * 1001}, "text"),
    ],
)
def test_what_cannot_be_is_refused_next_to_its_field(evening: Evening, wanted: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        claim_of(evening, **wanted)
    assert [told["place"] for told in refused.value.facts["problems"]] == [place]
    assert not Claim.objects.exists()


def test_what_was_not_got_cannot_be_claimed(evening: Evening) -> None:
    foreign = evening.market.line(evening.tomatoes, 1)
    with pytest.raises(InvalidInput):
        claim_of(evening, line_id=foreign.pk)


def test_a_picture_is_turned_upright_made_small_and_loses_what_the_camera_noted(evening: Evening) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ana"  # turned by a quarter; its maker
    sent = picture(2000, 1000, exif=exif.tobytes())
    with after_handover():
        kept = keep_photo(round_id=evening.round_id, request_key="k", content=sent, by=evening.user)
    with Image.open(BytesIO(kept.content)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("WEBP", (800, 1600), {})
    assert b"Camera" not in kept.content


@pytest.mark.parametrize("sent", [b"", b"GIF89a", b"<svg/>", picture()[:200]], ids=["empty", "gif", "svg", "cut off"])
def test_what_is_no_picture_is_refused(evening: Evening, sent: bytes) -> None:
    with after_handover(), pytest.raises(InvalidInput) as refused:
        keep_photo(round_id=evening.round_id, request_key="k", content=sent, by=evening.user)
    assert refused.value.facts["problems"][0]["place"] == "photos"
    assert not ClaimPhoto.objects.exists()


@pytest.mark.slow
def test_a_fourth_picture_is_left_out_and_the_three_go_with_the_claim(evening: Evening) -> None:
    with after_handover():
        for _ in range(3):
            keep_photo(round_id=evening.round_id, request_key="key-1", content=picture(), by=evening.user)
        with pytest.raises(InvalidInput):
            keep_photo(round_id=evening.round_id, request_key="key-1", content=picture(), by=evening.user)
    assert claim_of(evening, "key-1").photos.count() == 3


def sent(**typed: object) -> dict[str, object]:
    return {"request_key": "0123456789abcdef", "line": "", "kind": "", "units": "", "text": "", **typed}


@pytest.mark.slow
def test_what_was_typed_and_the_pictures_survive_a_mistake(evening: Evening) -> None:
    client = evening.client()
    upload = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    typed = sent(line=evening.line.pk, units="many", text="They <b>leak</b>.", camera=upload)
    with after_handover():
        answer = client.post(f"{evening.address}problem/", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Give a whole number, or leave it empty." in page
        assert 'value="many"' in page
        assert "They &lt;b&gt;leak&lt;/b&gt;." in page
        assert ClaimPhoto.objects.get().claim is None
        again = client.post(
            f"{evening.address}problem/", sent(line=evening.line.pk, units="1", kind="spoiled", text="They leak.")
        )
    claim = Claim.objects.get()
    assert again["Location"] == f"/claims/{claim.pk}/"
    assert claim.photos.count() == 1


@pytest.mark.slow
def test_a_picture_can_be_taken_out_before_it_is_sent(evening: Evening) -> None:
    client, upload = evening.client(), SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    with after_handover():
        client.post(f"{evening.address}problem/", sent(text="Half a text", camera=upload))
        answer = client.post(
            f"{evening.address}problem/", sent(text="Half a text", drop=str(ClaimPhoto.objects.get().pk))
        )
    assert answer.status_code == 200
    assert "Half a text" in answer.content.decode()
    assert not ClaimPhoto.objects.exists()


@pytest.mark.slow
def test_after_the_deadline_a_sentence_stands_instead_of_the_form(evening: Evening) -> None:
    with clock.frozen(ENDS + timedelta(days=6)):
        page = evening.client().get(f"{evening.address}problem/").content.decode()
    assert "Problems could be reported until" in page
    assert "<textarea" not in page


def coordinator(evening: Evening) -> User:
    return make_hub_staff(evening.market.hub)


def test_an_accepted_claim_names_its_amount_and_tells_the_household(evening: Evening) -> None:
    claim = claim_of(evening)
    with after_handover():
        accept_claim(claim_id=claim.pk, amount_minor=480, answer="Sorry.", by=coordinator(evening))
    claim.refresh_from_db()
    assert (claim.state, claim.accepted_minor, claim.answer) == ("accepted", 480, "Sorry.")
    (notice,) = Notice.objects.all()
    assert (notice.user.name, notice.link) == ("Ana", f"/claims/{claim.pk}/")
    assert (notice.facts["state"], notice.facts["amount_minor"], notice.facts["product"]) == (
        "accepted",
        480,
        "Tomatoes",
    )
    assert OutboxEvent.objects.get(topic="claim.decided").payload["accepted_minor"] == 480
    assert list(StateChange.objects.filter(kind="claim").values_list("to_state", flat=True)) == ["open", "accepted"]


@pytest.mark.parametrize("amount", [0, -1, 721])
def test_no_more_is_given_back_than_was_charged(evening: Evening, amount: int) -> None:
    claim = claim_of(evening)
    with after_handover(), pytest.raises(InvalidInput):
        accept_claim(claim_id=claim.pk, amount_minor=amount, by=coordinator(evening))
    claim.refresh_from_db()
    assert (claim.state, Notice.objects.count()) == ("open", 0)


def test_two_claims_of_one_line_share_what_was_charged_for_it(evening: Evening) -> None:
    first, second, staff = claim_of(evening, "first-key"), claim_of(evening, "second-key"), coordinator(evening)
    with after_handover():
        accept_claim(claim_id=first.pk, amount_minor=500, by=staff)
        with pytest.raises(InvalidInput):
            accept_claim(claim_id=second.pk, amount_minor=221, by=staff)
        assert accept_claim(claim_id=second.pk, amount_minor=220, by=staff).accepted_minor == 220


def test_a_decided_claim_stays_decided(evening: Evening) -> None:
    claim, staff = claim_of(evening), coordinator(evening)
    with after_handover():
        answer_claim(claim_id=claim.pk, answer="Which of them?", by=staff)
        decline_claim(claim_id=claim.pk, reason="The picture shows others.", by=staff)
        with pytest.raises(ClaimClosed):
            accept_claim(claim_id=claim.pk, amount_minor=100, by=staff)
        with pytest.raises(ClaimClosed):
            answer_claim(claim_id=claim.pk, answer="Once more", by=staff)
    claim.refresh_from_db()
    assert (claim.state, claim.answer, claim.accepted_minor) == ("declined", "The picture shows others.", None)


def test_declining_needs_a_reason(evening: Evening) -> None:
    claim = claim_of(evening)
    with pytest.raises(InvalidInput):
        decline_claim(claim_id=claim.pk, reason=" ", by=coordinator(evening))
    claim.refresh_from_db()
    assert claim.state == "open"


@pytest.mark.parametrize("role", [Role.TREASURER, Role.PICKER, Role.COURIER, Role.ANALYST])
def test_only_who_answers_households_answers_a_claim(evening: Evening, role: Role) -> None:
    claim = claim_of(evening)
    with pytest.raises(NotFound):
        decline_claim(claim_id=claim.pk, reason="No.", by=make_hub_staff(evening.market.hub, role))
    with pytest.raises(NotFound):
        decline_claim(claim_id=claim.pk, reason="No.", by=make_hub_staff(make_hub()))
    claim.refresh_from_db()
    assert claim.state == "open"


@pytest.mark.slow
def test_a_picture_is_for_household_hub_and_merchant_alone(evening: Evening) -> None:
    with after_handover():
        keep_photo(round_id=evening.round_id, request_key="key-12345678", content=picture(), by=evening.user)
    claim = claim_of(evening)
    address = f"/claims/photos/{claim.photos.get().pk}/"
    may = [evening.user, coordinator(evening), make_merchant_member(evening.merchant)]
    may_not = [
        make_household("Eva").members.get(),
        make_merchant_member(make_merchant("Padaria")),
        make_hub_staff(make_hub()),
        make_hub_staff(evening.market.hub, Role.PICKER),
    ]
    assert [evening.client(user).get(address).status_code for user in may] == [200, 200, 200]
    assert [evening.client(user).get(address).status_code for user in may_not] == [404] * 4
    assert Client().get(address).status_code == 302
    told = evening.client().get(address)
    assert (told["Content-Type"], "private" in told["Cache-Control"]) == ("image/webp", True)
    assert evening.client(may_not[0]).get(f"/claims/{claim.pk}/").status_code == 404


@pytest.mark.slow
def test_the_hub_desk_lists_the_oldest_first_and_decides_on_a_page_of_its_own(evening: Evening) -> None:
    claim = claim_of(evening)
    client = evening.client(coordinator(evening))
    page = f"/hub/marketplace/claim/{claim.pk}/answer/"
    with after_handover():
        assert "Open the claim" in client.get("/hub/marketplace/claim/").content.decode()
        wrong = client.post(page, {"do": "accept", "amount": "9.99", "answer": "Sorry about that"})
        assert wrong.status_code == 422
        assert "Give an amount up to 7.20 EUR" in wrong.content.decode()
        assert "Sorry about that" in wrong.content.decode()
        assert client.post(page, {"do": "accept", "amount": "4,80"}).status_code == 302
        own = evening.client().get(f"/claims/{claim.pk}/").content.decode()
    assert "€4.80" in own
    claim.refresh_from_db()
    assert (claim.state, claim.accepted_minor) == ("accepted", 480)


@pytest.mark.slow
def test_the_merchant_desk_shows_what_is_wrong_and_not_who_says_so(evening: Evening) -> None:
    claim = claim_of(evening, text="All soft")
    client = evening.client(make_merchant_member(evening.merchant))
    for address in ("/desk/marketplace/claim/", f"/desk/marketplace/claim/{claim.pk}/change/"):
        page = client.get(address, follow=True).content.decode()
        assert "Tomatoes" in page
        assert "Ana" not in page
    assert "All soft" in page


@pytest.mark.slow
def test_the_list_of_claims_costs_the_same_queries_with_one_and_with_twenty(evening: Evening) -> None:
    client, counts = evening.client(coordinator(evening)), []
    for many in (1, 19):
        for n in range(many):
            claim_of(evening, f"key-number-{many}-{n}")
        with after_handover(), CaptureQueriesContext(connection) as queries:
            assert client.get("/hub/marketplace/claim/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
