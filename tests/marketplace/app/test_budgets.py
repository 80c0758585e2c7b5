"""What a round page of fifty offers costs: bytes of its first answer, marks of a row."""

import gzip
import re
from collections.abc import Iterator

import pytest

from marketplace import clock
from marketplace.actions.reserve import reserve
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON
from tests.marketplace.pages_ground import Shop, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MOST_BYTES = 25_000
MARKS = re.compile(r"<(?:pattern|mask|rect|path|line|circle)\b")


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def test_the_first_answer_with_fifty_offers_is_small() -> None:
    shop = Shop()
    offers = shop.offers(50)
    browser, user = signed_in()
    wanted = [WantedLine(offer_id=offer.pk, firm=2) for offer in offers[:10]]
    reserve(round_id=shop.round.pk, lines=wanted, request_key="k", by=user)
    page = browser.get(shop.address)
    assert page.content.decode().count("data-offer=") >= 50
    assert len(gzip.compress(page.content)) <= MOST_BYTES


def test_a_row_has_as_many_marks_for_four_thousand_units_as_for_one() -> None:
    shop = Shop()
    few, many = shop.offer("Few", case=6), shop.offer("Many", case=6)
    browser, user = signed_in()
    wanted = [WantedLine(offer_id=few.pk, firm=1), WantedLine(offer_id=many.pk, firm=4_000)]
    reserve(round_id=shop.round.pk, lines=wanted, request_key="k", by=user)
    page = browser.get(shop.address).content.decode()
    rows = re.findall(r'<svg class="row".*?</svg>', page, re.DOTALL)
    assert [len(MARKS.findall(row)) for row in rows] == [8, 8]
