"""The books of a hub: accounts, transactions and their entries. Appended, never changed: the database refuses it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import DepositType
from marketplace.models.claims import Claim
from marketplace.models.hubs import Hub, PickupPoint
from marketplace.models.merchants import Merchant
from marketplace.models.people import Household
from marketplace.models.purchase_orders import PurchaseOrder
from marketplace.models.reservations import Reservation, ReservationLine
from marketplace.models.rounds import Round
from marketplace.models.windows import OrderingWindow
from marketplace.rules.ledger.accounts import AccountKind, AccountRef
from marketplace.rules.ledger.entries import TransactionKind


class LedgerAccount(models.Model):
    """One account of a hub, in the hub's currency. `code` is its name within the hub (rules/ledger/accounts.py)."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="ledger_accounts", db_index=False)
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=[(k.value, k.value) for k in AccountKind])
    currency = models.CharField(_("currency"), max_length=3)
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_accounts"
    )
    merchant = models.ForeignKey(
        Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_accounts"
    )
    deposit_type = models.ForeignKey(DepositType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tax_rate = models.PositiveIntegerField(_("tax rate in 1/100 %"), null=True, blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "code"], name="ledger_account_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(k.value for k in AccountKind)), name="ledger_account_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def ref(self) -> AccountRef:
        """The account as the rules name it."""
        return AccountRef(
            kind=AccountKind(self.kind),
            household_id=self.household_id,
            merchant_id=self.merchant_id,
            deposit_type_id=self.deposit_type_id,
            tax_rate=self.tax_rate,
            pickup_point_id=self.pickup_point_id,
        )


class LedgerTransaction(models.Model):
    """Entries that belong together, told once: a second posting under the same key finds this one.

    `at` is the moment that it counts for, `recorded_at` when it was written. What it is about stands in the
    references; `reason` is what a person said who booked it by hand.
    """

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="ledger_transactions", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=[(k.value, k.value) for k in TransactionKind])
    key = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("booked"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_transactions"
    )
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_transactions"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_transactions"
    )
    # A payment, a bank line, an invoice: its number in its own table, where the kind says which.
    payment_id = models.PositiveBigIntegerField(null=True, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "key"], name="ledger_transaction_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=sorted(k.value for k in TransactionKind)),
                name="ledger_transaction_kind_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["hub", "at"], name="ledger_transaction_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class LedgerEntry(models.Model):
    """An amount above zero from one account to another of the same hub: balanced by its form."""

    transaction = models.ForeignKey(LedgerTransaction, on_delete=models.PROTECT, related_name="entries", db_index=False)
    number = models.PositiveIntegerField()
    source = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries_out", db_index=False)
    destination = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="entries_in", db_index=False)
    amount_minor = models.PositiveBigIntegerField(_("amount, minor units"))
    memo = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    line = models.ForeignKey(
        ReservationLine, on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transaction", "number"], name="ledger_entry_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="ledger_entry_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("destination")), name="ledger_entry_moves_elsewhere"
            ),
        ]
        # A household's balance is the sum of its entries, read from the index alone.
        indexes: ClassVar = [
            models.Index(fields=["destination"], include=["amount_minor"], name="ledger_entry_in"),
            models.Index(fields=["source"], include=["amount_minor"], name="ledger_entry_out"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.destination_id}: {self.amount_minor}"


class LedgerLock(models.Model):
    """Nothing is booked any more for this day of the hub's calendar or an earlier one. The latest day counts."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="ledger_locks")
    through = models.DateField(_("through"))
    locked_at = models.DateTimeField(_("locked"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("locked period")
        verbose_name_plural = _("locked periods")
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "through"], name="ledger_lock_once")]

    def __str__(self) -> str:
        return f"{self.hub} ≤ {self.through}"
