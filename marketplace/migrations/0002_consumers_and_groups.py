import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0001_the_ground"),
    ]

    operations = [
        migrations.AddField(
            model_name="group",
            name="late_words",
            field=models.CharField(blank=True, max_length=200, verbose_name="when somebody steps back late"),
        ),
        migrations.AddField(
            model_name="group",
            name="welcome",
            field=models.TextField(blank=True, verbose_name="welcome"),
        ),
        migrations.AddField(
            model_name="handover",
            name="fee_minor",
            field=models.PositiveBigIntegerField(default=0, verbose_name="fee, minor units"),
        ),
        migrations.AddField(
            model_name="handover",
            name="moved_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason of the move"),
        ),
        migrations.AddField(
            model_name="handover",
            name="moved_to",
            field=models.TextField(blank=True, verbose_name="moved for the day to"),
        ),
        migrations.AddField(
            model_name="household",
            name="address",
            field=models.TextField(blank=True, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="household",
            name="avoids",
            field=models.JSONField(blank=True, default=list, verbose_name="allergens to avoid"),
        ),
        migrations.AddField(
            model_name="household",
            name="delivery_notes",
            field=models.TextField(blank=True, verbose_name="notes for the delivery"),
        ),
        migrations.AddField(
            model_name="household",
            name="diets",
            field=models.JSONField(blank=True, default=list, verbose_name="diets"),
        ),
        migrations.AddField(
            model_name="household",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="household",
            name="latitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="household",
            name="longitude",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="household",
            name="preferred_point",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="preferred_by",
                to="marketplace.pickuppoint",
            ),
        ),
        migrations.AddField(
            model_name="hub",
            name="claim_days",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="days to report a problem"),
        ),
        migrations.AddField(
            model_name="hub",
            name="first_credit_limit_minor",
            field=models.PositiveBigIntegerField(default=0, verbose_name="first credit limit, minor units"),
        ),
        migrations.AddField(
            model_name="hub",
            name="join_policy",
            field=models.CharField(
                choices=[
                    ("open", "everybody"),
                    ("approval", "whom the hub approves"),
                    ("invitation", "whom a member invites"),
                ],
                default="open",
                max_length=10,
                verbose_name="who may join",
            ),
        ),
        migrations.AddField(
            model_name="hub",
            name="membership_fee_minor",
            field=models.PositiveBigIntegerField(default=0, verbose_name="membership fee, minor units"),
        ),
        migrations.AddField(
            model_name="hub",
            name="no_show_rule",
            field=models.CharField(
                choices=[
                    ("keep", "kept until the next opening"),
                    ("rescue", "offered to others the same evening"),
                    ("donate", "given away"),
                ],
                default="keep",
                max_length=10,
                verbose_name="goods that nobody collects",
            ),
        ),
        migrations.AddField(
            model_name="hub",
            name="trial_orders",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="trial orders before joining"),
        ),
        migrations.AddField(
            model_name="offer",
            name="agreement_version",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name="offer",
            name="best_before",
            field=models.DateField(blank=True, null=True, verbose_name="best before"),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="closes_time",
            field=models.TimeField(blank=True, null=True, verbose_name="usually closes"),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="latitude",
            field=models.FloatField(blank=True, null=True, verbose_name="latitude"),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="longitude",
            field=models.FloatField(blank=True, null=True, verbose_name="longitude"),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="opens_time",
            field=models.TimeField(blank=True, null=True, verbose_name="usually opens"),
        ),
        migrations.AddField(
            model_name="pickuppoint",
            name="usual_capacity",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="usual room, in reservations"),
        ),
        migrations.AddField(
            model_name="product",
            name="diets",
            field=models.JSONField(blank=True, default=dict, verbose_name="diets"),
        ),
        migrations.AddField(
            model_name="product",
            name="search_text",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="reservationline",
            name="agreed_version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="reservationline",
            name="collect_until",
            field=models.DateField(blank=True, null=True, verbose_name="collect until"),
        ),
        migrations.AddField(
            model_name="reservationline",
            name="substitutes",
            field=models.JSONField(blank=True, default=list, verbose_name="allowed substitutes"),
        ),
        migrations.AddField(
            model_name="reservationversion",
            name="via",
            field=models.CharField(
                choices=[
                    ("self", "by the household itself"),
                    ("phone", "by phone, entered by the hub"),
                    ("paper", "on paper, entered by the hub"),
                    ("standing", "by a standing reservation"),
                    ("collected", "moved from an earlier round"),
                    ("cut", "by the shortage rule, when a cap was lowered"),
                ],
                db_default="self",
                default="self",
                max_length=10,
                verbose_name="came by",
            ),
        ),
        migrations.AddField(
            model_name="roundrulehandover",
            name="fee_minor",
            field=models.PositiveBigIntegerField(default=0, verbose_name="fee, minor units"),
        ),
        migrations.AddField(
            model_name="user",
            name="acts_as",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="acted_as_by",
                to="marketplace.household",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="household_place_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="hub",
            constraint=models.CheckConstraint(
                condition=models.Q(("join_policy__in", ["open", "approval", "invitation"])),
                name="hub_join_policy_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hub",
            constraint=models.CheckConstraint(
                condition=models.Q(("no_show_rule__in", ["keep", "rescue", "donate"])), name="hub_no_show_rule_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuppoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                    _connector="OR",
                ),
                name="pickup_point_place_whole",
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="marketplace.household"
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="absence_not_backwards"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "missing"),
                            ("damaged", "damaged"),
                            ("spoiled", "spoiled"),
                            ("wrong", "something else than ordered"),
                            ("short_weight", "less than its weight"),
                            ("other", "something else"),
                        ],
                        max_length=12,
                        verbose_name="what is wrong",
                    ),
                ),
                ("units", models.PositiveIntegerField(blank=True, null=True, verbose_name="how many")),
                ("text", models.TextField(blank=True, verbose_name="in words")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("request_key", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField(verbose_name="reported")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "accepted_minor",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="to give back, minor units"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="marketplace.reservationline",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="marketplace.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["open", "answered"])),
                        fields=["made_at"],
                        name="claim_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reservation", "request_key"), name="claim_request_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["missing", "damaged", "spoiled", "wrong", "short_weight", "other"])
                        ),
                        name="claim_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_minor__isnull", True), ("state__in", ["open", "answered", "declined"])),
                            models.Q(("accepted_minor__gte", 1), ("state", "accepted")),
                            _connector="OR",
                        ),
                        name="claim_accepted_has_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="claim_answer_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectedRest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("missed", models.PositiveIntegerField(verbose_name="units missed")),
                ("units", models.PositiveIntegerField(verbose_name="units to place")),
                ("at_most_minor", models.PositiveBigIntegerField(verbose_name="at most, minor units")),
                ("until", models.DateField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("moved", "moved"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected_rests",
                        to="marketplace.household",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.hub",
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.offer",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected_rests",
                        to="marketplace.offer",
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
                "verbose_name": "collected rest",
                "verbose_name_plural": "collected rests",
                "indexes": [models.Index(fields=["hub", "state", "product"], name="collected_rest_by_product")],
                "constraints": [
                    models.UniqueConstraint(fields=("offer", "household"), name="collected_rest_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "moved", "expired", "withdrawn"])),
                        name="collected_rest_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units__lte", models.F("missed"))), name="collected_rest_within_missed"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("terms", "terms"), ("suggestions", "suggestions"), ("research", "research")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("wording", models.TextField(verbose_name="words shown")),
                ("given", models.BooleanField(verbose_name="given")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("how", models.CharField(max_length=20, verbose_name="how")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "indexes": [models.Index(fields=["user", "kind", "-id"], name="consent_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["terms", "suggestions", "research"])),
                        name="consent_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeputyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="for whom")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("valid_from", models.DateTimeField(verbose_name="from")),
                ("valid_until", models.DateTimeField(verbose_name="until")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputy_links",
                        to="marketplace.handover",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "link for a deputy",
                "verbose_name_plural": "links for deputies",
                "ordering": ["made_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="HandOutMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("given_up", "given up")],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_out_mails",
                        to="marketplace.handover",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-out list by mail",
                "verbose_name_plural": "hand-out lists by mail",
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="hand_out_mail_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "user", "number"), name="hand_out_mail_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "given_up"])),
                        name="hand_out_mail_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved_to", models.TextField(verbose_name="moved to")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("usual_starts_at", models.DateTimeField()),
                ("usual_ends_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="marketplace.handover"
                    ),
                ),
            ],
            options={
                "verbose_name": "move of a handover",
                "verbose_name_plural": "moves of handovers",
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("handover",),
                        name="handover_move_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("packed", "packed"),
                            ("on_the_way", "on_the_way"),
                            ("ready", "ready"),
                            ("handed_over", "handed_over"),
                            ("no_show", "no_show"),
                        ],
                        max_length=12,
                        verbose_name="step",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("expected_at", models.DateTimeField(blank=True, null=True, verbose_name="expected")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("recorded_at", models.DateTimeField()),
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
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress",
                        to="marketplace.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a handover",
                "verbose_name_plural": "steps of handovers",
                "constraints": [
                    models.UniqueConstraint(fields=("reservation", "step"), name="handover_progress_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step__in", ["received", "packed", "on_the_way", "ready", "handed_over", "no_show"])
                        ),
                        name="handover_progress_step_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="marketplace.household",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation to a household",
                "verbose_name_plural": "invitations to households",
                "indexes": [models.Index(fields=["household", "expires_at"], name="household_invitation_open")],
            },
        ),
        migrations.CreateModel(
            name="HubInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="marketplace.hub"
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.household",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation to a hub",
                "verbose_name_plural": "invitations to hubs",
            },
        ),
        migrations.CreateModel(
            name="HubMembership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("trial", "trial"),
                            ("member", "member"),
                            ("refused", "refused"),
                            ("left", "left"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("trial_orders_left", models.PositiveSmallIntegerField(default=0, verbose_name="trial orders left")),
                (
                    "credit_limit_minor",
                    models.PositiveBigIntegerField(default=0, verbose_name="credit limit, minor units"),
                ),
                ("fee_minor", models.PositiveBigIntegerField(default=0, verbose_name="membership fee, minor units")),
                ("fee_received_at", models.DateTimeField(blank=True, null=True, verbose_name="fee received")),
                ("message", models.TextField(blank=True, verbose_name="what the household wrote")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships_of_hubs",
                        to="marketplace.household",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="marketplace.hub"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "indexes": [models.Index(fields=["hub", "state"], name="hub_membership_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("household", "hub"), name="hub_membership_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "trial", "member", "refused", "left"])),
                        name="hub_membership_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HubNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="followers", to="marketplace.hub"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_hubs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "follower of a hub",
                "verbose_name_plural": "followers of hubs",
                "constraints": [models.UniqueConstraint(fields=("user", "hub"), name="hub_news_once")],
            },
        ),
        migrations.CreateModel(
            name="LineShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("parts", models.PositiveSmallIntegerField(verbose_name="parts")),
                ("total_parts", models.PositiveSmallIntegerField(verbose_name="of")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("token_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares_of_others",
                        to="marketplace.household",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="marketplace.offer"
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="marketplace.reservation"
                    ),
                ),
            ],
            options={
                "verbose_name": "shared line",
                "verbose_name_plural": "shared lines",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted", "declined", "withdrawn"])),
                        name="line_share_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parts__gte", 1), ("total_parts__lte", 100), ("parts__lt", models.F("total_parts"))
                        ),
                        name="line_share_leaves_a_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("household__isnull", False),
                            models.Q(("state", "accepted"), _negated=True),
                            _connector="OR",
                        ),
                        name="line_share_accepted_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["offered", "accepted"])),
                        fields=("reservation", "offer", "household"),
                        name="line_share_once_per_household",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opens", "opens"),
                            ("closes_soon", "closes_soon"),
                            ("units_wait", "units_wait"),
                            ("closed", "closed"),
                            ("changed", "changed"),
                            ("cut", "cut"),
                            ("released", "released"),
                            ("on_the_way", "on_the_way"),
                            ("ready", "ready"),
                            ("moved", "moved"),
                            ("standing", "standing"),
                            ("on_behalf", "on_behalf"),
                            ("claim", "claim"),
                            ("no_show", "no_show"),
                            ("message", "message"),
                            ("invitation", "invitation"),
                            ("membership", "membership"),
                            ("group", "group"),
                            ("shift", "shift"),
                            ("hand_out", "hand_out"),
                            ("wish", "wish"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("facts", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "indexes": [
                    models.Index(fields=["user", "-created_at"], name="notice_inbox"),
                    models.Index(condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notice_unread"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "key"), name="notice_told_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "opens",
                                    "closes_soon",
                                    "units_wait",
                                    "closed",
                                    "changed",
                                    "cut",
                                    "released",
                                    "on_the_way",
                                    "ready",
                                    "moved",
                                    "standing",
                                    "on_behalf",
                                    "claim",
                                    "no_show",
                                    "message",
                                    "invitation",
                                    "membership",
                                    "group",
                                    "shift",
                                    "hand_out",
                                    "wish",
                                ],
                            )
                        ),
                        name="notice_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeHours",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notice_hours",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                ("digest_at", models.TimeField(blank=True, null=True, verbose_name="one mail a day, at")),
                (
                    "hours_before_close",
                    models.PositiveSmallIntegerField(default=4, verbose_name="hours before the close"),
                ),
            ],
            options={
                "verbose_name": "hours of notices",
                "verbose_name_plural": "hours of notices",
            },
        ),
        migrations.CreateModel(
            name="NoticePreference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opens", "opens"),
                            ("closes_soon", "closes_soon"),
                            ("units_wait", "units_wait"),
                            ("closed", "closed"),
                            ("changed", "changed"),
                            ("cut", "cut"),
                            ("released", "released"),
                            ("on_the_way", "on_the_way"),
                            ("ready", "ready"),
                            ("moved", "moved"),
                            ("standing", "standing"),
                            ("on_behalf", "on_behalf"),
                            ("claim", "claim"),
                            ("no_show", "no_show"),
                            ("message", "message"),
                            ("invitation", "invitation"),
                            ("membership", "membership"),
                            ("group", "group"),
                            ("shift", "shift"),
                            ("hand_out", "hand_out"),
                            ("wish", "wish"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(choices=[("inbox", "inbox"), ("email", "email"), ("push", "push")], max_length=8),
                ),
                ("wanted", models.BooleanField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "wish about notices",
                "verbose_name_plural": "wishes about notices",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "kind", "channel"), name="notice_preference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="new version")),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("needs_agreement", models.BooleanField(verbose_name="needs agreement")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("changed_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="marketplace.offer"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of an offer",
                "verbose_name_plural": "changes of offers",
                "constraints": [models.UniqueConstraint(fields=("offer", "version"), name="offer_change_version_once")],
            },
        ),
        migrations.CreateModel(
            name="OfferOutlook",
            fields=[
                (
                    "offer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="outlook",
                        serialize=False,
                        to="marketplace.offer",
                    ),
                ),
                ("units_p10", models.PositiveIntegerField()),
                ("units_p50", models.PositiveIntegerField()),
                ("units_p90", models.PositiveIntegerField()),
                ("expected_unit_price_minor", models.PositiveBigIntegerField(blank=True, null=True)),
                ("as_of", models.DateTimeField()),
            ],
            options={
                "verbose_name": "outlook of an offer",
                "verbose_name_plural": "outlooks of offers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("units_p10__lte", models.F("units_p50")), ("units_p50__lte", models.F("units_p90"))
                        ),
                        name="offer_outlook_ordered",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpeningReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_reminders",
                        to="marketplace.orderingwindow",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder of an opening",
                "verbose_name_plural": "reminders of openings",
                "constraints": [models.UniqueConstraint(fields=("user", "window"), name="opening_reminder_once")],
            },
        ),
        migrations.CreateModel(
            name="PickupCode",
            fields=[
                (
                    "reservation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="pickup_code",
                        serialize=False,
                        to="marketplace.reservation",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
            ],
            options={
                "verbose_name": "pickup code",
                "verbose_name_plural": "pickup codes",
            },
        ),
        migrations.CreateModel(
            name="ProductPicture",
            fields=[
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="picture",
                        serialize=False,
                        to="marketplace.product",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=32)),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "picture of a product",
                "verbose_name_plural": "pictures of products",
                "indexes": [models.Index(fields=["digest"], name="product_picture_by_digest")],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("endpoint", models.URLField(max_length=500, unique=True)),
                ("p256dh", models.CharField(max_length=120)),
                ("auth", models.CharField(max_length=40)),
                ("device", models.CharField(blank=True, max_length=120, verbose_name="device")),
                ("created_at", models.DateTimeField()),
                ("last_sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "push subscription",
                "verbose_name_plural": "push subscriptions",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="stars")),
                ("words", models.TextField(blank=True, verbose_name="in words")),
                ("rated_at", models.DateTimeField(verbose_name="rated")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="marketplace.merchant"
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="marketplace.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "constraints": [
                    models.UniqueConstraint(fields=("reservation", "merchant"), name="rating_once_per_order"),
                    models.CheckConstraint(
                        condition=models.Q(("stars__range", (1, 5))), name="rating_one_to_five_stars"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40, unique=True)),
                ("length", models.PositiveSmallIntegerField()),
                ("uses", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "word of the search",
                "verbose_name_plural": "words of the search",
                "indexes": [models.Index(fields=["length", "word"], name="search_word_by_length")],
            },
        ),
        migrations.CreateModel(
            name="StandingReservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm", models.PositiveIntegerField(verbose_name="at least")),
                ("flexible", models.PositiveIntegerField(default=0, verbose_name="extra")),
                (
                    "flexible_for",
                    models.CharField(
                        choices=[
                            ("case", "to complete a case"),
                            ("price", "also for a lower price"),
                            ("order", "whatever helps the order"),
                        ],
                        default="case",
                        max_length=5,
                        verbose_name="extra may be used",
                    ),
                ),
                (
                    "max_unit_price_minor",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="price limit, minor units"),
                ),
                ("whole_only", models.BooleanField(default=False, verbose_name="all or nothing")),
                ("known_unit_price_minor", models.PositiveBigIntegerField(blank=True, null=True)),
                ("since", models.DateTimeField(verbose_name="since")),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="paused")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="paused until")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_reservations",
                        to="marketplace.household",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_reservations",
                        to="marketplace.hub",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_reservations",
                        to="marketplace.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing reservation",
                "verbose_name_plural": "standing reservations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=["hub", "product"],
                        name="standing_reservation_runs",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stopped_at__isnull", True)),
                        fields=("household", "hub", "product"),
                        name="standing_reservation_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("firm__gte", 1)), name="standing_reservation_firm_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Street",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("postcode", models.CharField(blank=True, max_length=16, verbose_name="postcode")),
                ("town", models.CharField(blank=True, max_length=80, verbose_name="town")),
                ("latitude", models.FloatField(verbose_name="latitude")),
                ("longitude", models.FloatField(verbose_name="longitude")),
                ("folded", models.CharField(editable=False, max_length=240)),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="streets", to="marketplace.hub"
                    ),
                ),
            ],
            options={
                "verbose_name": "street",
                "verbose_name_plural": "streets",
                "ordering": ["name", "town", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("hub", "name", "town"), name="street_once_per_town"),
                    models.CheckConstraint(
                        condition=models.Q(("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))),
                        name="street_on_earth",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merchant_since", models.DateTimeField(blank=True, null=True, verbose_name="merchant reads from")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("settled", "settled")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "waiting_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("household", "household"),
                            ("host", "host"),
                            ("hub", "hub"),
                            ("merchant", "merchant"),
                        ],
                        max_length=10,
                        verbose_name="waits for",
                    ),
                ),
                ("waiting_since", models.DateTimeField(blank=True, null=True, verbose_name="waits since")),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("last_at", models.DateTimeField(verbose_name="last message")),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.household",
                    ),
                ),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="threads", to="marketplace.hub"
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.merchant",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.offer",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.purchaseorderline",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="marketplace.reservation",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("waiting_for", ""), _negated=True),
                        fields=["hub", "waiting_since"],
                        name="thread_unanswered",
                    ),
                    models.Index(fields=["household", "-last_at"], name="thread_by_household"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("offer__isnull", True)),
                        fields=("reservation",),
                        name="thread_once_per_reservation",
                    ),
                    models.UniqueConstraint(fields=("reservation", "offer"), name="thread_once_per_line"),
                    models.UniqueConstraint(fields=("order_line",), name="thread_once_per_order_line"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("household__isnull", False),
                                ("order_line__isnull", True),
                                ("reservation__isnull", False),
                            ),
                            models.Q(
                                ("household__isnull", True),
                                ("merchant__isnull", False),
                                ("offer__isnull", True),
                                ("order_line__isnull", False),
                                ("reservation__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="thread_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "settled"])), name="thread_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("waiting_for", ""), ("waiting_since__isnull", True)),
                            models.Q(
                                ("waiting_for__in", ["household", "host", "hub", "merchant"]),
                                ("waiting_since__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="thread_waiting_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrialUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("used_at", models.DateTimeField()),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trial_uses",
                        to="marketplace.household",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trial_uses", to="marketplace.round"
                    ),
                ),
            ],
            options={
                "verbose_name": "trial order",
                "verbose_name_plural": "trial orders",
                "constraints": [models.UniqueConstraint(fields=("household", "round"), name="trial_order_once")],
            },
        ),
        migrations.CreateModel(
            name="VolunteerShift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=80, verbose_name="task")),
                ("needed", models.PositiveSmallIntegerField(default=1, verbose_name="people needed")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="good to know")),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="marketplace.handover"
                    ),
                ),
            ],
            options={
                "verbose_name": "shift",
                "verbose_name_plural": "shifts",
                "ordering": ["starts_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "task", "starts_at"), name="volunteer_shift_once"),
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)), name="volunteer_shift_needs_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="volunteer_shift_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WishTopic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "hub",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wish_topics", to="marketplace.hub"
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="others",
                        to="marketplace.wishtopic",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic of wishes",
                "verbose_name_plural": "topics of wishes",
                "constraints": [models.UniqueConstraint(fields=("hub", "key"), name="wish_topic_once")],
            },
        ),
        migrations.CreateModel(
            name="ClaimPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request_key", models.CharField(max_length=80)),
                ("content", models.BinaryField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="marketplace.claim",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.reservation"
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of a claim",
                "verbose_name_plural": "pictures of claims",
            },
        ),
        migrations.CreateModel(
            name="HandOutTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("handed_over", "handed_over"), ("no_show", "no_show"), ("undo", "undo")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("recorded_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
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
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks",
                        to="marketplace.deputylink",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="marketplace.handover"
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="marketplace.reservation"
                    ),
                ),
            ],
            options={
                "verbose_name": "tick of a hand-out list",
                "verbose_name_plural": "ticks of hand-out lists",
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "no_show"), ("told_at__isnull", True)),
                        fields=["at"],
                        name="hand_out_no_show_untold",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("handover", "key"), name="hand_out_tick_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["handed_over", "no_show", "undo"])),
                        name="hand_out_tick_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", True), ("deputy__isnull", False)),
                            models.Q(("by__isnull", False), ("deputy__isnull", True)),
                            _connector="OR",
                        ),
                        name="hand_out_tick_by_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("household", "household"),
                            ("host", "host"),
                            ("hub", "hub"),
                            ("merchant", "merchant"),
                        ],
                        max_length=10,
                        verbose_name="side",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("request_key", models.CharField(max_length=80)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages_written",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="marketplace.thread",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [models.Index(fields=["thread", "id"], name="message_in_thread")],
                "constraints": [
                    models.UniqueConstraint(fields=("by", "request_key"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["household", "host", "hub", "merchant"])),
                        name="message_side_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("inbox", "inbox"), ("email", "email"), ("push", "push")],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("given_up", "given up")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="marketplace.notice"
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery of a notice",
                "verbose_name_plural": "deliveries of notices",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["due_at"], name="notice_delivery_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "channel"), name="notice_delivery_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "sent", "given_up"])),
                        name="notice_delivery_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftVolunteer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed_at", models.DateTimeField()),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.household"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="volunteers",
                        to="marketplace.volunteershift",
                    ),
                ),
            ],
            options={
                "verbose_name": "volunteer",
                "verbose_name_plural": "volunteers",
                "ordering": ["signed_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("user", "shift"), name="shift_volunteer_once")],
            },
        ),
        migrations.CreateModel(
            name="StandingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "will be reserved"),
                            ("placed", "reserved"),
                            ("held", "was in the basket already"),
                            ("skipped", "left out this once, as asked"),
                            ("absent", "left out, as the household is away"),
                            ("paused", "left out, as it is paused"),
                            ("not_offered", "not offered in this round"),
                            ("refused", "could not be reserved"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="reason")),
                ("units", models.PositiveIntegerField(default=0, verbose_name="units")),
                ("at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_runs",
                        to="marketplace.round",
                    ),
                ),
                (
                    "standing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="marketplace.standingreservation",
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_runs",
                        to="marketplace.orderingwindow",
                    ),
                ),
            ],
            options={
                "verbose_name": "run of a standing reservation",
                "verbose_name_plural": "runs of standing reservations",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["window"], name="standing_run_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("standing", "round"), name="standing_run_once_per_round")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreadRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.PositiveBigIntegerField()),
                (
                    "thread",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="marketplace.thread",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="threads_read",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "thread read",
                "verbose_name_plural": "threads read",
                "constraints": [models.UniqueConstraint(fields=("thread", "user"), name="thread_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=60, verbose_name="what")),
                (
                    "a_week",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="how many a week, about"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("offered", "offered"), ("withdrawn", "taken back")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("not_these", models.JSONField(blank=True, default=list)),
                ("since", models.DateTimeField(verbose_name="since")),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="marketplace.household"
                    ),
                ),
                (
                    "offered",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_wishes",
                        to="marketplace.offer",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="marketplace.wishtopic"
                    ),
                ),
            ],
            options={
                "verbose_name": "wish",
                "verbose_name_plural": "wishes",
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["topic"], name="wish_open")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("household", "topic"),
                        name="wish_once_per_topic",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "offered", "withdrawn"])), name="wish_state_known"
                    ),
                ],
            },
        ),
    ]
