"""How a purchase order changes after its issue: the kinds of change, the ways an answer comes, and recorded consent."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class ChangeKind(StrEnum):
    """What made a revision. Stored and shown as it is: a code is never renamed."""

    ANSWERED = "answered"  # the merchant said what will come
    ADDED = "added"  # the coordinator added a line, or units to one
    CUT = "cut"  # the coordinator took units off a line
    MOVED_IN = "moved_in"  # a line came from another order of the merchant
    MOVED_OUT = "moved_out"  # a line went to another order of the merchant


class Via(StrEnum):
    """The way by which a change came in."""

    DESK = "desk"
    LINK = "link"  # the one-tap link of the mail: whoever has it acts for the merchant
    API = "api"
    PHONE = "phone"  # the hub wrote down what the merchant said
    SILENCE = "silence"  # the supply's rule for an answer that did not come


class ConsentWay(StrEnum):
    """How somebody agreed."""

    PHONE = "phone"
    MAIL = "mail"
    IN_PERSON = "in_person"
    MESSAGE = "message"


class Consent(NamedTuple):
    """Who of the merchant agreed to a change, how and when; `note` is what was said, if it matters."""

    who: str
    how: ConsentWay
    at: datetime
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"who": self.who, "how": self.how.value, "at": self.at.isoformat(), "note": self.note}


class ForHousehold(NamedTuple):
    """Units of an added line that a household takes: its reservation line, how many, and how it agreed."""

    line_id: int
    units: int
    how: ConsentWay


def consent_of(kept: Mapping[str, Any]) -> Consent:
    """A consent from its JSON."""
    at = datetime.fromisoformat(kept["at"])
    return Consent(str(kept["who"]), ConsentWay(kept["how"]), at, str(kept.get("note", "")))
