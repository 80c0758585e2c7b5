"""Threads: questions about a reservation, one of its lines or a line of a purchase order, and who has read them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.hubs import Hub
from marketplace.models.merchants import Merchant
from marketplace.models.offers import Offer
from marketplace.models.people import Household
from marketplace.models.purchase_orders import PurchaseOrderLine
from marketplace.models.reservations import Reservation
from marketplace.rules.threads import Side, ThreadState

_SIDES = [(side.value, side.value) for side in Side]


class Thread(models.Model):
    """What was said about one thing: a reservation, its line of one offer, or a line of a purchase order.

    A line is named by its offer: cancelling a reservation removes the line, what was said of it stays. `merchant` is
    whose goods it is about; it reads what was written from `merchant_since` on. Hosts are those of the reservation's
    handover, as it is now.
    """

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="threads")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    merchant_since = models.DateTimeField(_("merchant reads from"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=[(s.value, s.value) for s in ThreadState],
        default=ThreadState.OPEN.value,
    )
    # Whose answer is missing, and since when; empty when nobody's is.
    waiting_for = models.CharField(_("waits for"), max_length=10, choices=_SIDES, blank=True)
    waiting_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    last_at = models.DateTimeField(_("last message"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reservation"],
                condition=models.Q(offer__isnull=True),
                name="thread_once_per_reservation",
            ),
            models.UniqueConstraint(fields=["reservation", "offer"], name="thread_once_per_line"),
            models.UniqueConstraint(fields=["order_line"], name="thread_once_per_order_line"),
            models.CheckConstraint(
                condition=models.Q(reservation__isnull=False, household__isnull=False, order_line__isnull=True)
                | models.Q(
                    reservation__isnull=True,
                    household__isnull=True,
                    offer__isnull=True,
                    order_line__isnull=False,
                    merchant__isnull=False,
                ),
                name="thread_about_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in ThreadState]), name="thread_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(waiting_for="", waiting_since__isnull=True)
                | models.Q(waiting_for__in=[s.value for s in Side], waiting_since__isnull=False),
                name="thread_waiting_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["hub", "waiting_since"], condition=~models.Q(waiting_for=""), name="thread_unanswered"
            ),
            models.Index(fields=["household", "-last_at"], name="thread_by_household"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Message(models.Model):
    """One message; plain text. `request_key` makes a double tap one message. Forgotten with its writer's account:
    then the text is empty and the row stays, so that answers keep their place.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages_written")
    side = models.CharField(_("side"), max_length=10, choices=_SIDES)
    text = models.TextField(_("text"), blank=True)
    at = models.DateTimeField(_("at"))
    request_key = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "request_key"], name="message_once"),
            models.CheckConstraint(condition=models.Q(side__in=[s.value for s in Side]), name="message_side_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["thread", "id"], name="message_in_thread")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.side}"


class ThreadRead(models.Model):
    """The newest message of a thread that a person has seen: one notice tells of all that came after it."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="reads", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="threads_read")
    message_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("thread read")
        verbose_name_plural = _("threads read")
        constraints: ClassVar = [models.UniqueConstraint(fields=["thread", "user"], name="thread_read_once")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.user_id}"
