"""Distances as people read them."""

from django.utils import formats
from django.utils.translation import gettext as _


def distance_words(metres: float) -> str:
    """ "400 m" by hundreds below a kilometre, "1.2 km" below ten, "23 km" above; as the crow flies."""
    if metres < 950:
        return _("%(metres)s m") % {"metres": max(100, round(metres / 100) * 100)}
    kilometres = metres / 1000
    return _("%(kilometres)s km") % {"kilometres": formats.number_format(kilometres, 1 if kilometres < 10 else 0)}
