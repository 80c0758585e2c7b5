"""Hubs, their staff, their pickup points and the groups that order together."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.people import Household, User
from marketplace.rules.roles import HUB_ROLES


class JoinPolicy(models.TextChoices):
    """How a household comes to order at a hub."""

    OPEN = "open", _("everybody")
    APPROVAL = "approval", _("whom the hub approves")
    INVITATION = "invitation", _("whom a member invites")


class NoShowRule(models.TextChoices):
    """What happens to goods that their household did not collect."""

    KEEP = "keep", _("kept until the next opening")
    RESCUE = "rescue", _("offered to others the same evening")
    DONATE = "donate", _("given away")


class Hub(models.Model):
    """Where goods are received, sorted and sent out; a legal person with time zone, currency and address."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3)
    address = models.TextField(_("address"))
    email = models.EmailField(_("e-mail"))
    gln = models.CharField(_("GLN"), max_length=13, blank=True)
    names_shown_to_merchants = models.BooleanField(_("merchants see names of households"), default=False)
    join_policy = models.CharField(_("who may join"), max_length=10, choices=JoinPolicy, default=JoinPolicy.OPEN)
    trial_orders = models.PositiveSmallIntegerField(_("trial orders before joining"), default=0)
    membership_fee_minor = models.PositiveBigIntegerField(_("membership fee, minor units"), default=0)
    first_credit_limit_minor = models.PositiveBigIntegerField(_("first credit limit, minor units"), default=0)
    claim_days = models.PositiveSmallIntegerField(_("days to report a problem"), default=5)
    no_show_rule = models.CharField(
        _("goods that nobody collects"), max_length=10, choices=NoShowRule, default=NoShowRule.KEEP
    )

    class Meta:
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(join_policy__in=["open", "approval", "invitation"]), name="hub_join_policy_known"
            ),
            models.CheckConstraint(
                condition=models.Q(no_show_rule__in=["keep", "rescue", "donate"]), name="hub_no_show_rule_known"
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="hub_currency_iso"),
        ]

    def __str__(self) -> str:
        return self.name


class HubRole(models.Model):
    """A person's role at one hub."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="roles")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hub_roles")
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, r.value) for r in sorted(HUB_ROLES)])

    class Meta:
        verbose_name = _("hub role")
        verbose_name_plural = _("hub roles")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "hub", "role"], name="hub_role_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(r.value for r in HUB_ROLES)), name="hub_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"


class PickupPoint(models.Model):
    """Place and host where totes are handed over."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="pickup_points")
    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"))
    instructions = models.TextField(_("how to find it"), blank=True)
    # WGS 84 degrees, both or neither.
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    # Usual opening span and room, which new handovers start from.
    opens_time = models.TimeField(_("usually opens"), null=True, blank=True)
    closes_time = models.TimeField(_("usually closes"), null=True, blank=True)
    usual_capacity = models.PositiveIntegerField(_("usual room, in reservations"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("pickup point")
        verbose_name_plural = _("pickup points")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "name"], name="pickup_point_named_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="pickup_point_place_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PickupPointHost(models.Model):
    """The host of a pickup point, or a deputy."""

    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, related_name="hosts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hosted_points")
    is_deputy = models.BooleanField(_("deputy"), default=False)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "pickup_point"], name="pickup_point_host_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.pickup_point}"


class Group(models.Model):
    """Households that order together: one handover place, one host, an invitation link."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=120)
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hosted_groups", verbose_name=_("host"))
    pickup_point = models.ForeignKey(
        PickupPoint, on_delete=models.PROTECT, related_name="groups", null=True, blank=True
    )
    invitation = models.CharField(_("invitation"), max_length=32, unique=True)
    welcome = models.TextField(_("welcome"), blank=True)
    # What a volunteer reads who steps back less than a day before a shift; empty: the usual words.
    late_words = models.CharField(_("when somebody steps back late"), max_length=200, blank=True)
    members = models.ManyToManyField(Household, through="GroupMember", related_name="groups")

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "name"], name="group_named_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A household in a group."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="group_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        constraints: ClassVar = [models.UniqueConstraint(fields=["household", "group"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.household} · {self.group}"
