"""What a coordinator's change of an order needs: a reason, and the merchant's consent as it was given."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.orders.changes import Consent, ForHousehold

_REASON = gettext_noop("Say why; the merchant reads it.")
_WHO = gettext_noop("Write who of the merchant agreed.")
_AHEAD = gettext_noop("The consent cannot have been given in the future.")
_UNITS = gettext_noop("Write how many units, from 1.")
_ON_LINE = gettext_noop("From 1 to %(most)d can be taken off this line.")
_FOREIGN = gettext_noop("That household reserved nothing of this.")
_TOO_MANY = gettext_noop("More units are given to households than are added.")

LONGEST_NAME = 80
LONGEST_NOTE = 200


def consent_problems(*, reason: str, consent: Consent, now: datetime) -> list[tuple[str, Broken]]:
    """What is missing for any change, by the place of the form."""
    problems = []
    if not reason.strip():
        problems.append(("reason", Broken(_REASON)))
    if not consent.who.strip():
        problems.append(("who", Broken(_WHO)))
    if consent.at > now:
        problems.append(("at", Broken(_AHEAD)))
    return problems


def added_problems(
    *, units: int, households: Sequence[ForHousehold], reserved: Mapping[int, int]
) -> list[tuple[str, Broken]]:
    """What is wrong with units that are added; `reserved` are the lines that reserved the offer."""
    problems = []
    if units < 1:
        problems.append(("units", Broken(_UNITS)))
    problems += [
        (f"households.{one.line_id}", Broken(_FOREIGN if one.units >= 1 else _UNITS))
        for one in households
        if one.line_id not in reserved or one.units < 1
    ]
    if sum(one.units for one in households) > max(units, 0):
        problems.append(("households", Broken(_TOO_MANY)))
    return problems


def taken_problems(*, units: int, most: int) -> list[tuple[str, Broken]]:
    """What is wrong with units that are taken off a line of `most`."""
    return [] if 1 <= units <= most else [("units", Broken(_ON_LINE, {"most": most}))]
