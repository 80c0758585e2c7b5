"""A second, small hub that looks at who joins: with trial orders, a fee, and somebody who waits for its answer."""

from collections.abc import Sequence
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from config.demo import people
from config.demo.neighbourhood import add_place
from config.demo.places import SECOND_POINT, streets
from marketplace import clock
from marketplace.actions.add_supply import add_supply
from marketplace.actions.membership.admit_household import admit_household
from marketplace.actions.membership.change_hub_terms import change_hub_terms
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.open_hub import open_hub
from marketplace.actions.places.import_streets import import_streets
from marketplace.actions.publish_offer import publish_offer
from marketplace.actions.register import register
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.start_round import NewHandover, NewWindow, start_round
from marketplace.models import Hub, Merchant, Offer, User
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.recurrence import instant
from marketplace.rules.states import MembershipState

SLUG = "penha"
MERCHANTS = ("norte", "granja", "torra")
OFFERS_EACH = 12
TRIAL_ORDERS, FEE, CREDIT = 2, 1500, 6000
HANDOVER_IN, OPEN_FOR = timedelta(days=6), timedelta(days=4)


def open_second_hub(*, hub: Hub, firsts: Sequence[User], platform: User) -> Hub:
    """The hub with an open round of some merchants that the first one buys from too."""
    name, email = people.SECOND_COORDINATOR
    runs_it = register(email=email, name=name, password=None)
    founded = open_hub(
        name="Cooperativa da Penha",
        slug=SLUG,
        time_zone=hub.time_zone,
        currency=hub.currency,
        address="Rua da Penha de França 33\n1170-298 Lisboa",
        email="cooperativa@example.org",
        coordinator=runs_it,
        by=platform,
    )
    second = change_hub_terms(
        hub_id=founded.pk,
        join_policy="approval",
        trial_orders=TRIAL_ORDERS,
        membership_fee_minor=FEE,
        first_credit_limit_minor=CREDIT,
        by=runs_it,
    )
    _start(hub, second, firsts[8], runs_it)
    import_streets(hub=second, rows=streets())
    asking, trying = firsts[6:8]
    join_hub(hub=second, message="We live around the corner and would help on Saturdays.", by=asking)
    tried = join_hub(hub=second, message="Two of us, we cook a lot.", by=trying)
    admit_household(membership_id=tried.pk, to=MembershipState.TRIAL, by=runs_it)
    return second


def _start(hub: Hub, second: Hub, host: User, runs_it: User) -> None:
    """A round that takes reservations for some days, with what the first hub's round offers of these merchants."""
    point = add_place(hub=second, place=SECOND_POINT, host=host, coordinator=runs_it)
    now = clock.now()
    handover_on = (now + HANDOVER_IN).astimezone(ZoneInfo(second.time_zone)).date()
    merchants = Merchant.objects.filter(slug__in=MERCHANTS).order_by("pk")
    round_ = start_round(
        hub=second,
        name="Saturday table",
        handover_on=handover_on,
        windows=[
            NewWindow(
                name="Everything",
                opens_at=now,
                closes_at=now + OPEN_FOR,
                supplies=[
                    add_supply(merchant=merchant, hub=second, lead_hours=18, by=runs_it) for merchant in merchants
                ],
            )
        ],
        handovers=[
            NewHandover(
                pickup_point=point,
                starts_at=instant(handover_on, point.opens_time or time(10), second.time_zone),
                ends_at=instant(handover_on, point.closes_time or time(12), second.time_zone),
                capacity=point.usual_capacity,
            )
        ],
        by=runs_it,
    )
    window = round_.windows.select_related("round").get()
    for merchant in merchants:
        for offer in _first_offers(hub, merchant):
            publish_offer(
                window=window,
                product=offer.product,
                ladder=[
                    PriceStep(step.from_quantity, step.cost_minor, step.unit_price_minor) for step in offer.steps.all()
                ],
                case=offer.case,
                by=runs_it,
            )
    schedule_window(window_id=window.pk, by=runs_it)


def _first_offers(hub: Hub, merchant: Merchant) -> list[Offer]:
    planned = Offer.objects.filter(
        window__round__hub=hub, window__round__rule__isnull=False, product__merchant=merchant, product__is_active=True
    )
    return list(planned.select_related("product__merchant").prefetch_related("steps").order_by("pk")[:OFFERS_EACH])
