"""The form with which a household reports a problem, and how it reads what was typed."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from marketplace.actions.claims.make_claim import WantedClaim
from marketplace.models import Claim, ClaimPhoto
from marketplace.queries.outcomes import LineResult
from marketplace.rules.claims import MOST_PHOTOS, MOST_TEXT

_COUNT = re.compile(r"[0-9]{1,6}")
_KEY = re.compile(r"[0-9a-zA-Z-]{8,64}")
WHOLE = "all"


@dataclass
class ClaimForm:
    """What was typed, with what is wrong by field; an untouched one is empty. `line` is an id, or "all"."""

    request_key: str
    line: str = ""
    kind: str = ""
    units: str = ""
    text: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls, line: str = "") -> "ClaimForm":
        return cls(request_key=uuid.uuid4().hex, line=line)

    @classmethod
    def typed(cls, sent: QueryDict) -> "ClaimForm":
        key = sent.get("request_key", "")
        line, kind, units, text = (
            sent.get(name, "").replace("\0", "").strip() for name in ("line", "kind", "units", "text")
        )
        return cls(key if _KEY.fullmatch(key) else uuid.uuid4().hex, line, kind, units, text)

    def wanted(self) -> WantedClaim | None:
        """The claim that was typed; None, with the problem kept, where it cannot be read."""
        if self.line != WHOLE and not self.line.isdecimal():
            self.problems["line"] = _("Choose what it is about.")
        if self.units and not _COUNT.fullmatch(self.units):
            self.problems["units"] = _("Give a whole number, or leave it empty.")
        if self.problems.keys() - {"photos"}:
            return None
        return WantedClaim(
            kind=self.kind,
            line_id=None if self.line == WHOLE else int(self.line[:18]),
            units=int(self.units) if self.units else None,
            text=self.text,
        )

    def refuse(self, problems: list[Mapping[str, Any]]) -> None:
        """Take over what an action found wrong, field by field."""
        for told in problems:
            self.problems.setdefault(str(told["place"]), str(told["problem"]))

    def context(self, lines: tuple[LineResult, ...], photos: list[ClaimPhoto]) -> dict[str, Any]:
        """What the template shows: the choices with what was chosen, and the pictures that are kept."""
        return {
            "form": self,
            "lines": [
                {"id": line.line_id, "name": line.product_name, "got": line.got, "on": self.line == str(line.line_id)}
                for line in lines
            ],
            "whole": self.line == WHOLE,
            "kinds": [{"code": code, "name": name, "on": self.kind == code} for code, name in Claim.Kind.choices],
            "photos": photos,
            "more_photos": len(photos) < MOST_PHOTOS,
            "most_text": MOST_TEXT,
        }
