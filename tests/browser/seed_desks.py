"""Rui at the merchant desk, Clara at the hub desk, Petra of the platform, and what they and a deputy look at."""

from datetime import timedelta

from marketplace import clock
from marketplace.actions.catalogue.read_price_list import read_price_list
from marketplace.actions.hosting.make_deputy_link import make_deputy_link
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.notices.stop_links import stop_link
from marketplace.actions.orders.order_link import link_url
from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.models import (
    DeputyLink,
    Handover,
    HubMembership,
    HubRole,
    Merchant,
    MerchantMember,
    Offer,
    OrderingWindow,
    PurchaseOrderLine,
    Reservation,
    Round,
    User,
)
from marketplace.rules.catalogue.options import ListOptions
from marketplace.rules.notices import NoticeKind
from marketplace.rules.roles import Role
from marketplace.rules.states import MembershipState
from tests.browser.seed_facts import PASSWORD
from tests.factories import make_household


def seed_desks(*, dora: User, crowded: Round, closed: Round) -> dict[str, object]:
    """The numbers and tokens of what there is to look at."""
    rui, clara, petra, eva = (
        User.objects.create_user(email=f"{name.lower()}@example.org", password=PASSWORD, name=name)
        for name in ("Rui", "Clara", "Petra", "Eva")
    )
    MerchantMember.objects.create(merchant=Merchant.objects.get(), user=rui)
    for role in (Role.COORDINATOR, Role.TREASURER):  # whoever matches bills is the treasurer
        HubRole.objects.create(hub=crowded.hub, user=clara, role=role.value)
    User.objects.filter(pk=petra.pk).update(is_staff=True, is_superuser=True)
    asked = HubMembership.objects.create(
        hub=crowded.hub,
        household=make_household("Eva", eva),
        state=MembershipState.ASKED.value,
        message="We moved in next door.",
        asked_at=clock.now(),
    )
    line = PurchaseOrderLine.objects.filter(order__window__round=closed).order_by("pk")[0]
    window = OrderingWindow.objects.get(round=crowded)
    return (
        _of_hosts(dora, crowded, closed)
        | {
            "order": line.order_id,
            "order_link": link_url(order_id=line.order_id, due_at=clock.now()).rstrip("/").rsplit("/", 1)[-1],
            "order_line": line.pk,
            "window": window.pk,
            "terms": Offer.objects.filter(window=window).order_by("-pk")[0].pk,
            "asked": asked.pk,
            "hub": crowded.hub_id,
            "household": dora.household_memberships.get().household_id,
            "product": Offer.objects.filter(window=window).order_by("pk")[0].product_id,
            "merchant": Merchant.objects.get().pk,
        }
        | _of_the_catalogue(rui)
    )


def _of_the_catalogue(rui: User) -> dict[str, object]:
    """A price list with every kind of row, and one whose columns have to be asked for."""
    merchant = Merchant.objects.get()
    product = merchant.products.select_related("category", "tax_class").order_by("pk")[0]
    head = "sku;name;category;tax;shelf_life_days;cost_1;price_1;from_2;cost_2;price_2"
    same = f"{product.category.slug};{product.tax_class.name};{product.shelf_life_days}"
    rows = (
        f"{product.sku};{product.name};{same};1,20;1,90;24;0,20;1,10\n"
        f"NEW-1;Rhubarb;{same};0,90;1,40;;;\nBAD;;x;y;z;;;;;\n"
    )
    lists = [
        read_price_list(
            merchant_id=merchant.pk,
            content=f"{names}\n{rows}".encode(),
            file_name="week-48.csv",
            options=ListOptions(currency="EUR"),
            may_ask=True,
            by=rui,
        )
        for names in (head, head.replace("sku;name", "Number in the house;As it is called"))
    ]
    return {"price_list": lists[0].pk, "own_table": lists[1].pk}


def _of_hosts(dora: User, crowded: Round, closed: Round) -> dict[str, object]:
    """A deputy's link to the list of the closed round, which works today, and a shift that Dora is down for."""
    handover, ahead = Handover.objects.get(round=closed), Handover.objects.get(round=crowded)
    link, token = make_deputy_link(handover_id=handover.pk, name="Kit", by=dora)
    DeputyLink.objects.filter(pk=link.pk).update(valid_from=clock.now() - timedelta(hours=1))
    shift = add_shift(
        handover_id=ahead.pk,
        task="Set up the tables",
        needed=2,
        starts_at=ahead.starts_at - timedelta(hours=1),
        ends_at=ahead.starts_at,
        note="Gloves are there.",
        by=dora,
    )
    sign_up(shift_id=shift.pk, by=dora)
    _, household_invitation = invite_to_household(email="", by=dora)
    return {
        "handover_closed": handover.pk,
        "reservation_closed": Reservation.objects.get(round=closed).pk,
        "deputy": token,
        "shift": shift.pk,
        "household_invitation": household_invitation,
        "member": dora.pk,
        "stop": stop_link(dora.pk, [NoticeKind.CLOSED.value]).rstrip("/").rsplit("/", 1)[-1],
    }
