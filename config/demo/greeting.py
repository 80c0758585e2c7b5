"""What is told at the start: addresses, logins, and whether the data is new."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse

from config.demo import people
from config.demo.robots import first_logins
from config.demo.second_hub import SLUG
from marketplace.models import Group, Hub, Merchant, PickupPointHost, Product, Reservation, Round, Supply

HOUSEHOLD_LOGINS = 2


@dataclass(frozen=True, slots=True)
class Greeting:
    """Addresses and logins by what they are for."""

    address: str
    folder: Path
    is_new: bool
    hub: str
    figures: dict[str, int]
    addresses: dict[str, str]
    logins: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return {
            "hub": self.hub,
            "folder": str(self.folder),
            "data": "new" if self.is_new else "found",
            "figures": self.figures,
            "addresses": {name: self.address + path for name, path in self.addresses.items()},
            "logins": self.logins,
            "password": people.PASSWORD,
        }

    def lines(self) -> Iterator[str]:
        yield ""
        if self.is_new:
            yield f"A new market stands in {self.folder}: {_in_words(self.figures)}."
        else:
            yield f"Found the market of an earlier start in {self.folder}: {_in_words(self.figures)}."
            yield "It goes on from there. To begin anew: make demo NEW=1 (or manage.py demo --new)."
        yield ""
        yield from _table("", {name: self.address + path for name, path in self.addresses.items()})
        yield ""
        yield f"  Password of every login: {people.PASSWORD}"
        yield from _table("  ", self.logins)
        yield ""
        yield f"Purchase orders are written as mails to {self.folder / 'mails'}. Ctrl-C stops everything."
        yield ""


def greeting(*, hub: Hub, address: str, folder: Path, is_new: bool) -> Greeting:
    """The greeting of a market that stands in the database."""
    logins = {f"household {place}": user.email for place, user in enumerate(first_logins(HOUSEHOLD_LOGINS), 1)}
    group = Group.objects.filter(hub=hub).select_related("host").order_by("pk").first()
    if group is not None:
        logins[f"host of {group.name}"] = group.host.email
    host = PickupPointHost.objects.filter(pickup_point__hub=hub, is_deputy=False).select_related("pickup_point", "user")
    if (opens := host.order_by("pk").first()) is not None:
        logins[f"host at {opens.pickup_point.name}"] = opens.user.email
    merchant = Merchant.objects.filter(supplies__hub=hub).order_by("pk").first()
    if merchant is not None:
        logins[f"merchant {merchant.name}"] = people.merchant_login(merchant.slug)
    logins |= {f"{role.value} of the hub": email for role, _, email in people.STAFF}
    logins["platform staff"] = people.PLATFORM_EMAIL
    second = Hub.objects.filter(slug=SLUG).first()
    if second is not None:
        logins[f"coordinator of {second.name}"] = people.SECOND_COORDINATOR[1]
    return Greeting(
        address=address,
        folder=folder,
        is_new=is_new,
        hub=hub.name,
        figures=_figures(hub),
        addresses={
            "open rounds": "/",
            "merchant desk": "/desk/",
            "hub desk": "/hub/",
            "staff": "/admin/",
            "API": "/api/docs/",
            **_to_join(group, second),
        },
        logins=logins,
    )


def _to_join(group: Group | None, second: Hub | None) -> dict[str, str]:
    """Ways in for somebody new: a group's link, as its host sends it, and a hub that looks at who joins."""
    ways = {}
    if group is not None:
        ways[f"join {group.name}"] = reverse("join", args=[group.invitation])
    if second is not None:
        ways[f"join {second.name}"] = reverse("hub_join", args=[second.slug])
    return ways


def _figures(hub: Hub) -> dict[str, int]:
    return {
        "merchants": Supply.objects.filter(hub=hub).count(),
        "products": Product.objects.filter(merchant__supplies__hub=hub).count(),
        "groups": Group.objects.filter(hub=hub).count(),
        "rounds": Round.objects.filter(hub=hub).count(),
        "reservations": Reservation.objects.filter(round__hub=hub).count(),
    }


def _in_words(figures: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in figures.items())


def _table(indent: str, rows: dict[str, str]) -> Iterator[str]:
    width = max(len(name) for name in rows)
    return (f"  {indent}{name:<{width}}  {value}" for name, value in rows.items())
