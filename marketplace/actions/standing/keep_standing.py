"""Keep standing: a household wants a product in every round of a hub."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import household_of, product_known_to
from marketplace.errors import InvalidInput
from marketplace.models import StandingReservation, User
from marketplace.queries.standing import price_known
from marketplace.rules.wanted import LineProblem, WantedLine, line_problems

# A household's habits, not a shop's catalogue.
MOST_STANDING = 100


@transaction.atomic
def keep_standing(
    *, hub_id: int, product_id: int, wanted: WantedLine, household_id: int | None = None, by: User
) -> StandingReservation:
    """Make the standing reservation of this product, or change the one that there is.

    Of `wanted` only the quantities, the use of the extra, the limit and all-or-nothing count. The price that the hub
    asks at most today is remembered: a higher one is told when a round opens. Raises InvalidInput (place "firm",
    "flexible", …), NotFound for a household that is not the user's or a product that the hub never offered.
    """
    household = household_of(by, household_id)
    product = product_known_to(hub_id, product_id)
    _check(wanted)
    held = StandingReservation.objects.filter(household=household, hub_id=hub_id, stopped_at__isnull=True)
    if held.exclude(product=product).count() >= MOST_STANDING:
        raise _problem("product", _("That is the most that can stand. Stop one that you no longer need."))
    asked = {
        "firm": wanted.firm,
        "flexible": wanted.flexible,
        "flexible_for": wanted.flexible_for,
        "max_unit_price_minor": wanted.max_unit_price_minor,
        "whole_only": wanted.whole_only,
        "known_unit_price_minor": price_known(hub_id, product_id),
        "by": by,
    }
    standing, _made = StandingReservation.objects.update_or_create(
        household=household,
        hub_id=hub_id,
        product=product,
        stopped_at=None,
        defaults=asked,
        create_defaults={**asked, "since": clock.now()},
    )
    return standing


def _check(wanted: WantedLine) -> None:
    if wanted.firm == 0:
        raise _problem("firm", _("Give at least one; or stop it."))
    problems = line_problems([replace(wanted, substitutes=(), collect_until=None, seen_version=None)])
    if problems:
        sentence = {
            LineProblem.TOO_MUCH_EXTRA: _("That is more extra than one line takes."),
            LineProblem.LIMIT_OUT_OF_RANGE: _("A price limit is above zero; leave it empty to have none."),
        }
        place, code = problems[0]
        raise _problem(place.rsplit(".", 1)[-1], sentence.get(code, _("Give a whole number that is not too large.")))


def _problem(place: str, sentence: str) -> InvalidInput:
    return InvalidInput(problems=[{"place": place, "problem": sentence}])
