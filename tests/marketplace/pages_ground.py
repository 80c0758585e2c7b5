"""The ground of the pages' tests: one round with one open window and its offers, and somebody signed in."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from marketplace.models import Hub, Merchant, Offer, OrderingWindow, Round, User
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)

CLOSES_AT = NOON + timedelta(hours=6)


@dataclass
class Shop:
    """One hub, one round with a handover, one window that closes at CLOSES_AT."""

    hub: Hub = field(default_factory=make_hub)
    round: Round = field(init=False)
    merchant: Merchant = field(init=False)
    window: OrderingWindow = field(init=False)

    def __post_init__(self) -> None:
        self.round = make_round(self.hub)
        self.merchant = make_merchant("Quinta do Vale")
        make_handover(self.round)
        self.window = make_window(self.round, [make_supply(self.merchant, self.hub)], closes_at=CLOSES_AT)

    def offer(self, name: str = "Tomatoes", **terms: Any) -> Offer:
        return make_offer(self.window, make_product(self.merchant, name), **terms)

    def offers(self, many: int) -> list[Offer]:
        return [self.offer(f"Product {n:02}", case=6, ladder=((6, 195, 240), (18, 170, 210))) for n in range(many)]

    @property
    def address(self) -> str:
        return f"/rounds/{self.round.pk}/"

    def line_address(self, offer: Offer) -> str:
        return f"{self.address}offers/{offer.pk}/"


def signed_in(name: str = "Ana") -> tuple[Client, User]:
    """A browser whose user is the one member of a household."""
    user = make_household(name).members.get()
    client = Client()
    client.force_login(user)
    return client, user
