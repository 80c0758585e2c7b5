"""Standing reservations: what a household wants in every round of a hub, and what came of it in each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.hubs import Hub
from marketplace.models.people import Household
from marketplace.models.reservations import ReservationLine
from marketplace.models.rounds import Round
from marketplace.models.windows import OrderingWindow


class StandingReservation(models.Model):
    """A wish for a product in every round of a hub, until it is stopped; a pause holds it without forgetting it."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="standing_reservations")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="standing_reservations")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="standing_reservations")
    firm = models.PositiveIntegerField(_("at least"))
    flexible = models.PositiveIntegerField(_("extra"), default=0)
    flexible_for = models.CharField(
        _("extra may be used"),
        max_length=5,
        choices=ReservationLine.FlexibleFor,
        default=ReservationLine.FlexibleFor.CASE,
    )
    max_unit_price_minor = models.PositiveBigIntegerField(_("price limit, minor units"), null=True, blank=True)
    whole_only = models.BooleanField(_("all or nothing"), default=False)
    # The first step's price when the household last said yes; a higher one is told.
    known_unit_price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    # The last handover date that the pause covers; None: until it is taken up again.
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)

    class Meta:
        verbose_name = _("standing reservation")
        verbose_name_plural = _("standing reservations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "hub", "product"],
                condition=models.Q(stopped_at__isnull=True),
                name="standing_reservation_once",
            ),
            models.CheckConstraint(condition=models.Q(firm__gte=1), name="standing_reservation_firm_positive"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["hub", "product"], condition=models.Q(stopped_at__isnull=True), name="standing_reservation_runs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.firm} × {self.product}"


class Absence(models.Model):
    """Days on which a household is away: its standing reservations rest for rounds handed over then."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering: ClassVar = ["starts_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="absence_not_backwards")
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"


class StandingRun(models.Model):
    """What came of a standing reservation in one round: one row per round, whatever happened, so that nothing is
    skipped in silence. `reason` is the code of a refusal."""

    class State(models.TextChoices):
        WAITING = "waiting", _("will be reserved")
        PLACED = "placed", _("reserved")
        HELD_ALREADY = "held", _("was in the basket already")
        SKIPPED = "skipped", _("left out this once, as asked")
        ABSENT = "absent", _("left out, as the household is away")
        PAUSED = "paused", _("left out, as it is paused")
        NOT_OFFERED = "not_offered", _("not offered in this round")
        REFUSED = "refused", _("could not be reserved")

    standing = models.ForeignKey(StandingReservation, on_delete=models.PROTECT, related_name="runs")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="standing_runs")
    window = models.ForeignKey(
        OrderingWindow, on_delete=models.PROTECT, null=True, blank=True, related_name="standing_runs"
    )
    state = models.CharField(_("state"), max_length=12, choices=State)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    units = models.PositiveIntegerField(_("units"), default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("run of a standing reservation")
        verbose_name_plural = _("runs of standing reservations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standing", "round"], name="standing_run_once_per_round"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["window"], condition=models.Q(state="waiting"), name="standing_run_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.standing} · {self.round}: {self.state}"
