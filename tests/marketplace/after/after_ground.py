"""The ground of the tests after a close: a market whose window closes, a household signed in, steps of a handover."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test import Client

from marketplace import clock
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.models import Household, Merchant, Offer, Reservation, User
from marketplace.rules.states import ProgressStep
from tests.factories import make_household
from tests.marketplace.closing_ground import CLOSES_AT, Market

# The handover of make_handover: Thursday 17:00 to 19:00 in Lisbon.
STARTS = datetime.fromisoformat("2026-11-26T17:00+00:00")
ENDS = STARTS + timedelta(hours=2)


@dataclass
class Evening:
    """A market with one merchant, tomatoes at 2.40, and Ana's household, whose reservation takes three of them."""

    market: Market = field(default_factory=Market)
    merchant: Merchant = field(init=False)
    tomatoes: Offer = field(init=False)
    household: Household = field(init=False)

    def __post_init__(self) -> None:
        self.merchant = self.market.merchant("Quinta do Vale")
        self.tomatoes = self.market.offer(self.merchant, ((1, 195, 240), (6, 170, 210)))
        self.household = make_household("Ana")
        self.line = self.market.line(self.tomatoes, 3, household=self.household)

    @property
    def user(self) -> User:
        return self.household.members.get()

    @property
    def reservation(self) -> Reservation:
        return Reservation.objects.get(household=self.household)

    @property
    def round_id(self) -> int:
        return self.market.round.pk

    @property
    def address(self) -> str:
        return f"/rounds/{self.round_id}/reservation/"

    def client(self, user: User | None = None) -> Client:
        client = Client()
        client.force_login(user or self.user)
        return client

    def close(self) -> None:
        assert self.market.close(CLOSES_AT) is not None

    def step(self, step: ProgressStep, at: datetime, reservations: Sequence[Reservation] = (), **facts: object) -> int:
        ids = [reservation.pk for reservation in reservations] or [self.reservation.pk]
        with clock.frozen(at):
            return record_progress(reservation_ids=ids, step=step, at=at, **facts)  # type: ignore[arg-type]


def after_handover() -> AbstractContextManager[None]:
    """The evening after it was collected."""
    return clock.frozen(ENDS + timedelta(hours=1))
