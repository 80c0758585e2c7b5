"""The page's script writes the same sentences, rows and amounts as the server, whatever the figures."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Page

from marketplace.queries.standings import offer_json
from marketplace.rules.clearing.standing import standing
from marketplace.rules.clearing.terms import Consent, DemandGroup, OfferTerms, PriceStep
from marketplace.views.rows import row_of
from marketplace.views.sentences import standing_sentence
from marketplace.words import money
from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LADDERS = (((1, 195, 240),), ((6, 195, 240), (36, 170, 210)), ((12, 195, 123_456), (24, 170, 99_900), (2000, 1, 5)))


def standings() -> Iterator[tuple[OfferTerms, list[DemandGroup]]]:
    """Open offers in many states: cases, caps, limits, from nobody to thousands."""
    for ladder, case, cap, firm, limited in product(
        LADDERS, (1, 6, 10), (None, 20), (0, 1, 5, 6, 7, 21, 36, 41, 100, 1999, 4000), (0, 3)
    ):
        steps = tuple(PriceStep(*step) for step in ladder)
        groups = [DemandGroup(None, Consent.CASE, False, firm, 0, 1)] if firm else []
        if limited:
            groups.append(DemandGroup(209, Consent.CASE, False, limited, 0, 1))
        yield OfferTerms(id=1, merchant=1, case=case, ladder=steps, cap=cap), groups


SCRIPT = """async (offers) => {
  const { sentence } = await import("/static/js/sentence.js");
  const { drawRow } = await import("/static/js/row.js");
  const { money } = await import("/static/js/words.js");
  const row = document.querySelector(".row");
  return offers.map((o) => {
    drawRow(row, o, Math.min(2, o.reserved));
    const parts = [...row.querySelectorAll("[mask]")].map((r) => parseFloat(r.getAttribute("width")));
    return [sentence(o), parts, row.getAttribute("aria-label"), money(o.at_most)];
  });
}"""


def test_script_and_server_agree(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"/rounds/{server.facts['open']}/")
    stands = [standing(offer=offer, groups=groups) for offer, groups in standings()]
    told = page.evaluate(SCRIPT, [offer_json(1, now) for now in stands])
    assert len(told) > 100
    for now, (sentence, parts, words, at_most) in zip(stands, told, strict=True):
        mine = min(2, now.reserved)
        row = row_of(reserved=now.reserved, sure=now.sure, waiting=now.waiting, target=now.target, mine=mine)
        assert tuple(sentence) == tuple(standing_sentence(now, "EUR"))
        assert parts == pytest.approx([float(part[2].rstrip("%")) for part in row.parts], rel=1e-3, abs=1e-2)
        assert words == row.words
        assert at_most == money(now.price_at_most, "EUR")
