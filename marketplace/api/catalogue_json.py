"""A merchant's catalogue and its price lists as JSON: the same columns as in files, amounts as decimal texts."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.api.fields import CodeField
from marketplace.api.values import instant, instant_or_none
from marketplace.models import CatalogueImport
from marketplace.queries.terms_words import warning_words
from marketplace.rules.catalogue.columns import BY_NAME, LADDER, Kind
from marketplace.rules.catalogue.difference_json import broken_from
from marketplace.rules.catalogue.terms import TermsWarning
from marketplace.rules.clearing.ladder import LadderProblem
from marketplace.rules.money import format_minor
from marketplace.words import broken_words

Json = dict[str, Any]


@extend_schema_field(OpenApiTypes.OBJECT)
class ValuesField(serializers.DictField):
    """Columns with their values, as in `Product` of a price list."""


class StepSerializer(serializers.Serializer[Any]):
    """From so many units of the whole window: what the hub pays net, and what households pay."""

    from_quantity = serializers.IntegerField()
    cost = serializers.CharField()
    price = serializers.CharField()


class CatalogueProductSerializer(serializers.Serializer[Any]):
    """A product with its usual terms in `currency`. `terms` is null where it has no price yet."""

    id = serializers.IntegerField()
    sku = serializers.CharField()
    currency = serializers.CharField()
    on_offer = serializers.BooleanField(help_text="While it is, what was promised of it stays.")
    product = ValuesField()
    terms = ValuesField(allow_null=True)


class NewRowSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    sku = serializers.CharField()
    after = ValuesField()


class ChangedRowSerializer(NewRowSerializer):
    name = serializers.CharField()
    before = ValuesField()


class GoneRowSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()


class RefusedRowSerializer(serializers.Serializer[Any]):
    """`row` counts the products of the list from 1, or the rows of a file; `column` is empty for the whole row."""

    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    given = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class LadderWarningSerializer(serializers.Serializer[Any]):
    """A step (from 1) that does not do what its author expects; it is taken all the same."""

    row = serializers.IntegerField()
    sku = serializers.CharField()
    step = serializers.IntegerField()
    code = CodeField("LadderProblem", LadderProblem)
    text = serializers.CharField()


class PriceListSerializer(serializers.Serializer[Any]):
    """What a list would change. Taking it names `fingerprint`: exactly this is taken, or nothing."""

    id = serializers.IntegerField()
    state = CodeField("PriceListState", CatalogueImport.State.values)
    currency = serializers.CharField()
    fingerprint = serializers.CharField()
    made_at = serializers.DateTimeField()
    taken_at = serializers.DateTimeField(allow_null=True)
    unchanged = serializers.IntegerField()
    new = NewRowSerializer(many=True)
    changed = ChangedRowSerializer(many=True)
    gone = GoneRowSerializer(many=True)
    refused = RefusedRowSerializer(many=True)
    warnings = LadderWarningSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class TakenListSerializer(serializers.Serializer[Any]):
    """How many products are new, changed and gone, and how many offers of drafts took the new terms."""

    id = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    gone = serializers.IntegerField()
    offers = serializers.IntegerField()


def price_list_json(of: CatalogueImport) -> Json:
    """A price list; one that was taken or dropped says no rows any more."""
    told, currency = of.difference, of.options.get("currency", "")
    rows = told if of.state == CatalogueImport.State.SHOWN and "new" in told else _NOTHING
    return {
        "id": of.pk,
        "state": of.state,
        "currency": currency,
        "fingerprint": of.fingerprint,
        "made_at": instant(of.made_at),
        "taken_at": instant_or_none(of.applied_at),
        "unchanged": rows["unchanged"],
        "new": [{**_row(row), "after": values_json(row["values"], currency)} for row in rows["new"]],
        "changed": [
            {
                **_row(row),
                "name": row["name"],
                "before": values_json(row["before"], currency),
                "after": values_json(row["after"], currency),
            }
            for row in rows["changed"]
        ],
        "gone": rows["gone"],
        "refused": [
            {**{name: row[name] for name in ("row", "column", "given")}, "reason": broken_words(broken_from(row))}
            for row in rows["refused"]
        ],
        "warnings": [_warning_json(row, currency) for row in rows["warned"]],
        "notes": [broken_words(broken_from(note)) for note in rows["notes"]],
    }


_NOTHING: Json = {"unchanged": 0, "new": [], "changed": [], "gone": [], "refused": [], "warned": [], "notes": []}


def _row(row: Mapping[str, Any]) -> Json:
    return {"row": row["row"], "sku": row["sku"]}


def _warning_json(row: Mapping[str, Any], currency: str) -> Json:
    warning = TermsWarning(row["step"], row["problem"], row["quantity"], row["earns"], row["earned_before"])
    text = warning_words(warning, currency)
    return {**_row(row), "step": warning.step, "code": warning.problem, "text": text}


def product_json(sku: str, pk: int, values: Mapping[str, Any], currency: str, *, on_offer: bool) -> Json:
    """A product of the catalogue."""
    of_terms = {name: value for name, value in values.items() if name == LADDER or BY_NAME[name].of_template}
    return {
        "id": pk,
        "sku": sku,
        "currency": currency,
        "on_offer": on_offer,
        "product": values_json({name: value for name, value in values.items() if name not in of_terms}, currency),
        "terms": None if of_terms[LADDER] is None else values_json(of_terms, currency),
    }


def values_json(values: Mapping[str, Any], currency: str) -> Json:
    """Columns with their values; amounts as decimal texts, the ladder as its steps."""
    return {name: _value(name, value, currency) for name, value in values.items()}


def _value(name: str, value: Any, currency: str) -> Any:
    if value is None or (name not in BY_NAME and name != LADDER):
        return value
    if name == LADDER:
        return [
            {"from_quantity": q, "cost": format_minor(c, currency), "price": format_minor(p, currency)}
            for q, c, p in value
        ]
    return format_minor(value, currency) if BY_NAME[name].kind is Kind.MONEY else value
