"""A difference as plain JSON: what an import keeps, what its page and the API show."""

from collections.abc import Mapping
from typing import Any

from marketplace.rules.broken import Broken
from marketplace.rules.catalogue.difference import Difference

Json = dict[str, Any]


def difference_json(found: Difference) -> Json:
    """Reasons as {"text", "facts"}, so that they are told in the reader's language."""
    return {
        "new": [{"row": each.row, "sku": each.sku, "values": each.values} for each in found.new],
        "changed": [
            {"row": each.row, "sku": each.sku, "name": each.name, "before": each.before, "after": each.after}
            for each in found.changed
        ],
        "unchanged": found.unchanged,
        "gone": [{"sku": each.sku, "name": each.name} for each in found.gone],
        "refused": [
            {"row": each.row, "column": each.column, "given": each.given, **_told(each.reason)}
            for each in found.refused
        ],
        "warned": [{"row": each.row, "sku": each.sku, **each.warning._asdict()} for each in found.warned],
        "notes": [_told(note) for note in found.notes],
        "theirs": dict(found.theirs),
    }


def counts_of(told: Mapping[str, Any]) -> Json:
    """How many of each, which is what is kept of a list that was taken."""
    return {name: len(told[name]) for name in ("new", "changed", "gone", "refused")} | {"unchanged": told["unchanged"]}


def broken_from(told: Mapping[str, Any]) -> Broken:
    """A reason that was kept."""
    return Broken(told["text"], told["facts"])


def _told(broken: Broken) -> Json:
    return {"text": broken.text, "facts": dict(broken.facts)}
