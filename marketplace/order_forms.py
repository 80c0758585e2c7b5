"""What people type about purchase orders: a merchant's answer at the desk and by link, a coordinator's changes."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from marketplace.errors import InvalidInput
from marketplace.models import PurchaseOrderLine
from marketplace.rules.catalogue.amounts import plain_amount
from marketplace.rules.order_answers import Instead, LineAnswer
from marketplace.rules.orders.changes import Consent, ConsentWay
from marketplace.rules.orders.weights import MILLI

_COUNT = re.compile(r"[0-9]{1,7}")
_DIGITS, _DECIMALS = 7, 3

Typed = Mapping[str, str]


def text_of(typed: Typed, name: str) -> str:
    """What was typed, as the database can keep it: without NUL, which PostgreSQL refuses."""
    return str(typed.get(name, "")).replace("\0", "").strip()


def count_of(typed: Typed, name: str) -> int:
    """A count; what is none becomes -1, which the rules refuse with its place."""
    found = text_of(typed, name)
    return int(found) if _COUNT.fullmatch(found) else -1


def revision_of(typed: Typed) -> int | None:
    """The revision that the page showed."""
    found = count_of(typed, "revision")
    return found if found > 0 else None


def typed_answers(typed: Typed, lines: Iterable[PurchaseOrderLine], zone: str) -> dict[int, LineAnswer]:
    """The answer line by line; raises InvalidInput with the places of what cannot be read."""
    problems: list[dict[str, str]] = []
    ready_at = local_moment(typed, "ready_at", zone, problems)
    answers = {}
    for line in lines:
        weight = _milli(typed, f"weight-{line.pk}", f"lines.{line.pk}.weight", problems)
        product, units = count_of(typed, f"instead-{line.pk}"), count_of(typed, f"instead_units-{line.pk}")
        confirmed = count_of(typed, f"confirmed-{line.pk}")
        answers[line.pk] = LineAnswer(
            confirmed,
            text_of(typed, f"reason-{line.pk}"),
            actual_milli=weight,
            ready_at=ready_at if confirmed > 0 else None,
            instead=(Instead(product, units),) if product > 0 and units != 0 else (),
        )
    if problems:
        raise InvalidInput(problems=problems)
    return answers


def _milli(typed: Typed, name: str, place: str, problems: list[dict[str, str]]) -> int | None:
    """A weight in thousandths; a comma may be its decimal point. None where nothing was typed."""
    found = text_of(typed, name)
    if not found:
        return None
    try:
        whole, _point, rest = plain_amount(found).partition(".")
    except ValueError:
        whole, rest = "", ""
    if not whole or len(rest.rstrip("0")) > _DECIMALS or len(whole) > _DIGITS:
        problems.append({"place": place, "problem": _("Write a weight like 3.210.")})
        return None
    return int(whole) * MILLI + int(rest[:_DECIMALS].ljust(_DECIMALS, "0"))


def local_moment(typed: Typed, name: str, zone: str, problems: list[dict[str, str]]) -> datetime | None:
    """A moment on the hub's wall, as a browser sends it; None where nothing was typed."""
    found = text_of(typed, name)
    if not found:
        return None
    try:
        moment = parse_datetime(found)
    except ValueError:
        moment = None
    if moment is None:
        problems.append({"place": name, "problem": _("Write a day and a time.")})
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def typed_consent(typed: Typed, now: datetime) -> Consent:
    """Who of the merchant agreed and how; it is of now. Raises InvalidInput for a way that there is not."""
    try:
        how = ConsentWay(text_of(typed, "how"))
    except ValueError:
        raise InvalidInput(problems=[{"place": "how", "problem": _("Choose how they agreed.")}]) from None
    return Consent(text_of(typed, "who"), how, now, text_of(typed, "note"))
