"""Fills an empty database for the browser: an open round of two windows, a coming one and a closed one.

Run as a program in the server's environment; prints the numbers that the tests ask for as JSON.
"""

import json
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from marketplace import clock  # noqa: E402
from marketplace.actions.close_window import close_window  # noqa: E402
from marketplace.actions.reserve import reserve  # noqa: E402
from marketplace.actions.search.rebuild_search import rebuild_search  # noqa: E402
from marketplace.models import (  # noqa: E402
    Category,
    DepositType,
    Handover,
    Hub,
    Merchant,
    Offer,
    OrderingWindow,
    PickupPoint,
    Product,
    Round,
    TaxClass,
    User,
)
from marketplace.rules.states import WindowState  # noqa: E402
from marketplace.rules.wanted import WantedLine  # noqa: E402
from tests.browser.seed_facts import PASSWORD  # noqa: E402
from tests.browser.seed_people import seed_people  # noqa: E402
from tests.factories import make_household, make_offer, make_product, make_supply, make_window  # noqa: E402

HOUR = timedelta(hours=1)
# Offers of the largest round, on one page.
CROWD = 50
GOODS = (
    ("vegetables", "Vegetables", ("Vine tomatoes", "Carrots in a bunch", "Leeks")),
    ("bread", "Bread", ("Rye sourdough", "Country loaf")),
    ("dairy", "Dairy", ("Whole milk", "Sun-dried organic vine tomatoes with wild oregano, family jar in cream")),
    ("pantry", "Pantry", ("Olive oil, new harvest", "Honey")),
)


def seed() -> dict[str, object]:
    now = clock.now()
    hub = Hub.objects.create(
        name="Mercado da Ribeira",
        slug="ribeira",
        time_zone="Europe/Lisbon",
        currency="EUR",
        address="Rua das Flores 12",
        email="hub@example.org",
    )
    merchant = Merchant.objects.create(name="Quinta do Vale", slug="quinta", email="orders@example.org")
    supply = make_supply(merchant, hub)
    products = _products(merchant)
    ana = _user("ana@example.org", "Ana")
    _user("bela@example.org", "Bela")
    point = PickupPoint.objects.create(hub=hub, name="Rua das Flores", address="Rua das Flores 12, Lisboa")

    def round_of(name: str) -> Round:
        made = Round.objects.create(hub=hub, name=name, handover_on=(now + timedelta(days=3)).date())
        starts_at = now + timedelta(days=3)
        Handover.objects.create(
            round=made, pickup_point=point, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )
        return made

    open_round = round_of("Thursday's round")
    fresh = make_window(open_round, [supply], opens_at=now + -5 * HOUR, closes_at=now + 6 * HOUR, name="Fresh")
    larder = make_window(
        open_round, [supply], opens_at=now + -5 * HOUR, closes_at=now + 50 * HOUR, name="From the larder"
    )
    offers = [_offer(larder if p.category.slug == "pantry" else fresh, p) for p in products]
    crowded = round_of("Saturday's large round")
    large = make_window(crowded, [supply], opens_at=now + -5 * HOUR, closes_at=now + 30 * HOUR, name="All of it")
    for position in range(CROWD):
        _offer(large, make_product(merchant, f"Jam of the year {1970 + position}"))
    coming = round_of("Sunday's round")
    make_window(coming, [supply], opens_at=now + 20 * HOUR, closes_at=now + 70 * HOUR, state=WindowState.SCHEDULED)
    closed, late = round_of("Tuesday's round"), round_of("Monday's round")
    for made in (closed, late):
        window = make_window(made, [supply], opens_at=now + -50 * HOUR, closes_at=now + 1 * HOUR, name="All")
        # Of the closed one a case of tomatoes comes, and nothing of the others.
        many = (6, 4, 4) if made == closed else (4, 4, 4)
        wanted = [WantedLine(offer_id=_offer(window, p).pk, firm=n) for p, n in zip(products, many, strict=False)]
        reserve(round_id=made.pk, lines=wanted, request_key=f"seed{made.pk}", by=ana)
        if made == closed:
            over = now - timedelta(minutes=30)
            OrderingWindow.objects.filter(pk=window.pk).update(fills_at=over, closes_at=over)
            close_window(window_id=window.pk)
    rebuild_search()
    people = seed_people(dora=_user("dora@example.org", "Dora"), crowded=crowded, closed=closed)
    return people | {
        "open": open_round.pk,
        "crowded": crowded.pk,
        "coming": coming.pk,
        "closed": closed.pk,
        "late": late.pk,
        "offers": [offer.pk for offer in offers],
    }


def _products(merchant: Merchant) -> list[Product]:
    tax = TaxClass.objects.create(name="food", rate_basis_points=600)
    bottle = DepositType.objects.create(name="bottle", amount_minor=30)
    made: list[Product] = []
    for position, (slug, name, names) in enumerate(GOODS):
        category = Category.objects.create(slug=slug, name=name, motif=slug, position=position)
        for product in names:
            made.append(
                Product.objects.create(
                    merchant=merchant,
                    category=category,
                    name=product,
                    sku=f"S{len(made)}",
                    shelf_life_days=4,
                    content_amount=500,
                    content_unit="GRM",
                    tax_class=tax,
                    deposit_type=bottle if product == "Whole milk" else None,
                )
            )
    return made


def _offer(window: OrderingWindow, product: Product) -> Offer:
    return make_offer(window, product, case=6, ladder=((6, 195, 240), (18, 170, 210)))


def _user(email: str, name: str) -> User:
    user = User.objects.create_user(email=email, password=PASSWORD, name=name)
    make_household(name, user)
    return user


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(json.dumps(seed()))
