"""Reservations: what a household binds itself to in one round, its lines and every version of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.hubs import Group
from marketplace.models.offers import Offer
from marketplace.models.people import Household
from marketplace.models.rounds import Handover, Round
from marketplace.models.windows import OrderingWindow
from marketplace.rules.states import VersionState


class Reservation(models.Model):
    """One household's binding intent in one round. Its placed lines are its ReservationLines.

    Cancelling removes the lines (their last version keeps them) and leaves the row, so that reserving again
    continues the same history.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reservations")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="reservations")
    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="reservations")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="reservations")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(s.value, s.value) for s in (VersionState.PLACED, VersionState.CANCELLED)],
        default=VersionState.PLACED.value,
    )
    # The number of the newest placed version; a write that expected another one is told so.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household", "round"], name="reservation_once_per_round"),
            models.CheckConstraint(
                condition=models.Q(state__in=["placed", "cancelled"]), name="reservation_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} · {self.round}"


class Via(models.TextChoices):
    """How a request to reserve came in."""

    SELF = "self", _("by the household itself")
    PHONE = "phone", _("by phone, entered by the hub")
    PAPER = "paper", _("on paper, entered by the hub")
    STANDING = "standing", _("by a standing reservation")
    COLLECTED = "collected", _("moved from an earlier round")
    CUT = "cut", _("by the shortage rule, when a cap was lowered")


class ReservationVersion(models.Model):
    """One accepted request, kept for ever: who asked what, when, under which key, and what was answered.

    It is the audit, the idempotency record and the mark "these offers changed" in one row.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in VersionState])
    held_until = models.DateTimeField(null=True, blank=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    lines = models.JSONField(default=list)
    answer = models.JSONField(default=dict)
    changed_offers = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    via = models.CharField(_("came by"), max_length=10, choices=Via, default=Via.SELF, db_default=Via.SELF.value)
    placed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("reservation version")
        verbose_name_plural = _("reservation versions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "number"], name="reservation_version_once"),
            models.UniqueConstraint(fields=["household", "request_key"], name="reservation_request_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reservation} #{self.number}"


class ReservationLine(models.Model):
    """What a household wants of one offer: "at least `firm`, up to `firm + flexible`".

    `raised` lists the parts of `firm` that came later than `placed_at`, as [{"at", "by"}]: each unit has its time.
    `offered_back` of the firm units are offered to the others since `offered_back_at` (docs/domain.md, "Time"): they
    count like the rest until another household takes them over.
    """

    class FlexibleFor(models.TextChoices):
        CASE = "case", _("to complete a case")
        PRICE = "price", _("also for a lower price")
        ORDER = "order", _("whatever helps the order")

    # Indexes of these three: the unique pair and the window index below serve every read.
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="lines", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines", db_index=False)
    # The offer's window again, so that a closing reads one window's lines without a join.
    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, related_name="lines", db_index=False)
    firm = models.PositiveIntegerField(_("at least"))
    flexible = models.PositiveIntegerField(_("extra"), default=0)
    flexible_for = models.CharField(_("extra may be used"), max_length=5, choices=FlexibleFor, default=FlexibleFor.CASE)
    max_unit_price_minor = models.PositiveBigIntegerField(_("price limit, minor units"), null=True, blank=True)
    whole_only = models.BooleanField(_("all or nothing"), default=False)
    placed_at = models.DateTimeField()
    raised = models.JSONField(default=list)
    offered_back = models.PositiveIntegerField(_("offered to others"), default=0, db_default=0)
    offered_back_at = models.DateTimeField(null=True, blank=True)
    # The offer's version that the household saw and agreed to; below the offer's agreement_version it does not count.
    agreed_version = models.PositiveIntegerField(default=1, db_default=1)
    # Products that may be supplied instead, best first, never above the line's price limit.
    substitutes = models.JSONField(_("allowed substitutes"), default=list, blank=True)
    # What is not reached moves to the next round's offer of the product, at no higher price, until this day.
    collect_until = models.DateField(_("collect until"), null=True, blank=True)

    class Meta:
        verbose_name = _("reservation line")
        verbose_name_plural = _("reservation lines")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "offer"], name="reservation_line_once"),
            models.CheckConstraint(condition=models.Q(firm__gte=1), name="reservation_line_firm_positive"),
            models.CheckConstraint(
                condition=models.Q(flexible_for__in=["case", "price", "order"]), name="reservation_line_use_known"
            ),
            models.CheckConstraint(
                condition=models.Q(offered_back__gte=0, offered_back__lte=models.F("firm")),
                name="reservation_line_offers_own_units",
            ),
            models.CheckConstraint(
                condition=models.Q(offered_back=0, offered_back_at__isnull=True)
                | models.Q(offered_back__gt=0, offered_back_at__isnull=False),
                name="reservation_line_offer_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["window", "offer"], name="reservation_line_by_window"),
        ]

    def __str__(self) -> str:
        return f"{self.firm}–{self.firm + self.flexible} × {self.offer_id}"
