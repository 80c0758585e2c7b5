"""Ratings on the merchant desk: stars and words, never who gave them."""

from django.contrib.admin import display, register
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from marketplace.admin.scoping import ScopedAdmin
from marketplace.admin.sites import merchant_desk
from marketplace.models import Rating, User
from marketplace.queries.ratings import ratings_for_merchant
from marketplace.rules.claims import MOST_STARS


@register(Rating, site=merchant_desk)
class RatingAdmin(ScopedAdmin):
    list_display = ("stars_shown", "words", "round_name", "merchant", "day")
    list_filter = ("stars",)
    ordering = ("-rated_at",)
    fields = ("stars_shown", "words", "round_name", "merchant", "day")
    readonly_fields = fields

    def own_rows(self, user: User) -> QuerySet[Rating]:
        return ratings_for_merchant(user)

    @display(description=_("stars"), ordering="stars")
    def stars_shown(self, rating: Rating) -> str:
        return "★" * rating.stars + "☆" * (MOST_STARS - rating.stars)

    @display(description=_("round"))
    def round_name(self, rating: Rating) -> str:
        return f"{rating.reservation.round} · {rating.reservation.round.hub}"

    # The day alone: a minute would tell the household to whom hands it over.
    @display(description=_("rated"), ordering="rated_at")
    def day(self, rating: Rating) -> str:
        return date_format(rating.rated_at, "DAY_WITH_YEAR")
