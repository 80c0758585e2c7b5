"""What the marketplace does when told: each handler reads the state that it needs and moves by compare-and-set."""

from typing import Any

from marketplace import realtime
from marketplace.actions.closing.use_trials import use_trials
from marketplace.actions.collecting.announce_rests import announce_rests
from marketplace.actions.collecting.keep_rests import keep_rests, withdraw_rests
from marketplace.actions.collecting.place_rest import place_rest
from marketplace.actions.handing_over.tell_outcomes import tell_outcomes
from marketplace.actions.handing_over.tell_progress import tell_progress
from marketplace.actions.offers.tell_change import tell_change
from marketplace.actions.offers.tell_released import tell_released
from marketplace.actions.refresh_demand import refresh_window
from marketplace.actions.sharing.end_open_shares import end_open_shares
from marketplace.actions.standing.plan_standing import plan_standing
from marketplace.actions.wishes.tell_offered import tell_offered
from marketplace.events import on
from marketplace.models import OrderingWindow
from marketplace.queries.notices import inbox_group
from marketplace.queries.progress import members_by_round
from marketplace.rules.states import ProgressStep


@on("window.opened", name="show_window")
@on("window.reopened", name="show_window")
@on("window.closed", name="show_window")
def show_window(*, window_id: int, **_: Any) -> None:
    """The last word on its demand, and its state as it is now, to those who watch the round."""
    refresh_window(window_id=window_id)
    _show_state(window_id)


@on("window.cancelled", name="show_cancelled_window")
def show_cancelled_window(*, window_id: int, **_: Any) -> None:
    _show_state(window_id)


def _show_state(window_id: int) -> None:
    window = OrderingWindow.objects.get(pk=window_id)
    realtime.push(
        realtime.round_group(window.round_id),
        {
            "type": "window.state",
            "round": window.round_id,
            "window": window.pk,
            "state": window.state,
            "closes_at": window.closes_at.isoformat(),
        },
    )


@on("offer.changed", name="show_changed_offer")
def show_changed_offer(*, offer_id: int, window_id: int, **_: Any) -> None:
    """Other terms, and other demand where lines wait for an agreement, to those who watch the round."""
    refresh_window(window_id=window_id, offer_ids=[offer_id])


@on("offer.changed", name="tell_changed_offer")
def tell_changed_offer(*, offer_id: int, version: int, **_: Any) -> None:
    tell_change(offer_id=offer_id, version=version)


@on("window.closed", name="tell_released")
def tell_released_lines(*, window_id: int, run_id: int, **_: Any) -> None:
    tell_released(window_id=window_id, run_id=run_id)


@on("window.closed", name="use_trials")
def use_trial_orders(*, window_id: int, **_: Any) -> None:
    use_trials(window_id=window_id)


@on("window.closed", name="keep_rests")
def keep_collected(*, window_id: int, run_id: int, **_: Any) -> None:
    keep_rests(window_id=window_id, run_id=run_id)


@on("window.reopened", name="withdraw_rests")
def withdraw_collected(*, window_id: int, **_: Any) -> None:
    withdraw_rests(window_id=window_id)


@on("window.opened", name="announce_rests")
def announce_collected(*, window_id: int, **_: Any) -> None:
    announce_rests(window_id=window_id)


@on("collected.due", name="place_rest")
def place_collected(*, rest_id: int, offer_id: int, **_: Any) -> None:
    place_rest(rest_id=rest_id, offer_id=offer_id)


@on("window.closed", name="end_open_shares")
def end_unaccepted_shares(*, window_id: int, **_: Any) -> None:
    """Parts of lines that nobody took are their offerer's, who is told."""
    end_open_shares(window_id=window_id)


@on("window.closed", name="tell_outcomes")
def tell_of_outcomes(*, window_id: int, round_id: int, run_id: int, **_: Any) -> None:
    """Pickup codes and, to every household in it, what became of its lines."""
    _show_orders(round_id, tell_outcomes(window_id=window_id, run_id=run_id))


@on("reservation.progressed", name="tell_progress")
def tell_of_progress(
    *, reservation_ids: list[int], newest_ids: list[int], step: str, at: str, expected_at: str | None, **_: Any
) -> None:
    tell_progress(reservation_ids=newest_ids, step=ProgressStep(step), at=at, expected_at=expected_at)
    show_reservations(reservation_ids)


@on("reservation.step_taken_back", name="show_step_taken_back")
def show_step_taken_back(*, reservation_ids: list[int], **_: Any) -> None:
    show_reservations(reservation_ids)


def show_reservations(reservation_ids: list[int]) -> None:
    """A hint to the households' own sockets that there is news of their reservations."""
    for round_id, user_ids in members_by_round(reservation_ids).items():
        _show_orders(round_id, user_ids)


def _show_orders(round_id: int, user_ids: list[int]) -> None:
    for user_id in user_ids:
        realtime.push(inbox_group(user_id), {"type": "reservation.changed", "round": round_id})


@on("window.opened", name="plan_standing")
def plan_standing_reservations(*, window_id: int, **_: Any) -> None:
    """What of the standing reservations is to become of it; a task places them."""
    plan_standing(window_id=window_id)


@on("window.opened", name="tell_offered_wishes")
def tell_offered_wishes(*, window_id: int, **_: Any) -> None:
    """Households whose wish the window answers hear of it."""
    tell_offered(window_id=window_id)
