"""Keep how a merchant's own kind of price list is read, so that next week it is one choice."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.errors import InvalidInput
from marketplace.models import ImportMapping, User
from marketplace.queries.catalogue import merchant_to_edit
from marketplace.rules.catalogue.columns import BY_NAME, KEY
from marketplace.rules.catalogue.options import FORMATS, TABLE, ListOptions
from marketplace.rules.catalogue.reading import MAPPABLE

_LONGEST = 60
_MOST_PER_MERCHANT = 50


@transaction.atomic
def save_mapping(*, merchant_id: int, name: str, options: ListOptions, by: User) -> ImportMapping:
    """The kind of list under its name, in place of one that had it. What belongs to one file (currency, whole,
    leave_out) is not kept.

    Raises NotFound for a foreign merchant, InvalidInput naming each problem.
    """
    merchant = merchant_to_edit(by, merchant_id)
    called = name.strip()
    problems = []
    if not 1 <= len(called) <= _LONGEST:
        problems.append({"place": "name", "problem": _("A name of at most %(most)s characters.") % {"most": _LONGEST}})
    if options.format not in FORMATS:
        problems.append({"place": "format", "problem": _("Choose one of the formats.")})
    if not set(options.columns) <= set(MAPPABLE) or not (set(options.values) | set(options.defaults)) <= set(BY_NAME):
        problems.append({"place": "columns", "problem": _("There is no such column.")})
    if options.format == TABLE and options.columns and KEY not in options.columns:
        problems.append({"place": KEY, "problem": _("Say which column holds the article number.")})
    others = ImportMapping.objects.filter(merchant=merchant).exclude(name=called)
    if others.count() >= _MOST_PER_MERCHANT:
        problems.append({"place": "name", "problem": _("There are many kinds already; use the name of one of them.")})
    if problems:
        raise InvalidInput(problems=problems)
    kept = {
        "format": options.format,
        "columns": dict(options.columns),
        "values": {column: dict(table) for column, table in options.values.items()},
        "defaults": dict(options.defaults),
        "markup_basis_points": options.markup_basis_points,
    }
    return ImportMapping.objects.update_or_create(merchant=merchant, name=called, defaults=kept)[0]
