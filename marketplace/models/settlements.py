"""What reservations finally cost: each settling of one, with what every household pays for every line."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import DepositType, Product
from marketplace.models.ledger import LedgerTransaction
from marketplace.models.people import Household
from marketplace.models.reservations import Reservation, ReservationLine
from marketplace.rules.ledger.settling import Cause
from marketplace.rules.ledger.splitting import SellsAs


class Settlement(models.Model):
    """One settling of a reservation; a later one takes its place where something was put right, and the newest counts.

    `booking` holds the entries that lead here from the one before; none where nothing moved. Sums are those of all
    households that pay for it, in minor units; `tax_minor` is contained in the others. A settling whose handover was
    taken back has no lines and costs nothing.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="settlements", db_index=False)
    number = models.PositiveIntegerField()
    cause = models.CharField(_("why"), max_length=12, choices=[(c.value, c.value) for c in Cause])
    booking = models.OneToOneField(
        LedgerTransaction, on_delete=models.PROTECT, null=True, blank=True, related_name="settlement"
    )
    # The handover, or what put it right.
    at = models.DateTimeField(_("at"))
    made_at = models.DateTimeField(_("settled"))
    goods_minor = models.PositiveBigIntegerField(_("goods, minor units"))
    deposit_minor = models.PositiveBigIntegerField(_("deposits, minor units"))
    fees_minor = models.PositiveBigIntegerField(_("fees, minor units"))
    tax_minor = models.PositiveBigIntegerField(_("of this tax, minor units"))
    total_minor = models.PositiveBigIntegerField(_("total, minor units"))
    # The terms that it was settled on: putting it right later changes none of them.
    service_tax_rate = models.PositiveIntegerField(_("tax on own services in 1/100 %"), default=0)
    host_rate = models.PositiveIntegerField(_("commission of the host in 1/100 %"), default=0)
    # Whether the reservation is settled by it: false once its handover was taken back.
    stands = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "number"], name="settlement_once"),
            models.CheckConstraint(
                condition=models.Q(cause__in=sorted(c.value for c in Cause)), name="settlement_cause_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("goods_minor") + models.F("deposit_minor") + models.F("fees_minor")
                ),
                name="settlement_total_is_its_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} #{self.number}"


class SettlementLine(models.Model):
    """What one household pays for one line, for what came instead of it, or for a fee (no line; `code` says which).

    Amounts in minor units as the household pays them, tax contained; `units` are the whole line's, `weight_milli` what
    they weighed where that decides.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="settlement_lines")
    line = models.ForeignKey(
        ReservationLine, on_delete=models.PROTECT, null=True, blank=True, related_name="settlement_lines"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    units = models.PositiveIntegerField(default=0)
    unit_price_minor = models.PositiveBigIntegerField(default=0)
    weight_milli = models.PositiveBigIntegerField(null=True, blank=True)
    # The household's parts of all parts; one of one where it pays alone.
    parts = models.PositiveSmallIntegerField(default=1)
    of_parts = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.PositiveBigIntegerField(_("amount, minor units"))
    tax_minor = models.PositiveBigIntegerField(_("of this tax, minor units"))
    tax_rate = models.PositiveIntegerField(_("tax rate in 1/100 %"))
    deposit_type = models.ForeignKey(DepositType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deposit_each_minor = models.PositiveIntegerField(_("deposit of one unit, minor units"), default=0)
    deposit_minor = models.PositiveBigIntegerField(_("deposit, minor units"), default=0)
    sells_as = models.CharField(
        _("role in the sale"),
        max_length=10,
        choices=[(s.value, s.value) for s in SellsAs],
        default=SellsAs.RESELLER.value,
    )

    class Meta:
        verbose_name = _("line of a settlement")
        verbose_name_plural = _("lines of settlements")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(tax_minor__lte=models.F("amount_minor")), name="settlement_line_tax_within_amount"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount_minor}"
