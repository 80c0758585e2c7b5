"""What households of the demo have told the hub: addresses, standing reservations, wishes, questions, complaints."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.claims.make_claim import WantedClaim, make_claim
from marketplace.actions.households.change_household import change_household
from marketplace.actions.places.choose_place import choose_place
from marketplace.actions.ratings.rate import rate
from marketplace.actions.remind.toggle_reminder import toggle_reminder
from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.actions.standing.absences import add_absence
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.threads.write import ask, write
from marketplace.actions.wishes.make_wish import make_wish
from marketplace.models import Handover, Household, Hub, OrderingWindow, PickupPointHost, Product, Round, User
from marketplace.queries.claims import claimable
from marketplace.queries.outcomes import LineResult
from marketplace.queries.progress import own_order
from marketplace.queries.threads import about_reservation, seat_for
from marketplace.rules.threads import Side
from marketplace.rules.wanted import WantedLine

STANDING_ROBOTS = 8
_RATINGS = (5, 4, 5, 3, 5, 4, 5)
_WORDS = (
    "Crisp as if cut an hour ago.",
    "",
    "Always good.",
    "Two tomatoes were soft.",
    "",
    "Good, a little small.",
    "",
)
_OAT = ("oat milk", "Oat milk", "oat milk, unsweetened", "oat milk", "Oat milk", "oat milk")


def keep_habits(*, hub: Hub, past: Round, firsts: Sequence[User], coordinator: User) -> None:
    """Everything that people of an ordinary week leave behind; `firsts` in the order in which they came."""
    me, neighbour = firsts[:2]
    _homes(hub, me, neighbour, firsts)
    _standing(hub, me, neighbour, firsts)
    for number, (user, text) in enumerate(zip(firsts[4:], _OAT, strict=False)):
        make_wish(hub_id=hub.pk, text=text, a_week=1 + number % 3, by=user)
    for user, text in ((me, "Kimchi"), (firsts[3], "Rye flour, wholemeal"), (firsts[9], "kimchi")):
        make_wish(hub_id=hub.pk, text=text, by=user)
    _rate(past, firsts)
    _complain(past, me, coordinator)
    _ask(past, me, neighbour, coordinator)
    _help(hub, firsts)


def _homes(hub: Hub, me: User, neighbour: User, firsts: Sequence[User]) -> None:
    """Where some live; the neighbour's presets, and whom the van visits."""
    mine = me.households.get()
    _tell_home(mine, me, "Rua da Bica de Duarte Belo 21, 2.º E, 1200-054 Lisboa", "Second door; the bell says 2E.")
    choose_place(pickup_point=hub.pickup_points.order_by("pk").first(), by=me)
    _tell_home(neighbour.households.get(), neighbour, "", "", avoids=("nuts", "peanuts"), diets=("vegetarian",))
    alone = [user for user in firsts[2:40] if not user.households.get().group_memberships.exists()]
    for number, user in enumerate(alone[:3], 3):
        _tell_home(user.households.get(), user, f"Rua da Graça {number * 7}, 1170-165 Lisboa", "")


def _tell_home(
    household: Household,
    by: User,
    address: str,
    notes: str,
    avoids: Sequence[str] = (),
    diets: Sequence[str] = (),
) -> None:
    change_household(
        household_id=household.pk,
        name=household.name,
        address=address,
        delivery_notes=notes,
        avoids=avoids,
        diets=diets,
        by=by,
    )


def _standing(hub: Hub, me: User, neighbour: User, firsts: Sequence[User]) -> None:
    """Milk and bread each round for one, eggs for the other, who is away next week."""
    milk, bread, eggs = (
        Product.objects.filter(merchant__supplies__hub=hub, name__startswith=name).order_by("pk")[0]
        for name in ("Fresh milk", "Wholewheat bread", "Eggs, large")
    )
    keep_standing(
        hub_id=hub.pk, product_id=milk.pk, wanted=WantedLine(offer_id=0, firm=2, flexible=1, flexible_for="case"), by=me
    )
    keep_standing(hub_id=hub.pk, product_id=bread.pk, wanted=WantedLine(offer_id=0, firm=1), by=me)
    keep_standing(hub_id=hub.pk, product_id=eggs.pk, wanted=WantedLine(offer_id=0, firm=1), by=neighbour)
    for user in firsts[10 : 10 + STANDING_ROBOTS]:
        keep_standing(hub_id=hub.pk, product_id=milk.pk, wanted=WantedLine(offer_id=0, firm=1), by=user)
    today = clock.now().astimezone(ZoneInfo(hub.time_zone)).date()
    add_absence(starts_on=today + timedelta(days=6), ends_on=today + timedelta(days=14), by=neighbour)


def _rate(past: Round, firsts: Sequence[User]) -> None:
    """Ratings of the merchant from whom most of them got something."""
    orders = {user: own_order(user, past.pk) for user in firsts[: len(_RATINGS) * 2]}
    got = [{line.merchant_id for line in order.result.lines if line.got} for order in orders.values()]
    rated = max(sorted(set().union(*got)), key=lambda merchant: sum(merchant in theirs for theirs in got))
    raters = [user for user, theirs in zip(orders, got, strict=True) if rated in theirs]
    for user, stars, words in zip(raters, _RATINGS, _WORDS, strict=False):
        rate(round_id=past.pk, merchant_id=rated, stars=stars, words=words, by=user)


def _complain(past: Round, me: User, coordinator: User) -> None:
    """One problem that the hub has made good, one that waits for its answer."""
    first, second = (*_got(past, me), None, None)[:2]
    if first is not None:
        claim = make_claim(
            round_id=past.pk,
            wanted=WantedClaim(kind="damaged", line_id=first.line_id, units=1, text="One was squashed at the bottom."),
            request_key="demo-claim-1",
            by=me,
        )
        amount = first.charged_minor // first.got
        accept_claim(
            claim_id=claim.pk, amount_minor=amount, answer="Sorry about that. We give it back.", by=coordinator
        )
    if second is not None:
        wanted = WantedClaim(kind="missing", line_id=second.line_id, units=1, text="One fewer in the bag than listed.")
        make_claim(round_id=past.pk, wanted=wanted, request_key="demo-claim-2", by=me)


def _got(past: Round, user: User) -> list[LineResult]:
    return [line for line in claimable(user, past.pk).lines if line.got]


def _ask(past: Round, me: User, neighbour: User, coordinator: User) -> None:
    """A question to a merchant that nobody has answered yet, and one to the hub that is settled in words."""
    got, now = _got(past, me), clock.now()
    reservation = own_order(me, past.pk).reservation
    if got:
        about, side = about_reservation(me, reservation.pk, got[-1].offer_id, now)
        text = "Is it from your own fields this week, or bought in?"
        ask(about=about, side=side, text=text, asked=Side.MERCHANT, request_key="demo-ask-1", by=me)
    about, side = about_reservation(neighbour, own_order(neighbour, past.pk).reservation.pk, None, now)
    text = "I left my blue bag behind. Did somebody keep it?"
    asked = ask(about=about, side=side, text=text, asked=Side.HUB, request_key="demo-ask-2", by=neighbour)
    seat = seat_for(coordinator, asked.thread_id, now, Side.HUB)
    text = "Yes, it hangs behind the counter. Fetch it next time."
    write(seat=seat, text=text, asked=None, request_key="demo-answer-2", by=coordinator)


def _help(hub: Hub, firsts: Sequence[User]) -> None:
    """Helping hands for the coming round: one shift is filled, one still has a gap. Who wants to is reminded of it."""
    opening = OrderingWindow.objects.filter(round__hub=hub, round__rule__isnull=False).latest("closes_at")
    handover = Handover.objects.filter(round=opening.round, pickup_point__isnull=False).earliest("pk")
    host = PickupPointHost.objects.filter(pickup_point=handover.pickup_point, is_deputy=False).select_related("user")
    tasks = (("Set up the tables", 2, -60, 0, 2), ("Hand out at the door", 3, 0, 120, 1))
    helpers = [user for user in firsts[2:30] if user.pk != host[0].user_id]
    for task, needed, begins, ends, found in tasks:
        shift = add_shift(
            handover_id=handover.pk,
            task=task,
            needed=needed,
            starts_at=handover.starts_at + timedelta(minutes=begins),
            ends_at=handover.starts_at + timedelta(minutes=ends),
            note="Gloves are there.",
            by=host[0].user,
        )
        for user in helpers[:found]:
            sign_up(shift_id=shift.pk, by=user)
    toggle_reminder(window_id=opening.pk, by=firsts[0])
