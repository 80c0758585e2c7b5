"""Wishes: what households would take if a round offered it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.models.hubs import Hub
from marketplace.models.offers import Offer
from marketplace.models.people import Household


class WishTopic(models.Model):
    """What wishes of a hub are counted by. A coordinator may say that two are the same: then one leads to the other."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="wish_topics")
    key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="others")

    class Meta:
        verbose_name = _("topic of wishes")
        verbose_name_plural = _("topics of wishes")
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "key"], name="wish_topic_once")]

    def __str__(self) -> str:
        return self.name


class Wish(models.Model):
    """One household's wish. `offered`: the offer by which a round answered it; the household may say "not this"."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        OFFERED = "offered", _("offered")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a wish", "taken back")

    topic = models.ForeignKey(WishTopic, on_delete=models.PROTECT, related_name="wishes")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="wishes")
    text = models.CharField(_("what"), max_length=60)
    a_week = models.PositiveSmallIntegerField(_("how many a week, about"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    offered = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="answered_wishes")
    # Products that the household said are not what it means.
    not_these = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "topic"], condition=~models.Q(state="withdrawn"), name="wish_once_per_topic"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "offered", "withdrawn"]), name="wish_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["topic"], condition=models.Q(state="open"), name="wish_open")]

    def __str__(self) -> str:
        return self.text
