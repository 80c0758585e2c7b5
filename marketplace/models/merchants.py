"""Merchants, the people who work at their desk, and what was agreed with each hub."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.hubs import Hub
from marketplace.models.people import User


class Merchant(models.Model):
    """Supplies goods to hubs."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    email = models.EmailField(_("e-mail for purchase orders"), blank=True)
    language = models.CharField(_("language of purchase orders"), max_length=12, default="en")
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")

    def __str__(self) -> str:
        return self.name


class MerchantMember(models.Model):
    """A person who works at the merchant's desk."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merchant_memberships")

    class Meta:
        verbose_name = _("merchant member")
        verbose_name_plural = _("merchant members")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "merchant"], name="merchant_member_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.merchant}"


class Supply(models.Model):
    """What a merchant and a hub agreed: minimum order value, cut-off and lead time, role in the sale, payout."""

    class SellsAs(models.TextChoices):
        RESELLER = "reseller", _("the hub resells")
        AGENT = "agent", _("the merchant sells, the hub is its agent")

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="supplies")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="supplies")
    minimum_order_value_minor = models.PositiveBigIntegerField(
        _("minimum order value, at cost, minor units"), default=0
    )
    small_order_fee_minor = models.PositiveBigIntegerField(
        _("fee for a smaller order, minor units"), null=True, blank=True
    )
    lead_hours = models.PositiveSmallIntegerField(_("hours from purchase order to dock"), default=12)
    cut_off_minutes = models.PositiveSmallIntegerField(
        _("minutes after the close by which orders must be in"), default=60
    )
    sells_as = models.CharField(_("role in the sale"), max_length=10, choices=SellsAs, default=SellsAs.RESELLER)
    payout_days = models.PositiveSmallIntegerField(_("days until payout"), default=14)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("supply")
        verbose_name_plural = _("supplies")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "hub"], name="supply_once"),
            models.CheckConstraint(
                condition=models.Q(sells_as__in=["reseller", "agent"]), name="supply_sells_as_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} → {self.hub}"


class MerchantCounter(models.Model):
    """The last purchase-order number given out; numbers of one merchant have no gaps."""

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, primary_key=True, related_name="counter")
    last_order_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.merchant} {self.last_order_number}"
