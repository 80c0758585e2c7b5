"""Two coordinators decide one claim, or two claims of one order, at the same moment."""

from threading import Barrier

import pytest
from django.db.models import Sum

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.claims.decline_claim import decline_claim
from marketplace.actions.claims.make_claim import WantedClaim, make_claim
from marketplace.errors import ClaimClosed, InvalidInput
from marketplace.models import Claim, OutboxEvent, User
from marketplace.queries.claims import still_to_give
from tests.factories import make_hub_staff
from tests.marketplace.after.after_ground import Evening, after_handover
from tests.races.reserving_threads import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def closed_evening() -> Evening:
    evening = Evening()
    evening.close()
    return evening


def claim(evening: Evening, key: str) -> Claim:
    wanted = WantedClaim(kind="spoiled", line_id=evening.line.pk, units=2)
    with after_handover():
        return make_claim(round_id=evening.round_id, wanted=wanted, request_key=key, by=evening.user)


def given() -> int:
    total: int | None = Claim.objects.aggregate(total=Sum("accepted_minor"))["total"]
    return total or 0


def test_control_looking_first_and_then_accepting_gives_more_than_was_charged() -> None:
    evening = closed_evening()
    claims = [claim(evening, f"claim-number-{n}") for n in range(2)]
    both_have_looked = Barrier(2)

    def naive(found: Claim) -> None:
        left = still_to_give(found)
        both_have_looked.wait(10)
        if left >= 500:
            Claim.objects.filter(pk=found.pk).update(state="accepted", accepted_minor=500, answered_at=clock.now())

    assert at_once([lambda found=found: naive(found) for found in claims]) == [None, None]  # type: ignore[misc]
    assert given() == 1000


def accepting(found: Claim, by: User, amount: int = 500) -> Claim:
    with after_handover():
        return accept_claim(claim_id=found.pk, amount_minor=amount, by=by)


def declining(found: Claim, by: User) -> Claim:
    with after_handover():
        return decline_claim(claim_id=found.pk, reason="The picture shows others.", by=by)


def test_two_claims_of_one_line_accepted_at_once_give_no_more_than_was_charged() -> None:
    evening = closed_evening()
    claims = [claim(evening, f"claim-number-{n}") for n in range(6)]
    staff = make_hub_staff(evening.market.hub)
    acts = [lambda found=found: accepting(found, staff) for found in claims]
    answers = at_once(acts)
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidInput) for answer in answers) == 5
    assert given() == 500


def test_of_two_coordinators_one_decides_and_the_household_is_told_once() -> None:
    evening = closed_evening()
    found = claim(evening, "the-only-claim")
    staff = [make_hub_staff(evening.market.hub, name=f"Carla {n}") for n in range(6)]
    acts = [
        (lambda by=by: accepting(found, by, 100)) if number % 2 else (lambda by=by: declining(found, by))
        for number, by in enumerate(staff)
    ]
    answers = at_once(acts)
    assert sum(isinstance(answer, Claim) for answer in answers) == 1
    assert sum(isinstance(answer, ClaimClosed) for answer in answers) == 5
    assert OutboxEvent.objects.filter(topic="claim.decided").count() == 1
    found.refresh_from_db()
    assert found.state in ("accepted", "declined")
