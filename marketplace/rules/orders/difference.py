"""What differs between two revisions of a purchase order, line by line and field by field."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

# What a merchant and a hub compare; amounts follow from them.
_FIELDS = ("ordered", "cost", "confirmed", "short_reason", "ready_at")


def difference(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Json]:
    """The changed fields as [{"name", "sku", "field", "before", "after"}], in the order of the lines; plain JSON.

    A line that came or went differs in `ordered`, from or to 0. Until the merchant answers, all that was ordered is
    expected: `confirmed` is compared with it, so that confirming in full changes nothing but the answer itself.
    """
    old = {line["sku"]: line for line in before}
    new = {line["sku"]: line for line in after}
    found: list[Json] = []
    for sku in [*old, *(sku for sku in new if sku not in old)]:
        found += _line(old.get(sku, {}), new.get(sku, {}))
    return found


def _line(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Json]:
    named = after or before
    changes = [(field, _value(before, field), _value(after, field)) for field in (*_FIELDS, "weight", "substitutes")]
    if before.get("confirmed") is None and after.get("confirmed") is None:
        changes = [change for change in changes if change[0] != "confirmed"]
    if not before or not after:  # a whole line: how many says it all
        changes = [("ordered", before.get("ordered", 0), after.get("ordered", 0))]
    return [
        {"name": named["name"], "sku": named["sku"], "field": field, "before": old, "after": new}
        for field, old, new in changes
        if old != new
    ]


def _value(line: Mapping[str, Any], field: str) -> Any:
    if field == "confirmed":
        return line.get("ordered") if line.get("confirmed") is None else line["confirmed"]
    if field == "weight":
        weight = line.get("weight")
        return None if weight is None else f"{weight['actual']} {weight['unit']}"
    if field == "substitutes":
        return [{"name": one["name"], "units": one["units"]} for one in line.get("substitutes") or ()]
    if field == "short_reason":
        return line.get(field) or ""
    return line.get(field)
