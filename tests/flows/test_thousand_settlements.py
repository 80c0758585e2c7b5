"""A thousand random settlements, and every account explained by what happened: by plain sums over goods, fees, claims
and deliveries, beside the books."""

from collections import Counter
from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.ledger.follow_handover import follow_handover
from marketplace.models import (
    Allocation,
    Claim,
    ClearingRun,
    Handover,
    HandoverProgress,
    Hub,
    LedgerEntry,
    LineShare,
    PickupPoint,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
    Settlement,
    SettlementLine,
    Supply,
)
from marketplace.queries.balances import balances
from marketplace.queries.claims import still_to_give
from marketplace.queries.results import got_by_line
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.ledger.splitting import taxed
from marketplace.rules.states import ProgressStep
from tests.factories import NOON, make_household
from tests.marketplace.money.ground import HANDED_OVER_AT, Till

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]

ROUNDS, HOUSEHOLDS = 20, 50
SERVICE_TAX, HOST = 2300, 250


def half_up(amount: Fraction) -> int:
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def season(random: Random) -> list[Till]:
    """Rounds of one hub, each closed, partly short, and handed over."""
    tills: list[Till] = []
    for number in range(ROUNDS):
        till = Till(hub=tills[0].hub) if tills else Till()
        tills.append(till)
        reserved(till, random)
        till.close()
        delivered(till, random)
        handed_over(till, random, number)
        complained(till, random)
    return tills


def reserved(till: Till, random: Random) -> None:
    mill, farm = till.merchant("Moinho"), till.merchant("Quinta")
    till.agent(farm)
    oil = till.offer(mill, ladder=((1, 333, 499), (40, 301, 455)))
    till.bottled(oil.product, 25)
    eggs = till.offer(farm, case=6, ladder=((6, 21, 37),), hub_flexible=1)
    till.taxed(eggs.product, 2300)
    bread = till.offer(mill, ladder=((1, 187, 259),))
    offers = [oil, eggs, bread]
    till.terms(service_tax_basis_points=SERVICE_TAX)
    Handover.objects.filter(round=till.round).update(fee_minor=random.choice([0, 95]))
    PickupPoint.objects.update(host_commission_basis_points=HOST)
    neighbour = make_household("Neighbour")
    for _ in range(HOUSEHOLDS):
        household = make_household()
        for offer in random.sample(offers, random.randint(1, 3)):
            line = till.line(offer, random.randint(1, 9), household=household)
            if random.random() < 0.1:
                LineShare.objects.create(
                    reservation=line.reservation,
                    offer=offer,
                    household=neighbour,
                    parts=1,
                    total_parts=random.randint(2, 5),
                    state="accepted",
                    by=till.coordinator,
                    offered_at=NOON,
                )


def delivered(till: Till, random: Random) -> None:
    """Here and there fewer units come than were ordered; the last household goes without."""
    lines = list(PurchaseOrderLine.objects.filter(order__window=till.window))
    for line in random.sample(lines, len(lines) // 2):
        last = (
            ReservationLine.objects.filter(offer=line.offer_id, window=till.window)
            .select_related("offer")
            .order_by("-pk")[0]
        )
        allocate(till, last, line)


def allocate(till: Till, loser: ReservationLine, line: PurchaseOrderLine) -> None:

    missing = got_by_line([loser])[loser.pk].quantity
    number = ClearingRun.objects.filter(window=till.window).count() + 1
    run = ClearingRun.objects.create(
        window=till.window,
        number=number,
        kind="receipt",
        closes_at=till.window.closes_at,
        computed_at=HANDED_OVER_AT,
        input_hash="",
    )
    Allocation.objects.create(run=run, line=loser, quantity=0, charged_minor=0, reason="short_supply")
    line.received = line.ordered - line.hub_units - missing
    line.save()


def handed_over(till: Till, random: Random, number: int) -> None:
    reservations = list(till.round.reservations.order_by("pk").values_list("pk", flat=True))
    random.shuffle(reservations)
    at = HANDED_OVER_AT + timedelta(days=7 * number)
    HandoverProgress.objects.bulk_create(
        HandoverProgress(
            reservation_id=pk,
            step=random.choice([ProgressStep.HANDED_OVER] * 9 + [ProgressStep.NO_SHOW]).value,
            at=at,
            recorded_at=at,
        )
        for pk in reservations
    )
    with clock.frozen(at):
        follow_handover(reservation_ids=reservations[: HOUSEHOLDS // 2])
        follow_handover(reservation_ids=reservations)


def complained(till: Till, random: Random) -> None:
    lines = list(ReservationLine.objects.filter(window=till.window).select_related("reservation__household"))
    for line in random.sample(lines, 3):
        claim = Claim.objects.create(
            reservation=line.reservation,
            line=line,
            kind="damaged",
            request_key=f"claim {line.pk}",
            by=till.coordinator,
            made_at=HANDED_OVER_AT,
        )
        most = still_to_give(claim)
        if most > 0:
            with clock.frozen(HANDED_OVER_AT):
                accept_claim(
                    claim_id=claim.pk,
                    amount_minor=random.randint(1, most),
                    borne_by=random.choice(["hub", "merchant", "courier"]),
                    by=till.coordinator,
                )


def explained(hub: Hub) -> Counter[str]:
    """What every account should hold, by what happened."""
    books: Counter[str] = Counter()
    agents = set(Supply.objects.filter(hub=hub, sells_as="agent").values_list("merchant_id", flat=True))
    for settlement in standing_settlements().select_related("reservation__handover"):
        sales(books, settlement, agents)
    deliveries(books, agents)
    for claim in Claim.objects.filter(state="accepted").select_related("line__offer__product__tax_class"):
        given_back(books, claim, agents)
    return books


def sales(books: Counter[str], settlement: Settlement, agents: set[int]) -> None:
    net = 0
    by_line: dict[int | None, list[SettlementLine]] = {}
    for line in settlement.lines.select_related("product"):
        by_line.setdefault(line.line_id, []).append(line)
        books[f"household:{line.household_id}"] -= line.amount_minor + line.deposit_minor
        if line.product is None:
            books["fees"] += line.amount_minor - line.tax_minor
            books[f"vat_due:{SERVICE_TAX}"] += line.tax_minor
            continue
        net += line.amount_minor - line.tax_minor
        if line.deposit_type_id:
            books[f"deposits:{line.deposit_type_id}"] += line.deposit_minor
        if line.product.merchant_id in agents:
            books[f"merchant:{line.product.merchant_id}"] += line.amount_minor
        else:
            books["hub_margin"] += line.amount_minor - line.tax_minor
            books[f"vat_due:{line.tax_rate}"] += line.tax_minor
    for line_id, lines in by_line.items():
        product = lines[0].product
        if line_id is not None and product is not None and product.merchant_id in agents:
            cost = 21 * lines[0].units  # the eggs' only step
            commission = sum(line.amount_minor - line.tax_minor for line in lines) - cost
            tax = half_up(Fraction(commission * SERVICE_TAX, 10_000))
            books[f"merchant:{product.merchant_id}"] -= commission + tax
            books["commission"] += commission
            books[f"vat_due:{SERVICE_TAX}"] += tax
    host = half_up(Fraction(net * HOST, 10_000))
    books[f"host:{settlement.reservation.handover.pickup_point_id}"] += host
    books["host_commission"] -= host


def deliveries(books: Counter[str], agents: set[int]) -> None:
    lines = PurchaseOrderLine.objects.select_related(
        "order", "offer__product__tax_class", "offer__product__deposit_type"
    )
    for line in lines:
        product, owed, came = line.offer.product, f"merchant:{line.order.merchant_id}", line.coming
        kept = max(0, came - (line.ordered - line.hub_units))
        sold_on = 0 if line.order.merchant_id in agents else (came - kept) * line.cost_minor
        rate = product.tax_class.rate_basis_points
        tax = half_up(Fraction((sold_on + kept * line.cost_minor) * rate, 10_000))
        books["hub_margin"] -= sold_on
        books["hub_stock"] -= kept * line.cost_minor
        books[f"vat_paid:{rate}"] -= tax
        books[owed] += sold_on + kept * line.cost_minor + tax
        if product.deposit_type:
            books[f"deposits:{product.deposit_type_id}"] -= came * product.deposit_type.amount_minor
            books[owed] += came * product.deposit_type.amount_minor


def given_back(books: Counter[str], claim: Claim, agents: set[int]) -> None:
    assert claim.line is not None
    assert claim.accepted_minor is not None
    product = claim.line.offer.product
    paid: Counter[int] = Counter()
    newest = standing_settlements().get(reservation=claim.reservation_id)
    for line in newest.lines.filter(line=claim.line):
        paid[line.household_id] += line.amount_minor
    bearer = {"hub": "goodwill", "courier": "courier", "merchant": f"merchant:{product.merchant_id}"}[claim.borne_by]
    rate = 0 if product.merchant_id in agents else product.tax_class.rate_basis_points
    left = claim.accepted_minor
    for number, (household, amount) in enumerate(sorted(paid.items(), key=lambda pair: -pair[1])):
        part = left if number == len(paid) - 1 else claim_part(claim.accepted_minor, amount, paid)
        left -= part
        price = taxed(part, rate, includes_tax=True)
        books[f"household:{household}"] += part
        books[bearer] -= price.net
        books[f"vat_due:{rate}"] -= price.tax


def claim_part(amount: int, paid: int, all_paid: Counter[int]) -> int:
    """By largest remainder; with two households the nearest whole number does."""
    return half_up(Fraction(amount * paid, sum(all_paid.values())))


def test_a_thousand_random_settlements_end_with_every_account_explained() -> None:
    random = Random(20_261_126)
    tills = season(random)
    hub = tills[0].hub
    assert standing_settlements().count() == ROUNDS * HOUSEHOLDS == 1000
    assert {window.state for till in tills for window in till.round.windows.all()} == {"settled"}
    assert PurchaseOrder.objects.count() == 2 * ROUNDS
    held = {row.account.code: row.balance_minor for row in balances(hub.pk) if row.balance_minor}
    wanted = {code: amount for code, amount in explained(hub).items() if amount}
    assert held == wanted
    assert sum(held.values()) == 0
    for kind in ("household", "merchant", "host", "vat_due", "vat_paid"):
        assert any(code.startswith(f"{kind}:") for code in held), kind
    # Every bottle that came was sold: households paid the merchants' deposits.
    assert LedgerEntry.objects.filter(destination__kind="deposits").exists()
    for code in ("hub_margin", "commission", "host_commission", "fees", "goodwill", "courier"):
        assert code in held
