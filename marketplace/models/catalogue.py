"""Products and what describes them."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum import ean

from marketplace.models.merchants import Merchant
from marketplace.rules.goods import ALLERGENS, DIETS, FRESH_DAYS, AllergenState, DietState, StorageClass, UnitCode


def check_gtin(value: str) -> None:
    """A GTIN is 8, 12, 13 or 14 digits whose last one is the GS1 check digit."""
    if value and not ean.is_valid(value):
        raise ValidationError(
            _("%(value)s is not a GTIN: 8, 12, 13 or 14 digits with the right check digit."), params={"value": value}
        )


def check_allergens(value: object) -> None:
    """A mapping from allergen code to state; what is not named is unknown, which differs from none."""
    states = {state.value for state in AllergenState}
    if not isinstance(value, dict) or any(k not in ALLERGENS or v not in states for k, v in value.items()):
        raise ValidationError(_("Allergens are coded, each as contains, traces, none or unknown."))


def check_diets(value: object) -> None:
    """A mapping from diet code to state; what is not named is unknown, which is not suitable."""
    states = {state.value for state in DietState}
    if not isinstance(value, dict) or any(k not in DIETS or v not in states for k, v in value.items()):
        raise ValidationError(_("Diets are coded, each as suitable, unsuitable or unknown."))


class Category(models.Model):
    """A shelf of the shop, with the drawn motif that stands in for a missing picture."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("short name"), unique=True)
    motif = models.SlugField(_("drawn motif"), default="basket")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class DepositType(models.Model):
    """A returnable package and what is paid for it until it comes back; always a line of its own."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    amount_minor = models.PositiveIntegerField(_("amount, minor units"))

    class Meta:
        verbose_name = _("deposit type")
        verbose_name_plural = _("deposit types")

    def __str__(self) -> str:
        return self.name


class TaxClass(models.Model):
    """A class of goods for value-added tax, with its rate in ten-thousandths (6 % = 600)."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    rate_basis_points = models.PositiveIntegerField(_("rate in 1/100 %"))

    class Meta:
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(rate_basis_points__lte=10_000), name="tax_rate_at_most_all")
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a merchant makes or sells. Content is how much one consumer unit holds, in its unit's whole steps."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    sku = models.CharField(_("merchant's SKU"), max_length=40)
    pack = models.CharField(_("pack, in words"), max_length=40, blank=True)
    content_amount = models.PositiveIntegerField(_("content"), default=1)
    content_unit = models.CharField(
        _("unit of the content"),
        max_length=3,
        choices=[(u.value, u.value) for u in UnitCode],
        default=UnitCode.PIECE.value,
    )
    catch_weight = models.BooleanField(_("weighed piece by piece"), default=False)
    storage_class = models.CharField(
        _("storage"),
        max_length=8,
        choices=[(s.value, s.value) for s in StorageClass],
        default=StorageClass.AMBIENT.value,
    )
    shelf_life_days = models.PositiveSmallIntegerField(_("shelf life in days"))
    allergens = models.JSONField(_("allergens"), default=dict, blank=True)
    diets = models.JSONField(_("diets"), default=dict, blank=True)
    # What search looks in: folded words of name, merchant, category, pack and description, each with a space before
    # it (actions/search/remember_product.py).
    search_text = models.TextField(default="", blank=True, editable=False)
    deposit_type = models.ForeignKey(
        DepositType, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    tax_class = models.ForeignKey(TaxClass, on_delete=models.PROTECT, related_name="products")
    is_active = models.BooleanField(_("sold"), default=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "sku"], name="product_sku_once_per_merchant"),
            models.UniqueConstraint(
                fields=["merchant", "gtin"], condition=~models.Q(gtin=""), name="product_gtin_once_per_merchant"
            ),
            models.CheckConstraint(
                condition=models.Q(gtin="") | models.Q(gtin__regex=r"^([0-9]{8}|[0-9]{12,14})$"),
                name="product_gtin_digits",
            ),
            models.CheckConstraint(condition=models.Q(content_amount__gte=1), name="product_content_positive"),
            models.CheckConstraint(condition=models.Q(shelf_life_days__gte=1), name="product_shelf_life_positive"),
            models.CheckConstraint(
                condition=models.Q(storage_class__in=[s.value for s in StorageClass]), name="product_storage_known"
            ),
            models.CheckConstraint(
                condition=models.Q(content_unit__in=[u.value for u in UnitCode]), name="product_unit_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # Here and not as field validators: migrations import no app code.
        problems = {}
        for field, check in (("gtin", check_gtin), ("allergens", check_allergens), ("diets", check_diets)):
            try:
                check(getattr(self, field))
            except ValidationError as error:
                problems[field] = error
        if problems:
            raise ValidationError(problems)

    @property
    def is_fresh(self) -> bool:
        return self.shelf_life_days <= FRESH_DAYS


class ProductPicture(models.Model):
    """A product's picture, re-encoded as squares in two sizes and two formats (rules/pictures.py).

    `digest` names the files: the first half of the SHA-256 of what was uploaded. Width and height are the original's.
    """

    product = models.OneToOneField(Product, on_delete=models.CASCADE, primary_key=True, related_name="picture")
    digest = models.CharField(max_length=32, editable=False)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("picture of a product")
        verbose_name_plural = _("pictures of products")
        indexes: ClassVar = [models.Index(fields=["digest"], name="product_picture_by_digest")]

    def __str__(self) -> str:
        return self.digest


class SearchWord(models.Model):
    """A word that products are found by, and how many of them: what a mistyped word is corrected to."""

    word = models.CharField(max_length=40, unique=True)
    length = models.PositiveSmallIntegerField()
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        indexes: ClassVar = [models.Index(fields=["length", "word"], name="search_word_by_length")]

    def __str__(self) -> str:
        return self.word
