"""What happens to purchase orders, as merchants and hubs read it: on desks, in mails, by the one-tap link."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.rules.goods import UnitCode
from marketplace.rules.orders.changes import ChangeKind, ConsentWay, Via
from marketplace.words import isolated, listed, stamp_words

_KINDS: Mapping[ChangeKind, Promise] = {
    ChangeKind.ANSWERED: gettext_lazy("The merchant answered"),
    ChangeKind.ADDED: gettext_lazy("The hub added to it"),
    ChangeKind.CUT: gettext_lazy("The hub took something off"),
    ChangeKind.MOVED_IN: gettext_lazy("Something came from another order"),
    ChangeKind.MOVED_OUT: gettext_lazy("Something went to another order"),
}
_VIAS: Mapping[Via, Promise] = {
    Via.DESK: gettext_lazy("at the desk"),
    Via.LINK: gettext_lazy("by the link in the mail"),
    Via.API: gettext_lazy("by its own system"),
    Via.PHONE: gettext_lazy("told to the hub"),
    Via.SILENCE: gettext_lazy("no answer came in time"),
}
WAYS: Mapping[ConsentWay, Promise] = {
    ConsentWay.PHONE: gettext_lazy("by phone"),
    ConsentWay.MAIL: gettext_lazy("by mail"),
    ConsentWay.IN_PERSON: gettext_lazy("in person"),
    ConsentWay.MESSAGE: gettext_lazy("by message"),
}
_UNITS: Mapping[str, str] = {
    UnitCode.KILOGRAM.value: "kg",
    UnitCode.GRAM.value: "g",
    UnitCode.LITRE.value: "l",
    UnitCode.MILLILITRE.value: "ml",
}


def kind_words(kind: str) -> str:
    """What made a revision."""
    return str(_KINDS.get(ChangeKind(kind), kind))


def via_words(via: str) -> str:
    """By which way a change came."""
    return str(_VIAS.get(Via(via), via))


def way_words(how: str) -> str:
    """How somebody agreed."""
    return str(WAYS.get(ConsentWay(how), how))


def unit_words(unit: str) -> str:
    """A unit of weight or volume, as people write it; the code where there is none."""
    return _UNITS.get(unit, unit)


def difference_words(lines: Iterable[Mapping[str, Any]], zone: str) -> list[str]:
    """The difference of a revision (rules/orders/difference.py), one sentence a line; a code that nobody has words for
    is left out."""
    told = [_SENTENCES[line["field"]](line, zone) for line in lines if line.get("field") in _SENTENCES]
    return [sentence for sentence in told if sentence]


def _facts(line: Mapping[str, Any]) -> dict[str, object]:
    return {"name": isolated(str(line["name"])), "before": line["before"], "after": line["after"]}


def _ordered(line: Mapping[str, Any], _zone: str) -> str:
    if not line["before"]:
        return _("%(name)s: %(after)s added.") % _facts(line)
    if not line["after"]:
        return _("%(name)s: taken off; it was %(before)s.") % _facts(line)
    return _("%(name)s: %(after)s ordered instead of %(before)s.") % _facts(line)


def _confirmed(line: Mapping[str, Any], _zone: str) -> str:
    return _("%(name)s: %(after)s will come instead of %(before)s.") % _facts(line)


def _cost(line: Mapping[str, Any], _zone: str) -> str:
    return _("%(name)s: %(after)s each instead of %(before)s.") % _facts(line)


def _reason(line: Mapping[str, Any], _zone: str) -> str:
    if not line["after"]:
        return ""
    return _("%(name)s, why: %(reason)s") % {**_facts(line), "reason": isolated(str(line["after"]))}


def _ready(line: Mapping[str, Any], zone: str) -> str:
    if not line["after"]:
        return ""
    moment = stamp_words(datetime.fromisoformat(line["after"]), zone)
    return _("%(name)s: ready %(moment)s.") % {**_facts(line), "moment": moment}


def _weight(line: Mapping[str, Any], _zone: str) -> str:
    if not line["after"]:
        return ""
    weight, _space, unit = str(line["after"]).partition(" ")
    return _("%(name)s weighs %(weight)s.") % {**_facts(line), "weight": f"{weight} {unit_words(unit)}"}


def _substitutes(line: Mapping[str, Any], _zone: str) -> str:
    if not line["after"]:
        return _("%(name)s: nothing comes instead any more.") % _facts(line)
    names = listed(f"{one['units']} × {isolated(str(one['name']))}" for one in line["after"])
    return _("%(name)s: instead come %(names)s.") % {**_facts(line), "names": names}


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    "ordered": _ordered,
    "confirmed": _confirmed,
    "cost": _cost,
    "short_reason": _reason,
    "ready_at": _ready,
    "weight": _weight,
    "substitutes": _substitutes,
}
