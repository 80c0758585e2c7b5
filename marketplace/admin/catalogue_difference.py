"""The difference of a price list on its page: what is new, changed, gone and refused, a hundred rows at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from marketplace.admin.catalogue_words import differences, label_of, shown
from marketplace.models import CatalogueImport
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.columns import BY_NAME, LADDER
from marketplace.rules.catalogue.difference_json import broken_from
from marketplace.rules.catalogue.terms import TermsWarning
from marketplace.words import broken_words

_PER_PAGE = 100
_KINDS = ("refused", "changed", "new", "gone", "warned")
# What of a new product is said in its row; its own page has the rest.
_OF_NEW = ("category", "pack", "storage", "shelf_life_days", "case", "stock", LADDER)


def difference_context(request: HttpRequest, of: CatalogueImport) -> dict[str, Any]:
    """The page's values. One kind of row at a time: the one that is asked for, else the first that there is."""
    told, currency = of.difference, of.options.get("currency", "")
    taken = of.state != CatalogueImport.State.SHOWN
    counts = told.get("counts", {}) if taken else {kind: len(told[kind]) for kind in _KINDS}
    wanted = (request.GET.get("show", ""), *_KINDS)
    kind = next((each for each in wanted if each in _KINDS and counts.get(each)), "changed")
    rows: Page[Any] | None = None
    if not taken:
        rows = Paginator(_rows(kind, told, currency), _PER_PAGE).get_page(request.GET.get("page"))
    return {
        "shown": of,
        "taken": taken,
        "kind": kind,
        "kinds": [(each, _names()[each], counts.get(each, 0)) for each in _KINDS if counts.get(each)],
        "page": rows,
        "counts": counts,
        "unchanged": counts.get("unchanged", 0) if taken else told["unchanged"],
        "notes": [] if taken else [broken_words(broken_from(note)) for note in told["notes"]],
        "may_take": not taken and _may_take(of, counts),
        "stopped": not taken and bool(counts["refused"]) and not of.options.get("leave_out"),
        "offers": told.get("offers", 0) if taken else 0,
    }


def _may_take(of: CatalogueImport, counts: Mapping[str, int]) -> bool:
    changes = counts["new"] or counts["changed"] or counts["gone"]
    return bool(changes) and (not counts["refused"] or bool(of.options.get("leave_out")))


def _names() -> dict[str, str]:
    return {
        "refused": _("Refused"),
        "changed": _("Changed"),
        "new": _("New"),
        "gone": _("No longer sold"),
        "warned": _("To look at"),
    }


def _rows(kind: str, told: Mapping[str, Any], currency: str) -> Sequence[dict[str, Any]]:
    if kind == "refused":
        theirs = told["theirs"]
        return [
            {
                **row,
                "column": theirs.get(row["column"], "") or (label_of(row["column"]) if row["column"] else ""),
                "reason": broken_words(broken_from(row)),
            }
            for row in told["refused"]
        ]
    if kind == "changed":
        return [{**row, "differences": differences(row["before"], row["after"], currency)} for row in told["changed"]]
    if kind == "new":
        return [{**row, "facts": _facts(row["values"], currency)} for row in told["new"]]
    if kind == "warned":
        return [{**row, "words": warning_words(_warning(row), currency)} for row in told["warned"]]
    return list(told["gone"])


def _facts(values: Mapping[str, Any], currency: str) -> list[dict[str, str]]:
    return [
        {"label": label_of(name), "value": shown(name, values[name], currency)}
        for name in _OF_NEW
        if name in values and (name in BY_NAME or name == LADDER) and values[name] not in (None, "")
    ]


def _warning(row: Mapping[str, Any]) -> TermsWarning:
    return TermsWarning(row["step"], row["problem"], row["quantity"], row["earns"], row["earned_before"])
