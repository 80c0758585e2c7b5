"""Furnish a seeded market: a round that is over, habits, a second hub, pictures. All through the people's actions."""

from collections.abc import Mapping
from types import MappingProxyType

from config.demo import people
from config.demo.catalogue import SACK_SKU
from config.demo.drawings import drawn
from config.demo.habits import keep_habits
from config.demo.past import live_past_round
from config.demo.robots import first_logins
from config.demo.second_hub import open_second_hub
from config.demo.seed import coordinator_of, share_password
from config.demo_market.load import load_market
from marketplace.actions.pictures.add_picture import add_picture
from marketplace.models import Hub, Product, User

# A motif by how the names of its products begin.
PICTURES: Mapping[str, str] = MappingProxyType(
    {
        "Gala apples": "apples",
        "Bananas": "bananas",
        "Strawberries": "strawberries",
        "Navel oranges": "oranges",
        "Lemons": "lemons",
        "Red grapes": "grapes",
        "Tomatoes on the vine": "tomatoes",
        "Baby carrots": "carrots",
        "Broccoli": "broccoli",
        "Eggs, large": "eggs",
        "French loaf": "loaf",
        "Rye bread": "round bread",
        "Fresh milk": "milk",
        "Farm cheese": "cheese",
        "Salmon fillet": "salmon",
        "Honey": "honey",
        "Coffee beans": "coffee",
    }
)


def furnish(*, hub: Hub, number: int, with_pictures: bool = True) -> None:
    """What makes the seeded market look lived in. Its weekly round is announced already. Once per market."""
    market, coordinator = load_market(), coordinator_of(hub)
    firsts = first_logins(len(market.households))
    past = live_past_round(hub=hub, market=market, coordinator=coordinator, sack_sku=SACK_SKU, number=number)
    keep_habits(hub=hub, past=past, firsts=firsts, coordinator=coordinator)
    platform = User.objects.get(email=people.PLATFORM_EMAIL)
    open_second_hub(hub=hub, firsts=firsts, platform=platform)
    share_password()
    if with_pictures:
        draw_pictures(hub=hub, platform=platform)


def draw_pictures(*, hub: Hub, platform: User) -> int:
    """How many products have a picture now."""
    shown = 0
    for name, motif in PICTURES.items():
        content = drawn(motif)
        for product in Product.objects.filter(merchant__supplies__hub=hub, name__startswith=name).order_by("pk"):
            add_picture(product=product, content=content, by=platform)
            shown += 1
    return shown
