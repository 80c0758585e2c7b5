"""People and the households they reserve and pay as."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; an address is one person, whatever its capitals."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login. What it may do follows from its roles (rules/roles.py), never from this row."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=12, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("platform staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    # Which of several households the person reserves as; none, or one left meanwhile: the one joined first.
    acts_as = models.ForeignKey(
        "marketplace.Household", on_delete=models.SET_NULL, null=True, blank=True, related_name="acted_as_by"
    )
    # Erased: the row stays for the books under a pseudonym and no longer signs in.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower")
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Household(models.Model):
    """The account that reserves and pays: one or more people, one reservation per round.

    Place and diet only preset what pages show and filter; nothing else depends on them. Coordinates are WGS 84
    degrees, both or neither; `avoids` are allergen codes, `diets` diet codes (rules/goods.py).
    """

    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), blank=True)
    delivery_notes = models.TextField(_("notes for the delivery"), blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    preferred_point = models.ForeignKey(
        "marketplace.PickupPoint", on_delete=models.PROTECT, null=True, blank=True, related_name="preferred_by"
    )
    avoids = models.JSONField(_("allergens to avoid"), default=list, blank=True)
    diets = models.JSONField(_("diets"), default=list, blank=True)
    members = models.ManyToManyField(User, through="HouseholdMember", related_name="households")
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="household_place_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name


class HouseholdMember(models.Model):
    """One person's login into one household. A person reserves as one household (the API names another by id)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="household_memberships")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "household"], name="household_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.household}"
