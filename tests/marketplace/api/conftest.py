"""What many tests of the API begin with: noon by the one clock, a shop with an open window, and Ana's client."""

from collections.abc import Iterator

import pytest

from marketplace import clock
from tests.factories import NOON
from tests.marketplace.api_ground import Client, client_of
from tests.marketplace.reserving_ground import Shop


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def ana(shop: Shop) -> Client:
    return client_of(shop.ana)
