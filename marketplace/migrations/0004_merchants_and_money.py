import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Reworded(migrations.SeparateDatabaseAndState):
    """Names of fields for people: nothing in the database changes, and all models are rendered once, not per field."""

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0003_index_of_search"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="purchaseorderline",
            name="purchase_order_line_positive",
        ),
        migrations.AddField(
            model_name="claim",
            name="borne_by",
            field=models.CharField(
                blank=True,
                choices=[("merchant", "merchant"), ("hub", "hub"), ("courier", "courier")],
                max_length=8,
                verbose_name="borne by",
            ),
        ),
        migrations.AddField(
            model_name="hub",
            name="limits_credit",
            field=models.BooleanField(default=False, verbose_name="credit limits hold"),
        ),
        migrations.AddField(
            model_name="hub",
            name="no_show_pays",
            field=models.BooleanField(default=True, verbose_name="goods that nobody collects are paid"),
        ),
        migrations.AddField(
            model_name="hub",
            name="prices_include_tax",
            field=models.BooleanField(default=True, verbose_name="prices include tax"),
        ),
        migrations.AddField(
            model_name="hub",
            name="service_tax_basis_points",
            field=models.PositiveIntegerField(default=0, verbose_name="tax on own services in 1/100 %"),
        ),
        migrations.AddField(
            model_name="lineshare",
            name="agreed_units",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="host_commission_basis_points",
            field=models.PositiveIntegerField(default=0, verbose_name="commission of the host in 1/100 %"),
        ),
        migrations.AddField(
            model_name="purchaseorder",
            name="packed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="packed"),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="actual_milli",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="actual weight, thousandths"),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="lots",
            field=models.JSONField(blank=True, null=True, verbose_name="lots"),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="ready_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="picked, baked or packed at"),
        ),
        migrations.AddField(
            model_name="reservation",
            name="holds_minor",
            field=models.PositiveBigIntegerField(db_default=0, default=0, verbose_name="may still cost, minor units"),
        ),
        migrations.AddConstraint(
            model_name="hub",
            constraint=models.CheckConstraint(
                condition=models.Q(("service_tax_basis_points__lte", 10000)), name="hub_service_tax_at_most_all"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuppoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("host_commission_basis_points__lte", 10000)),
                name="pickup_point_commission_at_most_all",
            ),
        ),
        migrations.CreateModel(
            name="CatalogueImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("shown", "shown"), ("applied", "taken"), ("dropped", "dropped")],
                        default="shown",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="file")),
                ("file_hash", models.CharField(max_length=64)),
                ("content", models.BinaryField(default=bytes)),
                ("options", models.JSONField(default=dict)),
                ("difference", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(max_length=64)),
                ("via", models.CharField(max_length=8, verbose_name="by way of")),
                ("made_at", models.DateTimeField(verbose_name="read in")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="taken")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="catalogue_imports",
                        to="marketplace.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
                "indexes": [models.Index(fields=["merchant", "-made_at"], name="catalogue_import_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state", "applied")),
                            models.Q(("applied_at__isnull", True), ("state__in", ["shown", "dropped"])),
                            _connector="OR",
                        ),
                        name="catalogue_import_applied_has_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DemandSignal",
            fields=[
                (
                    "offer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signal",
                        serialize=False,
                        to="marketplace.offer",
                    ),
                ),
                ("units_p10", models.PositiveIntegerField()),
                ("units_p50", models.PositiveIntegerField()),
                ("units_p90", models.PositiveIntegerField()),
                ("as_of", models.DateTimeField()),
            ],
            options={
                "verbose_name": "demand signal",
                "verbose_name_plural": "demand signals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("units_p10__lte", models.F("units_p50")), ("units_p50__lte", models.F("units_p90"))
                        ),
                        name="demand_signal_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("mail", "mail"),
                            ("in_person", "in_person"),
                            ("message", "message"),
                        ],
                        max_length=9,
                        verbose_name="how it agreed",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="marketplace.reservationline",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="marketplace.purchaseorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent of a household",
                "verbose_name_plural": "consents of households",
                "constraints": [
                    models.UniqueConstraint(fields=("order", "revision", "line"), name="household_consent_once"),
                    models.CheckConstraint(condition=models.Q(("units__gte", 1)), name="household_consent_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "format",
                    models.CharField(
                        choices=[("table", "a table: CSV or XLSX"), ("bnn3", "BNN 3"), ("odin", "ODIN")],
                        default="table",
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("values", models.JSONField(blank=True, default=dict)),
                ("defaults", models.JSONField(blank=True, default=dict)),
                (
                    "markup_basis_points",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="price above the cost, 1/100 %"),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_mappings",
                        to="marketplace.merchant",
                    ),
                ),
            ],
            options={
                "verbose_name": "kind of price list",
                "verbose_name_plural": "kinds of price lists",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "name"), name="import_mapping_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["table", "bnn3", "odin"])),
                        name="import_mapping_format_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("household", "household"),
                            ("merchant", "merchant"),
                            ("host", "host"),
                            ("courier", "courier"),
                            ("hub_margin", "hub_margin"),
                            ("hub_stock", "hub_stock"),
                            ("rounding", "rounding"),
                            ("fees", "fees"),
                            ("purchase_fees", "purchase_fees"),
                            ("commission", "commission"),
                            ("host_commission", "host_commission"),
                            ("membership", "membership"),
                            ("deposits", "deposits"),
                            ("vat_due", "vat_due"),
                            ("vat_paid", "vat_paid"),
                            ("bank", "bank"),
                            ("cash", "cash"),
                            ("card", "card"),
                            ("card_fees", "card_fees"),
                            ("goodwill", "goodwill"),
                            ("opening", "opening"),
                            ("suspense", "suspense"),
                            ("write_off", "write_off"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("tax_rate", models.PositiveIntegerField(blank=True, null=True, verbose_name="tax rate in 1/100 %")),
                (
                    "deposit_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.deposittype",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="marketplace.household",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="marketplace.hub",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_accounts",
                        to="marketplace.merchant",
                    ),
                ),
                (
                    "pickup_point",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.pickuppoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "constraints": [
                    models.UniqueConstraint(fields=("hub", "code"), name="ledger_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "bank",
                                    "card",
                                    "card_fees",
                                    "cash",
                                    "commission",
                                    "courier",
                                    "deposits",
                                    "fees",
                                    "goodwill",
                                    "host",
                                    "host_commission",
                                    "household",
                                    "hub_margin",
                                    "hub_stock",
                                    "membership",
                                    "merchant",
                                    "opening",
                                    "purchase_fees",
                                    "rounding",
                                    "suspense",
                                    "vat_due",
                                    "vat_paid",
                                    "write_off",
                                ],
                            )
                        ),
                        name="ledger_account_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("through", models.DateField(verbose_name="through")),
                ("locked_at", models.DateTimeField(verbose_name="locked")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ledger_locks", to="marketplace.hub"
                    ),
                ),
            ],
            options={
                "verbose_name": "locked period",
                "verbose_name_plural": "locked periods",
                "constraints": [models.UniqueConstraint(fields=("hub", "through"), name="ledger_lock_once")],
            },
        ),
        migrations.CreateModel(
            name="LedgerTransaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("settlement", "settlement"),
                            ("settlement_undone", "settlement_undone"),
                            ("settlement_corrected", "settlement_corrected"),
                            ("shortage", "shortage"),
                            ("claim", "claim"),
                            ("claim_undone", "claim_undone"),
                            ("deposit_return", "deposit_return"),
                            ("deposit_sent_back", "deposit_sent_back"),
                            ("membership_fee", "membership_fee"),
                            ("host_commission", "host_commission"),
                            ("purchase", "purchase"),
                            ("invoice", "invoice"),
                            ("stock", "stock"),
                            ("weight_rounding", "weight_rounding"),
                            ("payment", "payment"),
                            ("refund", "refund"),
                            ("payout", "payout"),
                            ("bank", "bank"),
                            ("card", "card"),
                            ("cash", "cash"),
                            ("tax", "tax"),
                            ("opening", "opening"),
                            ("transfer", "transfer"),
                            ("goodwill", "goodwill"),
                            ("write_off", "write_off"),
                            ("correction", "correction"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("content_hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("recorded_at", models.DateTimeField(verbose_name="booked")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("payment_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_transactions",
                        to="marketplace.claim",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_transactions",
                        to="marketplace.hub",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_transactions",
                        to="marketplace.purchaseorder",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_transactions",
                        to="marketplace.reservation",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="marketplace.ledgertransaction",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.round",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.orderingwindow",
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
                "indexes": [models.Index(fields=["hub", "at"], name="ledger_transaction_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("hub", "key"), name="ledger_transaction_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "bank",
                                    "card",
                                    "cash",
                                    "claim",
                                    "claim_undone",
                                    "correction",
                                    "deposit_return",
                                    "deposit_sent_back",
                                    "goodwill",
                                    "host_commission",
                                    "invoice",
                                    "membership_fee",
                                    "opening",
                                    "payment",
                                    "payout",
                                    "purchase",
                                    "refund",
                                    "settlement",
                                    "settlement_corrected",
                                    "settlement_undone",
                                    "shortage",
                                    "stock",
                                    "tax",
                                    "transfer",
                                    "weight_rounding",
                                    "write_off",
                                ],
                            )
                        ),
                        name="ledger_transaction_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MerchantInvoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="the merchant's number")),
                ("dated_on", models.DateField(verbose_name="dated")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "state",
                    models.CharField(
                        choices=[("entered", "entered"), ("matched", "matched"), ("withdrawn", "withdrawn")],
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("fees_minor", models.PositiveBigIntegerField(default=0, verbose_name="fees, minor units")),
                ("net_minor", models.PositiveBigIntegerField(verbose_name="net, minor units")),
                ("tax_minor", models.PositiveBigIntegerField(verbose_name="tax, minor units")),
                ("total_minor", models.PositiveBigIntegerField(verbose_name="total, minor units")),
                (
                    "payable_minor",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="accepted, minor units"),
                ),
                ("entered_at", models.DateTimeField()),
                ("matched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matched_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="marketplace.purchaseorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice of a merchant",
                "verbose_name_plural": "invoices of merchants",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("order",),
                        name="merchant_invoice_once_per_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            )
                        ),
                        name="merchant_invoice_total_is_net_and_tax",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["entered", "matched", "withdrawn"])),
                        name="merchant_invoice_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("matched_at__isnull", False), ("payable_minor__isnull", False), ("state", "matched")
                            ),
                            models.Q(
                                models.Q(("state", "matched"), _negated=True),
                                ("matched_at__isnull", True),
                                ("payable_minor__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="merchant_invoice_matched_is_payable",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("is_regular", models.BooleanField(default=False, verbose_name="in every window")),
                ("case", models.PositiveIntegerField(default=1, verbose_name="case: consumer units shipped as one")),
                ("splittable", models.BooleanField(default=False, verbose_name="cases may be split")),
                ("multiple", models.PositiveIntegerField(default=1, verbose_name="multiple when split")),
                (
                    "split_fee_minor",
                    models.PositiveBigIntegerField(default=0, verbose_name="fee for a split, minor units"),
                ),
                ("hub_flexible", models.PositiveIntegerField(default=0, verbose_name="units that the hub may add")),
                (
                    "shortage_rule",
                    models.CharField(
                        choices=[
                            ("max_min", "everybody a little"),
                            ("proportional", "in proportion"),
                            ("first_come", "first come, first served"),
                        ],
                        default="max_min",
                        max_length=12,
                        verbose_name="when there is too little",
                    ),
                ),
                ("cap", models.PositiveIntegerField(blank=True, null=True, verbose_name="stock of a window")),
                (
                    "stock_rule",
                    models.CharField(
                        choices=[("reset", "full again in every window"), ("carry", "what the last window left")],
                        default="reset",
                        max_length=5,
                        verbose_name="stock of the next window",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="templates", to="marketplace.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "offer template",
                "verbose_name_plural": "offer templates",
                "constraints": [
                    models.UniqueConstraint(fields=("product", "currency"), name="offer_template_once_per_currency"),
                    models.CheckConstraint(condition=models.Q(("case__gte", 1)), name="offer_template_case_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("multiple__gte", 1)), name="offer_template_multiple_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shortage_rule__in", ["max_min", "proportional", "first_come"])),
                        name="offer_template_shortage_rule_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stock_rule", "reset"),
                            models.Q(("cap__isnull", False), ("stock_rule", "carry")),
                            _connector="OR",
                        ),
                        name="offer_template_carries_a_stock",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answered", "answered"),
                            ("added", "added"),
                            ("cut", "cut"),
                            ("moved_in", "moved_in"),
                            ("moved_out", "moved_out"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("desk", "desk"),
                            ("link", "link"),
                            ("api", "api"),
                            ("phone", "phone"),
                            ("silence", "silence"),
                        ],
                        max_length=8,
                        verbose_name="came by",
                    ),
                ),
                ("consent", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="marketplace.purchaseorderrevision",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a purchase order",
                "verbose_name_plural": "changes of purchase orders",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["answered", "added", "cut", "moved_in", "moved_out"])),
                        name="order_change_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("via__in", ["desk", "link", "api", "phone", "silence"])),
                        name="order_change_via_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLineSubstitute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("sku", models.CharField(max_length=40)),
                ("gtin", models.CharField(blank=True, max_length=14)),
                ("offered", models.PositiveIntegerField(verbose_name="offered")),
                ("units", models.PositiveIntegerField(verbose_name="taken")),
                ("cost_minor", models.PositiveBigIntegerField(verbose_name="cost, minor units")),
                ("received", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutes",
                        to="marketplace.purchaseorderline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "substitute of an order's line",
                "verbose_name_plural": "substitutes of orders' lines",
                "constraints": [
                    models.UniqueConstraint(fields=("line", "product"), name="order_substitute_once"),
                    models.CheckConstraint(
                        condition=models.Q(("units__lte", models.F("offered"))),
                        name="order_substitute_taken_within_offered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(verbose_name="until")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="marketplace.purchaseorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "link of a purchase order",
                "verbose_name_plural": "links of purchase orders",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("order",),
                        name="order_link_once_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("supply", "can supply up to"), ("price", "lower price")],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("standing", "stands"),
                            ("replaced", "replaced by a later one"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="standing",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                ("cost_minor", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="cost, minor units")),
                (
                    "unit_price_minor",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="unit price, minor units"),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="marketplace.offer"
                    ),
                ),
            ],
            options={
                "verbose_name": "pledge",
                "verbose_name_plural": "pledges",
                "indexes": [models.Index(fields=["offer", "-id"], name="pledge_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "standing")), fields=("offer", "kind"), name="pledge_stands_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cost_minor__isnull", True), ("kind", "supply"), ("unit_price_minor__isnull", True)
                            ),
                            models.Q(
                                ("cost_minor__isnull", False), ("kind", "price"), ("unit_price_minor__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="pledge_of_a_price_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["standing", "replaced", "withdrawn"])),
                        name="pledge_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubstituteAllocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                ("unit_price_minor", models.PositiveBigIntegerField()),
                ("charged_minor", models.PositiveBigIntegerField()),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substituted",
                        to="marketplace.reservationline",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substituted",
                        to="marketplace.purchaseorderline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.product"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutes",
                        to="marketplace.clearingrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "allocation of a substitute",
                "verbose_name_plural": "allocations of substitutes",
                "constraints": [
                    models.UniqueConstraint(fields=("line", "product", "run"), name="substitute_allocation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "charged_minor__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("quantity"), "*", models.F("unit_price_minor")
                                ),
                            )
                        ),
                        name="substitute_allocation_charge",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplyBreak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("vacation", "away: no orders, no deliveries"), ("delivery", "no deliveries")],
                        default="vacation",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="reason")),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supply_breaks",
                        to="marketplace.hub",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="breaks", to="marketplace.merchant"
                    ),
                ),
            ],
            options={
                "verbose_name": "break",
                "verbose_name_plural": "breaks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="break_ends_after_start"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["vacation", "delivery"])), name="break_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogueChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("currency", models.CharField(blank=True, max_length=3)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("form", "form"),
                            ("import", "price list"),
                            ("bulk", "many at once"),
                            ("api", "the merchant's system"),
                            ("command", "the platform"),
                        ],
                        max_length=8,
                        verbose_name="by way of",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="marketplace.product"
                    ),
                ),
                (
                    "price_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="marketplace.catalogueimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a product",
                "verbose_name_plural": "changes of products",
                "indexes": [models.Index(fields=["product", "-id"], name="catalogue_change_newest")],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="amount, minor units")),
                ("memo", models.CharField(max_length=40)),
                ("facts", models.JSONField(default=dict)),
                (
                    "destination",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries_in",
                        to="marketplace.ledgeraccount",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_entries",
                        to="marketplace.reservationline",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries_out",
                        to="marketplace.ledgeraccount",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="marketplace.ledgertransaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(fields=["destination"], include=("amount_minor",), name="ledger_entry_in"),
                    models.Index(fields=["source"], include=("amount_minor",), name="ledger_entry_out"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("transaction", "number"), name="ledger_entry_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="ledger_entry_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("destination")), _negated=True),
                        name="ledger_entry_moves_elsewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "supply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="marketplace.supply"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="marketplace.orderingwindow",
                    ),
                ),
                (
                    "pause",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="left_out",
                        to="marketplace.supplybreak",
                    ),
                ),
            ],
            options={
                "verbose_name": "merchant left out",
                "verbose_name_plural": "merchants left out",
                "constraints": [models.UniqueConstraint(fields=("window", "supply"), name="left_out_once")],
            },
        ),
        migrations.CreateModel(
            name="MerchantInvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="billed units")),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="billed, minor units")),
                ("expected_minor", models.PositiveBigIntegerField(verbose_name="expected, minor units")),
                ("tax_basis_points", models.PositiveIntegerField(verbose_name="rate of tax in 1/100 %")),
                (
                    "bearer",
                    models.CharField(
                        blank=True,
                        choices=[("merchant", "merchant"), ("hub", "hub"), ("households", "households")],
                        max_length=10,
                        verbose_name="borne by",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marketplace.merchantinvoice",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoice_lines",
                        to="marketplace.purchaseorderline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a merchant's invoice",
                "verbose_name_plural": "lines of merchants' invoices",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("product__isnull", True)),
                        fields=("invoice", "line"),
                        name="merchant_invoice_line_once",
                    ),
                    models.UniqueConstraint(
                        fields=("invoice", "line", "product"), name="merchant_invoice_substitute_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("handed_over", "handed_over"),
                            ("no_show", "no_show"),
                            ("taken_back", "taken_back"),
                            ("shortage", "shortage"),
                            ("corrected", "corrected"),
                        ],
                        max_length=12,
                        verbose_name="why",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("made_at", models.DateTimeField(verbose_name="settled")),
                ("goods_minor", models.PositiveBigIntegerField(verbose_name="goods, minor units")),
                ("deposit_minor", models.PositiveBigIntegerField(verbose_name="deposits, minor units")),
                ("fees_minor", models.PositiveBigIntegerField(verbose_name="fees, minor units")),
                ("tax_minor", models.PositiveBigIntegerField(verbose_name="of this tax, minor units")),
                ("total_minor", models.PositiveBigIntegerField(verbose_name="total, minor units")),
                (
                    "service_tax_rate",
                    models.PositiveIntegerField(default=0, verbose_name="tax on own services in 1/100 %"),
                ),
                ("host_rate", models.PositiveIntegerField(default=0, verbose_name="commission of the host in 1/100 %")),
                ("stands", models.BooleanField(default=True)),
                (
                    "booking",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="marketplace.ledgertransaction",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="marketplace.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "settlement",
                "verbose_name_plural": "settlements",
                "constraints": [
                    models.UniqueConstraint(fields=("reservation", "number"), name="settlement_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cause__in", ["corrected", "handed_over", "no_show", "shortage", "taken_back"])
                        ),
                        name="settlement_cause_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods_minor"), "+", models.F("deposit_minor")
                                    ),
                                    "+",
                                    models.F("fees_minor"),
                                ),
                            )
                        ),
                        name="settlement_total_is_its_parts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_quantity", models.PositiveIntegerField(verbose_name="from")),
                ("cost_minor", models.PositiveBigIntegerField(verbose_name="cost, minor units")),
                ("unit_price_minor", models.PositiveBigIntegerField(verbose_name="unit price, minor units")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="marketplace.offertemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a template",
                "verbose_name_plural": "steps of templates",
                "ordering": ["from_quantity"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "from_quantity"), name="template_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_quantity__gte", 1)), name="template_step_from_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price_minor__gte", 1)), name="template_step_price_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("units", models.PositiveIntegerField(default=0)),
                ("unit_price_minor", models.PositiveBigIntegerField(default=0)),
                ("weight_milli", models.PositiveBigIntegerField(blank=True, null=True)),
                ("parts", models.PositiveSmallIntegerField(default=1)),
                ("of_parts", models.PositiveSmallIntegerField(default=1)),
                ("amount_minor", models.PositiveBigIntegerField(verbose_name="amount, minor units")),
                ("tax_minor", models.PositiveBigIntegerField(verbose_name="of this tax, minor units")),
                ("tax_rate", models.PositiveIntegerField(verbose_name="tax rate in 1/100 %")),
                (
                    "deposit_each_minor",
                    models.PositiveIntegerField(default=0, verbose_name="deposit of one unit, minor units"),
                ),
                ("deposit_minor", models.PositiveBigIntegerField(default=0, verbose_name="deposit, minor units")),
                (
                    "sells_as",
                    models.CharField(
                        choices=[("reseller", "reseller"), ("agent", "agent")],
                        default="reseller",
                        max_length=10,
                        verbose_name="role in the sale",
                    ),
                ),
                (
                    "deposit_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.deposittype",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_lines",
                        to="marketplace.household",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_lines",
                        to="marketplace.reservationline",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.product",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="marketplace.settlement"
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a settlement",
                "verbose_name_plural": "lines of settlements",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tax_minor__lte", models.F("amount_minor"))),
                        name="settlement_line_tax_within_amount",
                    )
                ],
            },
        ),
        Reworded(
            state_operations=[
                migrations.AlterField(
                    model_name="claim",
                    name="answered_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                migrations.AlterField(
                    model_name="claim",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                migrations.AlterField(
                    model_name="claim",
                    name="line",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="marketplace.reservationline",
                        verbose_name="line",
                    ),
                ),
                migrations.AlterField(
                    model_name="claim",
                    name="request_key",
                    field=models.CharField(max_length=80, verbose_name="request key"),
                ),
                migrations.AlterField(
                    model_name="claim",
                    name="reservation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="marketplace.reservation",
                        verbose_name="reservation",
                    ),
                ),
                migrations.AlterField(
                    model_name="clearingrun",
                    name="kind",
                    field=models.CharField(
                        choices=[
                            ("close", "close"),
                            ("confirmation", "confirmation"),
                            ("receipt", "receipt"),
                            ("invoice", "invoice"),
                        ],
                        default="close",
                        max_length=12,
                    ),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="address",
                    field=models.CharField(blank=True, max_length=254, verbose_name="address"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="attempts",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="channel",
                    field=models.CharField(
                        choices=[("email", "e-mail"), ("phone", "phone list"), ("paper", "paper")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="copy",
                    field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="copy"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="due_at",
                    field=models.DateTimeField(verbose_name="due at"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="last_error",
                    field=models.CharField(blank=True, max_length=300, verbose_name="last error"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="message_id",
                    field=models.CharField(blank=True, max_length=200, verbose_name="message number"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="revision",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="marketplace.purchaseorderrevision",
                        verbose_name="revision",
                    ),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="sending_until",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="sending until"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="sent_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="sent at"),
                ),
                migrations.AlterField(
                    model_name="dispatch",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "sending"),
                            ("sent", "sent"),
                            ("delivered", "delivered"),
                            ("bounced", "bounced"),
                            ("failed", "failed"),
                            ("exhausted", "exhausted"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
                    model_name="group",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="group",
                    name="members",
                    field=models.ManyToManyField(
                        related_name="groups",
                        through="marketplace.GroupMember",
                        to="marketplace.household",
                        verbose_name="households",
                    ),
                ),
                migrations.AlterField(
                    model_name="group",
                    name="pickup_point",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="marketplace.pickuppoint",
                        verbose_name="pickup point",
                    ),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="attempts",
                    field=models.PositiveSmallIntegerField(default=1, verbose_name="attempts"),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="event",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handled",
                        to="marketplace.outboxevent",
                        verbose_name="event",
                    ),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="handler",
                    field=models.CharField(max_length=120, verbose_name="handler"),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="last_error",
                    field=models.TextField(blank=True, verbose_name="last error"),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="next_try_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="next try at"),
                ),
                migrations.AlterField(
                    model_name="handledevent",
                    name="state",
                    field=models.CharField(
                        choices=[("done", "done"), ("failed", "failed, will be tried again"), ("parked", "parked")],
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                migrations.AlterField(
                    model_name="handover",
                    name="capacity",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover",
                        to="marketplace.capacity",
                        verbose_name="capacity",
                    ),
                ),
                migrations.AlterField(
                    model_name="handover",
                    name="pickup_point",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="marketplace.pickuppoint",
                        verbose_name="pickup point",
                    ),
                ),
                migrations.AlterField(
                    model_name="handover",
                    name="round",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="marketplace.round",
                        verbose_name="round",
                    ),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="created_at",
                    field=models.DateTimeField(auto_now_add=True, verbose_name="made at"),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="erased_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="erased at"),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="latitude",
                    field=models.FloatField(blank=True, null=True, verbose_name="latitude"),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="longitude",
                    field=models.FloatField(blank=True, null=True, verbose_name="longitude"),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="members",
                    field=models.ManyToManyField(
                        related_name="households",
                        through="marketplace.HouseholdMember",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="people",
                    ),
                ),
                migrations.AlterField(
                    model_name="household",
                    name="preferred_point",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preferred_by",
                        to="marketplace.pickuppoint",
                        verbose_name="usual pickup point",
                    ),
                ),
                migrations.AlterField(
                    model_name="householdmember",
                    name="household",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="marketplace.household",
                        verbose_name="household",
                    ),
                ),
                migrations.AlterField(
                    model_name="householdmember",
                    name="joined_at",
                    field=models.DateTimeField(auto_now_add=True, verbose_name="joined at"),
                ),
                migrations.AlterField(
                    model_name="householdmember",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="household_memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubmembership",
                    name="decided_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubmembership",
                    name="household",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships_of_hubs",
                        to="marketplace.household",
                        verbose_name="household",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubmembership",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubmembership",
                    name="invited_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubrole",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="hubrole",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hub_roles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                migrations.AlterField(
                    model_name="merchantmember",
                    name="merchant",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="merchantmember",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merchant_memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="agreement_version",
                    field=models.PositiveIntegerField(
                        db_default=1, default=1, editable=False, verbose_name="version that needs agreement"
                    ),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="billing_units_denominator",
                    field=models.PositiveIntegerField(default=1, verbose_name="billing units, denominator"),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="billing_units_numerator",
                    field=models.PositiveIntegerField(default=1, verbose_name="billing units, numerator"),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="capacity",
                    field=models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offer",
                        to="marketplace.capacity",
                        verbose_name="capacity",
                    ),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="price_units_denominator",
                    field=models.PositiveIntegerField(default=1, verbose_name="price units, denominator"),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="price_units_numerator",
                    field=models.PositiveIntegerField(default=1, verbose_name="price units, numerator"),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="product",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="marketplace.product",
                        verbose_name="product",
                    ),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="version",
                    field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                migrations.AlterField(
                    model_name="offer",
                    name="window",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="marketplace.orderingwindow",
                        verbose_name="window",
                    ),
                ),
                migrations.AlterField(
                    model_name="orderingwindow",
                    name="round",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="windows",
                        to="marketplace.round",
                        verbose_name="round",
                    ),
                ),
                migrations.AlterField(
                    model_name="orderingwindow",
                    name="supplies",
                    field=models.ManyToManyField(
                        related_name="windows",
                        through="marketplace.WindowSupply",
                        to="marketplace.supply",
                        verbose_name="supplies",
                    ),
                ),
                migrations.AlterField(
                    model_name="outboxevent",
                    name="created_at",
                    field=models.DateTimeField(verbose_name="made at"),
                ),
                migrations.AlterField(
                    model_name="outboxevent",
                    name="payload",
                    field=models.JSONField(verbose_name="content"),
                ),
                migrations.AlterField(
                    model_name="outboxevent",
                    name="settled_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                migrations.AlterField(
                    model_name="outboxevent",
                    name="topic",
                    field=models.CharField(max_length=60, verbose_name="topic"),
                ),
                migrations.AlterField(
                    model_name="pickuppoint",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pickup_points",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="pickuppointhost",
                    name="pickup_point",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosts",
                        to="marketplace.pickuppoint",
                        verbose_name="pickup point",
                    ),
                ),
                migrations.AlterField(
                    model_name="pickuppointhost",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_points",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                migrations.AlterField(
                    model_name="pricestep",
                    name="offer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="marketplace.offer",
                        verbose_name="offer",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="category",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="marketplace.category",
                        verbose_name="category",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="deposit_type",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="marketplace.deposittype",
                        verbose_name="deposit",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="merchant",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="search_text",
                    field=models.TextField(blank=True, default="", editable=False, verbose_name="words for the search"),
                ),
                migrations.AlterField(
                    model_name="product",
                    name="tax_class",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="marketplace.taxclass",
                        verbose_name="tax class",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorder",
                    name="merchant",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorder",
                    name="run",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="marketplace.clearingrun",
                        verbose_name="closing run",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorder",
                    name="supply",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="marketplace.supply",
                        verbose_name="supply",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorder",
                    name="window",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="marketplace.orderingwindow",
                        verbose_name="window",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="billed",
                    field=models.PositiveIntegerField(blank=True, null=True, verbose_name="billed"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="gtin",
                    field=models.CharField(blank=True, max_length=14, verbose_name="GTIN"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="name",
                    field=models.CharField(max_length=80, verbose_name="name"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="offer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_order_lines",
                        to="marketplace.offer",
                        verbose_name="offer",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marketplace.purchaseorder",
                        verbose_name="purchase order",
                    ),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="received",
                    field=models.PositiveIntegerField(blank=True, null=True, verbose_name="received"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="shipped",
                    field=models.PositiveIntegerField(blank=True, null=True, verbose_name="shipped"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="sku",
                    field=models.CharField(max_length=40, verbose_name="merchant’s number"),
                ),
                migrations.AlterField(
                    model_name="purchaseorderline",
                    name="split_fee_minor",
                    field=models.PositiveBigIntegerField(default=0, verbose_name="split fee, minor units"),
                ),
                migrations.AlterField(
                    model_name="rating",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                migrations.AlterField(
                    model_name="rating",
                    name="merchant",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="rating",
                    name="reservation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="marketplace.reservation",
                        verbose_name="reservation",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="changed_at",
                    field=models.DateTimeField(verbose_name="changed at"),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="created_at",
                    field=models.DateTimeField(verbose_name="made at"),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="group",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="marketplace.group",
                        verbose_name="group",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="handover",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="marketplace.handover",
                        verbose_name="handover",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="household",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="marketplace.household",
                        verbose_name="household",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="round",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="marketplace.round",
                        verbose_name="round",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="version",
                    field=models.PositiveIntegerField(default=1, verbose_name="version"),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="agreed_version",
                    field=models.PositiveIntegerField(db_default=1, default=1, verbose_name="version agreed to"),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="offer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marketplace.offer",
                        verbose_name="offer",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="offered_back_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="offered back at"),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="placed_at",
                    field=models.DateTimeField(verbose_name="placed at"),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="raised",
                    field=models.JSONField(default=list, verbose_name="units added later"),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="reservation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marketplace.reservation",
                        verbose_name="reservation",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservationline",
                    name="window",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="marketplace.orderingwindow",
                        verbose_name="window",
                    ),
                ),
                migrations.AlterField(
                    model_name="round",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="round",
                    name="rule",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="marketplace.roundrule",
                        verbose_name="rule",
                    ),
                ),
                migrations.AlterField(
                    model_name="roundrule",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="round_rules",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="roundrulehandover",
                    name="pickup_point",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="marketplace.pickuppoint",
                        verbose_name="pickup point",
                    ),
                ),
                migrations.AlterField(
                    model_name="roundrulehandover",
                    name="rule",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="marketplace.roundrule",
                        verbose_name="rule",
                    ),
                ),
                migrations.AlterField(
                    model_name="roundrulewindow",
                    name="rule",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="marketplace.roundrule",
                        verbose_name="rule",
                    ),
                ),
                migrations.AlterField(
                    model_name="roundrulewindow",
                    name="supplies",
                    field=models.ManyToManyField(
                        blank=True, related_name="rule_windows", to="marketplace.supply", verbose_name="supplies"
                    ),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="at",
                    field=models.DateTimeField(verbose_name="at"),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="from_state",
                    field=models.CharField(max_length=16, verbose_name="before"),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="kind",
                    field=models.CharField(max_length=40, verbose_name="kind"),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="object_id",
                    field=models.BigIntegerField(verbose_name="number"),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="reason",
                    field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
                ),
                migrations.AlterField(
                    model_name="statechange",
                    name="to_state",
                    field=models.CharField(max_length=16, verbose_name="after"),
                ),
                migrations.AlterField(
                    model_name="supply",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplies",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="supply",
                    name="merchant",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplies",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="household",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.household",
                        verbose_name="household",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="merchant",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.merchant",
                        verbose_name="merchant",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="offer",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.offer",
                        verbose_name="offer",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="order_line",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.purchaseorderline",
                        verbose_name="line of the purchase order",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="reservation",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.reservation",
                        verbose_name="reservation",
                    ),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="acts_as",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="acted_as_by",
                        to="marketplace.household",
                        verbose_name="acts as",
                    ),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="erased_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="erased at"),
                ),
                migrations.AlterField(
                    model_name="wishtopic",
                    name="hub",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wish_topics",
                        to="marketplace.hub",
                        verbose_name="hub",
                    ),
                ),
                migrations.AlterField(
                    model_name="wishtopic",
                    name="key",
                    field=models.CharField(max_length=60, verbose_name="key"),
                ),
                migrations.AlterField(
                    model_name="wishtopic",
                    name="same_as",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="others",
                        to="marketplace.wishtopic",
                        verbose_name="same as",
                    ),
                ),
            ],
        ),
    ]
