"""How a catalogue changed: the history of every product, price lists that were read in, and how a list is read."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.merchants import Merchant


class ImportMapping(models.Model):
    """How a merchant's own kind of price list is read: saved once, chosen every week.

    `columns`: our column → theirs. `values`: our column → their text → our text. `defaults`: our column → the text for
    rows that say nothing. Without a price column, `markup_basis_points` on the cost make the price (25 % = 2500).
    """

    class Format(models.TextChoices):
        TABLE = "table", _("a table: CSV or XLSX")
        BNN3 = "bnn3", _("BNN 3")
        ODIN = "odin", _("ODIN")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="import_mappings")
    name = models.CharField(_("name"), max_length=60)
    format = models.CharField(_("format"), max_length=5, choices=Format, default=Format.TABLE)
    columns = models.JSONField(default=dict, blank=True)
    values = models.JSONField(default=dict, blank=True)
    defaults = models.JSONField(default=dict, blank=True)
    markup_basis_points = models.PositiveIntegerField(_("price above the cost, 1/100 %"), null=True, blank=True)

    class Meta:
        verbose_name = _("kind of price list")
        verbose_name_plural = _("kinds of price lists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "name"], name="import_mapping_named_once"),
            models.CheckConstraint(
                condition=models.Q(format__in=["table", "bnn3", "odin"]), name="import_mapping_format_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CatalogueImport(models.Model):
    """A price list that was read in: what it would change, and whether it was taken.

    `fingerprint` is the sha256 of the file, of how it is read, and of the catalogue that it was compared with: what is
    taken is exactly what was shown, or nothing. The file itself is kept until then.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        APPLIED = "applied", _("taken")
        DROPPED = "dropped", _("dropped")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="catalogue_imports")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.SHOWN)
    file_name = models.CharField(_("file"), max_length=120)
    file_hash = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    # How it is read: rules/catalogue/options.py.
    options = models.JSONField(default=dict)
    difference = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    via = models.CharField(_("by way of"), max_length=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("read in"))
    applied_at = models.DateTimeField(_("taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="applied", applied_at__isnull=False)
                | models.Q(state__in=["shown", "dropped"], applied_at__isnull=True),
                name="catalogue_import_applied_has_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["merchant", "-made_at"], name="catalogue_import_newest")]

    def __str__(self) -> str:
        return self.file_name


class CatalogueChange(models.Model):
    """One change of a product or of its usual terms: who, when, why, and each value before and after. Appended only.

    `before` and `after` name the columns that changed, as price lists name them (rules/catalogue/columns.py); a new
    product has nothing before.
    """

    class Via(models.TextChoices):
        FORM = "form", _("form")
        IMPORT = "import", _("price list")
        BULK = "bulk", _("many at once")
        API = "api", _("the merchant's system")
        COMMAND = "command", _("the platform")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField()
    after = models.JSONField()
    currency = models.CharField(max_length=3, blank=True)
    via = models.CharField(_("by way of"), max_length=8, choices=Via)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    price_list = models.ForeignKey(
        CatalogueImport, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of a product")
        verbose_name_plural = _("changes of products")
        indexes: ClassVar = [models.Index(fields=["product", "-id"], name="catalogue_change_newest")]

    def __str__(self) -> str:
        return f"{self.product_id} @ {self.at:%Y-%m-%d}"
