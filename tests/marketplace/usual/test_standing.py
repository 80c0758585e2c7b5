"""Standing reservations: placed when a round opens, left out only with a word, and never twice."""

from datetime import date, timedelta

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.notices.tell import SEND_TASK
from marketplace.actions.open_window import open_window
from marketplace.actions.standing.absences import add_absence, remove_absence
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.standing.place_standing import place_due
from marketplace.actions.standing.rest_standing import (
    keep_round,
    pause_standing,
    resume_standing,
    skip_round,
    stop_standing,
)
from marketplace.errors import InvalidInput, NotFound, WindowClosed
from marketplace.models import (
    Absence,
    Notice,
    Offer,
    OrderingWindow,
    Product,
    ReservationLine,
    ReservationVersion,
    Round,
    StandingReservation,
    StandingRun,
    Via,
)
from marketplace.queries.standing import standing_page
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.delivering import deliver_all
from tests.factories import NOON, make_handover, make_household, make_offer, make_product, make_round, make_window
from tests.marketplace.reserving_ground import Shop

pytestmark = pytest.mark.django_db
State = StandingRun.State
assert SEND_TASK


class Rhythm(Shop):
    """A shop with a product known from an earlier window and a round that is about to open."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tomatoes = make_product(self.merchant, "Tomatoes")
        make_offer(self.window, self.tomatoes, ladder=((1, 100, 240),))
        self.coming: Round = make_round(self.hub, "Next week", date(2026, 12, 3))
        make_handover(self.coming)
        self.opening = self.window_ahead()

    def window_ahead(self, hours: int = 1, name: str = "Fresh") -> OrderingWindow:
        opens = NOON + timedelta(hours=hours)
        closes = opens + timedelta(days=1)
        return make_window(
            self.coming, [self.supply], opens_at=opens, closes_at=closes, state=WindowState.SCHEDULED, name=name
        )

    def offered(self, product: Product, **terms: object) -> Offer:
        return make_offer(self.opening, product, **terms)  # type: ignore[arg-type]

    def stand(self, firm: int = 3, product: Product | None = None, **named: object) -> StandingReservation:
        wanted = WantedLine(offer_id=0, firm=firm, **named)  # type: ignore[arg-type]
        with clock.frozen(self.at):
            return keep_standing(
                hub_id=self.hub.pk, product_id=(product or self.tomatoes).pk, wanted=wanted, by=self.ana
            )

    def open(self, window: OrderingWindow | None = None) -> None:
        opening = window or self.opening
        with clock.frozen(opening.opens_at):
            open_window(window_id=opening.pk)
            deliver_all()
            place_due()

    def held(self) -> dict[int, int]:
        lines = ReservationLine.objects.filter(reservation__round=self.coming)
        return dict(lines.values_list("offer__product_id", "firm"))

    def states(self) -> list[str]:
        return list(StandingRun.objects.order_by("standing_id").values_list("state", flat=True))


@pytest.fixture
def rhythm() -> Rhythm:
    return Rhythm()


@pytest.mark.slow
def test_what_stands_is_in_the_basket_when_the_round_opens_and_the_household_hears_of_it(rhythm: Rhythm) -> None:
    rhythm.stand(3, flexible=2)
    rhythm.offered(rhythm.tomatoes, ladder=((1, 100, 260),))
    rhythm.open()
    assert rhythm.held() == {rhythm.tomatoes.pk: 3}
    assert rhythm.states() == [State.PLACED]
    assert ReservationVersion.objects.get(reservation__round=rhythm.coming).via == Via.STANDING
    notice = Notice.objects.get(user=rhythm.ana, kind="standing")
    assert (notice.facts["lines"], notice.facts["total_minor"]) == (1, 5 * 260)
    assert notice.facts["dearer"] == ["Tomatoes"]


@pytest.mark.slow
def test_opening_told_twice_and_placing_twice_reserve_once(rhythm: Rhythm) -> None:
    rhythm.offered(rhythm.tomatoes)
    rhythm.stand(3)
    rhythm.open()
    with clock.frozen(rhythm.opening.opens_at):
        place_due()
    assert rhythm.held() == {rhythm.tomatoes.pk: 3}
    assert ReservationVersion.objects.filter(reservation__round=rhythm.coming).count() == 1
    assert Notice.objects.filter(kind="standing").count() == 1


@pytest.mark.slow
def test_a_product_that_the_round_does_not_offer_is_told_and_not_skipped_in_silence(rhythm: Rhythm) -> None:
    leeks = make_product(rhythm.merchant, "Leeks")
    make_offer(rhythm.window, leeks)
    rhythm.offered(rhythm.tomatoes)
    rhythm.stand(3)
    rhythm.stand(1, leeks)
    rhythm.open()
    assert rhythm.states() == [State.PLACED, State.NOT_OFFERED]
    assert Notice.objects.get(kind="standing").facts["gone"] == ["Leeks"]


@pytest.mark.slow
def test_not_offered_is_said_only_when_the_last_window_of_the_round_has_opened(rhythm: Rhythm) -> None:
    leeks = make_product(rhythm.merchant, "Leeks")
    make_offer(rhythm.window, leeks)
    later = rhythm.window_ahead(5, "Later")
    make_offer(later, leeks)
    rhythm.offered(rhythm.tomatoes)
    rhythm.stand(2, leeks)
    rhythm.open()
    assert rhythm.states() == []
    rhythm.open(later)
    assert rhythm.states() == [State.PLACED]
    assert rhythm.held() == {leeks.pk: 2}


@pytest.mark.slow
@pytest.mark.parametrize("how", ["paused", "paused_until", "absent", "skipped"])
def test_what_rests_is_left_out_with_its_reason(rhythm: Rhythm, how: str) -> None:
    rhythm.offered(rhythm.tomatoes)
    standing = rhythm.stand(3)
    with clock.frozen(rhythm.at):
        if how == "paused":
            pause_standing(standing_id=standing.pk, by=rhythm.ana)
        elif how == "paused_until":
            pause_standing(standing_id=standing.pk, until=date(2026, 12, 3), by=rhythm.ana)
        elif how == "absent":
            add_absence(starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 10), by=rhythm.ana)
        else:
            skip_round(standing_id=standing.pk, round_id=rhythm.coming.pk, by=rhythm.ana)
    rhythm.open()
    assert rhythm.held() == {}
    assert rhythm.states() == [how.removesuffix("_until")]


@pytest.mark.slow
def test_a_rest_that_is_taken_back_or_over_places_again(rhythm: Rhythm) -> None:
    rhythm.offered(rhythm.tomatoes)
    standing = rhythm.stand(3)
    with clock.frozen(rhythm.at):
        pause_standing(standing_id=standing.pk, by=rhythm.ana)
        resume_standing(standing_id=standing.pk, by=rhythm.ana)
        skip_round(standing_id=standing.pk, round_id=rhythm.coming.pk, by=rhythm.ana)
        keep_round(standing_id=standing.pk, round_id=rhythm.coming.pk, by=rhythm.ana)
        absence = add_absence(starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 3), by=rhythm.ana)
        remove_absence(absence_id=absence.pk, by=rhythm.ana)
        pause_standing(standing_id=standing.pk, until=date(2026, 12, 2), by=rhythm.ana)
    rhythm.open()
    assert rhythm.held() == {rhythm.tomatoes.pk: 3}


@pytest.mark.slow
def test_a_line_that_the_household_reserved_itself_stays_as_it_is(rhythm: Rhythm) -> None:
    offer = rhythm.offered(rhythm.tomatoes)
    rhythm.stand(3)
    with clock.frozen(rhythm.opening.opens_at):
        open_window(window_id=rhythm.opening.pk)
    rhythm.at = rhythm.opening.opens_at
    rhythm.reserve(WantedLine(offer_id=offer.pk, firm=7), round_id=rhythm.coming.pk)
    with clock.frozen(rhythm.at):
        deliver_all()
        place_due()
    assert rhythm.held() == {rhythm.tomatoes.pk: 7}
    assert rhythm.states() == [State.HELD_ALREADY]


@pytest.mark.slow
def test_what_cannot_be_reserved_any_more_is_refused_with_its_reason_and_told(rhythm: Rhythm) -> None:
    rhythm.offered(rhythm.tomatoes)
    rhythm.stand(3)
    with clock.frozen(rhythm.opening.opens_at):
        open_window(window_id=rhythm.opening.pk)
        deliver_all()
    with clock.frozen(rhythm.opening.closes_at):  # the worker comes late
        place_due()
    run = StandingRun.objects.get()
    assert (run.state, run.reason) == (State.REFUSED, "window-closed")
    assert rhythm.held() == {}
    assert Notice.objects.get(kind="standing").facts["gone"] == ["Tomatoes"]


def test_keeping_the_same_product_again_changes_the_one_that_stands(rhythm: Rhythm) -> None:
    first, second = rhythm.stand(3), rhythm.stand(5)
    assert first.pk == second.pk
    assert StandingReservation.objects.get().firm == 5


def test_stopped_ones_place_nothing_and_may_stand_anew(rhythm: Rhythm) -> None:
    with clock.frozen(rhythm.at):
        stop_standing(standing_id=rhythm.stand(3).pk, by=rhythm.ana)
    rhythm.stand(1)
    assert list(StandingReservation.objects.filter(stopped_at=None).values_list("firm", flat=True)) == [1]


@pytest.mark.parametrize(("firm", "flexible"), [(0, 0), (1, 101), (200_000, 0)])
def test_an_impossible_quantity_is_refused_and_nothing_stands(rhythm: Rhythm, firm: int, flexible: int) -> None:
    with pytest.raises(InvalidInput):
        rhythm.stand(firm, flexible=flexible)
    assert not StandingReservation.objects.exists()


def test_a_round_that_has_opened_is_changed_in_its_basket(rhythm: Rhythm) -> None:
    rhythm.offered(rhythm.tomatoes)
    standing = rhythm.stand(3)
    with clock.frozen(rhythm.opening.opens_at):
        open_window(window_id=rhythm.opening.pk)
        with pytest.raises(WindowClosed):
            skip_round(standing_id=standing.pk, round_id=rhythm.coming.pk, by=rhythm.ana)
    assert not StandingRun.objects.exists()


def test_nobody_else_finds_or_changes_a_households_wishes(rhythm: Rhythm) -> None:
    standing, stranger = rhythm.stand(3), make_household("Bruno").members.get()
    with clock.frozen(rhythm.at):
        absence = add_absence(starts_on=date(2026, 12, 3), ends_on=date(2026, 12, 3), by=rhythm.ana)
        for refused in (
            lambda: pause_standing(standing_id=standing.pk, by=stranger),
            lambda: stop_standing(standing_id=standing.pk, by=stranger),
            lambda: skip_round(standing_id=standing.pk, round_id=rhythm.coming.pk, by=stranger),
            lambda: remove_absence(absence_id=absence.pk, by=stranger),
        ):
            with pytest.raises(NotFound):
                refused()
    assert StandingReservation.objects.get().paused_at is None
    assert Absence.objects.exists()


def test_the_page_says_before_the_round_opens_what_will_be_reserved(rhythm: Rhythm) -> None:
    leeks = make_product(rhythm.merchant, "Leeks")
    make_offer(rhythm.window, leeks)
    rhythm.offered(rhythm.tomatoes)
    rhythm.stand(3)
    rhythm.stand(1, leeks)
    with clock.frozen(rhythm.at):
        (coming,) = standing_page(rhythm.ana).coming
    assert [s.product.name for s in coming.placed] == ["Tomatoes"]
    assert [s.product.name for s in coming.not_yet] == ["Leeks"]


@pytest.mark.slow
def test_its_page_keeps_what_was_typed_beside_the_error(rhythm: Rhythm, client: Client) -> None:
    rhythm.stand(3)
    client.force_login(rhythm.ana)
    asked = {"hub": rhythm.hub.pk, "product": rhythm.tomatoes.pk, "firm": "4", "up_to": "2", "limit": "abc"}
    with clock.frozen(rhythm.at):
        answer = client.post("/me/standing/keep/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "larger number" in page
    assert "Write the price alone" in page
    assert 'value="abc"' in page
    assert StandingReservation.objects.get().firm == 3
