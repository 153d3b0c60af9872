import datetime
import uuid

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("intakes", "0001_initial"),
        ("portal", "0001_initial"),
        ("portal", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                (
                    "mode",
                    models.CharField(
                        choices=[("handed_out", "Handed out already"), ("to_pay", "Ask for approval to hand out")],
                        max_length=12,
                        verbose_name="kind of batch",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("paid", "Paid"),
                            ("withdrawn", "Withdrawn"),
                            ("reversed", "Reversed"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("file_sha256", models.CharField(blank=True, max_length=64)),
                ("by_command", models.BooleanField(default=False)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-entered_at", "-id"),
                "indexes": [
                    models.Index(fields=["unit", "half"], name="batch_unit_half"),
                    models.Index(fields=["state", "submitted_at", "id"], name="batch_state_submitted"),
                    models.Index(fields=["half", "id"], name="batch_half_id"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("entered_at__isnull", True),
                                models.Q(
                                    (
                                        "entered_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("entered_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("submitted_at__isnull", True),
                                models.Q(
                                    (
                                        "submitted_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("submitted_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("approved_at__isnull", True),
                                models.Q(
                                    (
                                        "approved_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("approved_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("paid_at__isnull", True),
                                models.Q(
                                    ("paid_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("paid_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("closed_at__isnull", True),
                                models.Q(
                                    (
                                        "closed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("closed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="batch_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "title__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="batch_title_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="batch_half"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["handed_out", "to_pay"])), name="batch_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["draft", "submitted", "returned", "approved", "paid", "withdrawn", "reversed"],
                            )
                        ),
                        name="batch_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "paid", "reversed"]), _negated=True),
                            ("by_command", True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="batch_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                models.Q(("approved_by", models.F("entered_by")), _negated=True),
                                models.Q(
                                    ("submitted_by__isnull", True),
                                    models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="batch_not_approved_by_its_maker",
                        violation_error_message="You cannot approve a batch that you entered or submitted yourself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["paid", "reversed"]), _negated=True),
                            ("paid_at__isnull", False),
                            _connector="OR",
                        ),
                        name="batch_paid_at",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["returned", "withdrawn", "reversed"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="batch_reason_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="scholarships.batch"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at__isnull", True),
                            models.Q(
                                ("at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="batch_event_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("file_sha256", models.CharField(max_length=64)),
                ("corrects", models.BooleanField(default=False)),
                ("rows", models.PositiveIntegerField()),
                ("amount", models.BigIntegerField()),
                ("total_row", models.BigIntegerField(blank=True, null=True)),
                ("known", models.PositiveIntegerField(default=0)),
                ("left_rows", models.PositiveIntegerField(default=0)),
                ("left_amount", models.BigIntegerField(default=0)),
                ("left_reason", models.CharField(blank=True, max_length=300)),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="scholarships.batch"
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intakes.intake",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["batch"], name="batch_file_batch")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("taken_at__isnull", True),
                                models.Q(
                                    ("taken_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("taken_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("undone_at__isnull", True),
                                models.Q(
                                    (
                                        "undone_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("undone_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="batch_file_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchSight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sights", to="scholarships.batch"
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
                "ordering": ("batch", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seen_at__isnull", True),
                            models.Q(
                                ("seen_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("seen_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="batch_sight_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("batch", "user"), name="batch_sight_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disbursement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("late_for", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("given_on", models.DateField(verbose_name="given on")),
                (
                    "circumstance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("poor", "Poor household"),
                            ("near_poor", "Near-poor household"),
                            ("hardship", "Hardship"),
                            ("orphan", "Orphan"),
                            ("disability", "Disability"),
                            ("illness", "Serious illness"),
                            ("policy", "Family under preferential policy"),
                            ("merit", "Achievement"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="circumstance",
                    ),
                ),
                ("circumstance_text", models.CharField(blank=True, max_length=120)),
                ("is_hardship", models.BooleanField(default=False)),
                ("school", models.CharField(blank=True, max_length=160, verbose_name="school")),
                ("school_class", models.CharField(blank=True, max_length=40, verbose_name="class")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("fund", "Paid from the fund"),
                            ("direct", "Paid directly by the giver"),
                            ("in_kind", "In kind"),
                        ],
                        default="fund",
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("sheet", models.CharField(blank=True, max_length=80)),
                ("row_number", models.PositiveIntegerField(blank=True, null=True)),
                ("repeat_no", models.PositiveSmallIntegerField(default=1)),
                ("repeat_reason", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("paid_at", models.DateTimeField(blank=True, null=True)),
                ("reversed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reversed_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                ("reversal_reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
                ("taken_out", models.BooleanField(db_default=False, default=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disbursements",
                        to="scholarships.batch",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scholarships.batchfile",
                    ),
                ),
                (
                    "left_with",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scholarships.batchfile",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="scholarships.disbursement",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disbursements",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("batch", "id"),
                "indexes": [
                    models.Index(fields=["batch"], name="disbursement_batch"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["half"], name="disbursement_half"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("given_on__isnull", True),
                                ("given_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("created_at__isnull", True),
                                models.Q(
                                    (
                                        "created_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("created_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("paid_at__isnull", True),
                                models.Q(
                                    ("paid_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("paid_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("reversed_at__isnull", True),
                                models.Q(
                                    (
                                        "reversed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("reversed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="disbursement_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaces__isnull", False), ("reversed_at__isnull", True)),
                        fields=("replaces",),
                        name="disbursement_replaced_once",
                        violation_error_message="Another row corrects the same gift already. Check the batch again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="disbursement_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "circumstance__in",
                                [
                                    "poor",
                                    "near_poor",
                                    "hardship",
                                    "orphan",
                                    "disability",
                                    "illness",
                                    "policy",
                                    "merit",
                                    "other",
                                    "",
                                ],
                            )
                        ),
                        name="disbursement_circumstance",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="disbursement_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repeat_no", 1),
                            models.Q(("repeat_no__gt", 1), models.Q(("repeat_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="disbursement_repeat_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_out", False),
                            models.Q(("paid_at__isnull", True), ("reversed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="disbursement_taken_out_unpaid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reversal_reason", ""), ("reversed_at__isnull", True), ("reversed_half", "")),
                            models.Q(
                                ("reversed_at__isnull", False),
                                ("reversed_half__regex", "^\\d{4}-H[12]$"),
                                models.Q(("reversal_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disbursement_reversal_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("number", models.CharField(max_length=40, verbose_name="number of the decision")),
                ("decided_on", models.DateField(verbose_name="day of the decision")),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="scholarships.disbursement",
                    ),
                ),
            ],
            options={
                "ordering": ("row",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_on__isnull", True),
                                ("decided_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("issued_at__isnull", True),
                                models.Q(
                                    (
                                        "issued_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("issued_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="certificate_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "number__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="certificate_number_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("balance", models.BigIntegerField(default=0, editable=False, verbose_name="balance")),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("bank_bin", models.CharField(blank=True, max_length=6, verbose_name="bank")),
                ("bank_account", models.CharField(blank=True, max_length=19, verbose_name="account number")),
                ("bank_account_name", models.CharField(blank=True, max_length=120, verbose_name="account holder")),
                (
                    "low_below",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Below it the home page says so; it also does when waiting batches need more than there is.",
                        null=True,
                        verbose_name="said to be low below",
                    ),
                ),
                ("is_main", models.BooleanField(default=True, verbose_name="main fund of the unit")),
                ("is_public", models.BooleanField(default=False, verbose_name="shown to the public")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funds",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("unit", "name"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_on__isnull", True),
                            ("opened_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                            _connector="OR",
                        ),
                        name="fund_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="fund_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low_below__isnull", True), ("low_below__gt", 0), _connector="OR"),
                        name="fund_low_below",
                        violation_error_message="Write an amount above zero, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("balance__gte", 0)),
                        name="fund_not_negative",
                        violation_error_message="The fund does not hold enough money for this.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)),
                        fields=("unit",),
                        name="fund_one_main_per_unit",
                        violation_error_message="The unit has a main fund already. Change that one first.",
                    ),
                    models.UniqueConstraint(
                        fields=("unit", "name"),
                        name="fund_name_once",
                        violation_error_message="The unit has a fund of this name already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Donation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("donor_name", models.CharField(max_length=160, verbose_name="donor")),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="wishes to be anonymous")),
                ("may_be_named", models.BooleanField(default=False, verbose_name="agrees to be named in public")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("people", "People"),
                            ("organisation", "Organisation or business"),
                            ("local_budget", "Local budget"),
                        ],
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                (
                    "goods",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="what was given in kind"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("received_on", models.DateField(verbose_name="received on")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("receipt_year", models.PositiveSmallIntegerField()),
                ("receipt_number", models.PositiveIntegerField(default=0, verbose_name="receipt number")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("request_key", models.UUIDField(blank=True, null=True, unique=True)),
                ("reversed_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled")),
                (
                    "reversed_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                ("reversal_reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reversal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="donations",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
            ],
            options={
                "ordering": ("-received_on", "-id"),
                "indexes": [
                    models.Index(fields=["fund", "-received_on", "-id"], name="donation_of_fund"),
                    models.Index(fields=["half", "unit"], name="donation_half_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("received_on__isnull", True),
                                ("received_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recorded_at__isnull", True),
                                models.Q(
                                    (
                                        "recorded_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("recorded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("reversed_at__isnull", True),
                                models.Q(
                                    (
                                        "reversed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("reversed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="donation_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="donation_half"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "donor_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="donation_donor_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("amount__lt", 1000000000000000)),
                        name="donation_positive",
                        violation_error_message="A gift is above zero and below a million billion đồng.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_anonymous", False),
                            models.Q(("donor_name", "Nhà hảo tâm ẩn danh"), ("may_be_named", False)),
                            _connector="OR",
                        ),
                        name="donation_anonymous_unnamed",
                        violation_error_message="Who wishes to be anonymous is not named in public.",
                    ),
                    models.UniqueConstraint(
                        fields=("unit", "receipt_year", "receipt_number"), name="donation_receipt_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["people", "organisation", "local_budget"])),
                        name="donation_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reversal__isnull", True),
                                ("reversal_reason", ""),
                                ("reversed_at__isnull", True),
                                ("reversed_half", ""),
                            ),
                            models.Q(
                                ("reversal__isnull", False),
                                ("reversal_reason__regex", "^.{10,}$"),
                                ("reversed_at__isnull", False),
                                ("reversed_half__gte", models.F("half")),
                            ),
                            _connector="OR",
                        ),
                        name="donation_cancelled_whole",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="disbursement",
            name="fund",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scholarships.fund",
            ),
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("mapping", models.JSONField(default=dict)),
                ("lines_read", models.PositiveIntegerField(verbose_name="lines")),
                ("lines_new", models.PositiveIntegerField(verbose_name="new lines")),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_at__isnull", True),
                            models.Q(
                                ("taken_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("taken_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="bank_statement_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FundAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank_bin", models.CharField(blank=True, max_length=6, verbose_name="bank")),
                ("bank_account", models.CharField(blank=True, max_length=19, verbose_name="account number")),
                ("bank_account_name", models.CharField(blank=True, max_length=120, verbose_name="account holder")),
                ("since", models.DateTimeField(auto_now_add=True, verbose_name="in force since")),
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
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since__isnull", True),
                            models.Q(
                                ("since__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("since__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="fund_account_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", True), ("proposal__isnull", True)),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("proposal__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="fund_account_two_persons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GivingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
            ],
            options={
                "indexes": [models.Index(fields=["half", "id"], name="giving_change_of_half")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("half", ""), ("half__regex", "^\\d{4}-H[12]$"), _connector="OR"),
                        name="giving_change_half",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("on_date", models.DateField(verbose_name="date of hand-over")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("decision", models.CharField(max_length=200, verbose_name="decision")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "from_fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_on",
                        to="scholarships.fund",
                        verbose_name="from",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "to_fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_over",
                        to="scholarships.fund",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("on_date__isnull", True),
                                ("on_date__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recorded_at__isnull", True),
                                models.Q(
                                    (
                                        "recorded_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("recorded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="hand_over_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="hand_over_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "decision__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="hand_over_decision_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="hand_over_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("from_fund", models.F("to_fund")), _negated=True),
                        name="hand_over_two_funds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "Opening balance"),
                            ("donation", "Donation"),
                            ("payout", "Payment"),
                            ("taken_over", "Taken over from another fund"),
                            ("passed_on", "Handed over to another fund"),
                            ("reversal", "Reversal"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("balance_after", models.BigIntegerField(default=0, editable=False)),
                ("occurred_on", models.DateField(verbose_name="date")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("request_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="scholarships.batch",
                    ),
                ),
                (
                    "donation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="scholarships.donation",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="scholarships.handover",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversals",
                        to="scholarships.ledgerentry",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["fund", "half"], include=("amount", "kind"), name="ledger_fund_half"),
                    models.Index(
                        fields=["fund", "half", "occurred_on", "id"], include=("amount",), name="ledger_fund_by_day"
                    ),
                    models.Index(fields=["fund", "-id"], name="ledger_fund_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("occurred_on__isnull", True),
                                ("occurred_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("created_at__isnull", True),
                                models.Q(
                                    (
                                        "created_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("created_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="ledger_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="ledger_half"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["opening", "donation", "payout", "taken_over", "passed_on", "reversal"])
                        ),
                        name="ledger_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("kind__in", ["opening", "donation", "taken_over"])),
                            models.Q(("amount__lt", 0), ("kind__in", ["payout", "passed_on"])),
                            models.Q(("kind", "reversal"), models.Q(("amount", 0), _negated=True)),
                            _connector="OR",
                        ),
                        name="ledger_sign",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                            models.Q(models.Q(("kind", "reversal"), _negated=True), ("reverses__isnull", True)),
                            _connector="OR",
                        ),
                        name="ledger_reversal_names_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reversal"), _negated=True),
                            ("reason__regex", "^.{10,}$"),
                            _connector="OR",
                        ),
                        name="ledger_reversal_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "payout"), _negated=True), ("batch__isnull", False), _connector="OR"
                        ),
                        name="ledger_payout_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "donation"), _negated=True), ("donation__isnull", False), _connector="OR"
                        ),
                        name="ledger_donation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hand_over__isnull", False), ("kind__in", ["taken_over", "passed_on"])),
                            models.Q(
                                models.Q(("kind__in", ["taken_over", "passed_on"]), _negated=True),
                                ("hand_over__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_hand_over",
                    ),
                    models.UniqueConstraint(fields=("hand_over", "kind"), name="ledger_hand_over_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "opening")), fields=("fund",), name="ledger_one_opening"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "donation")), fields=("donation",), name="ledger_donation_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("day", models.DateField(verbose_name="date")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("words", models.TextField(blank=True, verbose_name="content")),
                ("payer", models.TextField(blank=True, verbose_name="who sent it")),
                ("bank_reference", models.TextField(blank=True, verbose_name="number at the bank")),
                ("balance", models.BigIntegerField(blank=True, null=True, verbose_name="balance at the bank")),
                ("line_key", models.CharField(max_length=64)),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="reason"),
                ),
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
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="scholarships.bankstatement",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_lines",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_line",
                        to="scholarships.ledgerentry",
                    ),
                ),
            ],
            options={
                "ordering": ("day", "id"),
                "indexes": [models.Index(fields=["fund", "day", "id"], name="bank_line_of_fund")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day__isnull", True),
                            ("day__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                            _connector="OR",
                        ),
                        name="bank_line_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("fund", "line_key"), name="bank_line_once"),
                    models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="bank_line_moves"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason", ""),
                            models.Q(("entry__isnull", True), ("reason__regex", "^.{10,}$")),
                            _connector="OR",
                        ),
                        name="bank_line_one_answer",
                        violation_error_message="Say why the line is set aside, in at least ten letters.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("signatures", "Signature sheet"),
                            ("certificates", "Certificates"),
                            ("decision", "Decision with its list"),
                        ],
                        max_length=12,
                        verbose_name="what is printed",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="number of the decision")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="day of the decision")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("content", models.BinaryField(null=True)),
                ("is_failed", models.BooleanField(default=False)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("expired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="scholarships.batch"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scholarships.disbursement",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_on__isnull", True),
                                ("decided_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("asked_at__isnull", True),
                                models.Q(
                                    ("asked_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("asked_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("moved_at__isnull", True),
                                models.Q(
                                    ("moved_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("moved_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("finished_at__isnull", True),
                                models.Q(
                                    (
                                        "finished_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("finished_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("expired_at__isnull", True),
                                models.Q(
                                    (
                                        "expired_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("expired_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="paper_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["signatures", "certificates", "decision"])), name="paper_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("content__isnull", True), ("finished_at__isnull", False), _connector="OR"),
                        name="paper_content_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expired_at__isnull", True),
                            models.Q(("content__isnull", True), ("finished_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_expired_gone",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("batch", "kind", "row"),
                        name="paper_once_at_a_time",
                        nulls_distinct=False,
                        violation_error_message="This paper is being made already. Wait for it, or give it up first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("scholarship", "Scholarship"), ("award", "Award"), ("support", "Support")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("min_amount", models.BigIntegerField(default=50000, verbose_name="least amount")),
                ("max_amount", models.BigIntegerField(default=50000000, verbose_name="greatest amount")),
                (
                    "recurrence",
                    models.CharField(
                        choices=[
                            ("unlimited", "As often as needed"),
                            ("half_year", "Once per half-year"),
                            ("school_year", "Once per school year"),
                            ("once", "Once ever"),
                        ],
                        default="unlimited",
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="meant when a list only names the kind"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("is_public", models.BooleanField(default=False, verbose_name="shown to the public")),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="opens on")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="closes on")),
                ("hands_over_on", models.DateField(blank=True, null=True, verbose_name="handing-over day")),
                (
                    "places",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="How many turns a unit may give under it in a half-year; left empty, as many as are needed.",
                        null=True,
                        verbose_name="places of each unit",
                    ),
                ),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                ("eligibility", models.TextField(blank=True, verbose_name="who may apply")),
                ("how_to_apply", models.TextField(blank=True, verbose_name="how to apply")),
                (
                    "fund",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, each unit pays from its own main fund.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="scholarships.fund",
                        verbose_name="fund",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "name"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("opens_on__isnull", True),
                                ("opens_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("closes_on__isnull", True),
                                ("closes_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("hands_over_on__isnull", True),
                                ("hands_over_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                        ),
                        name="programme_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="programme_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.UniqueConstraint(
                        fields=("unit", "name"),
                        name="programme_name_once",
                        violation_error_message="The unit has a programme of this name already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("unit", "kind"),
                        name="programme_one_default",
                        violation_error_message="The unit has another programme already that is meant when a list only names the kind.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["scholarship", "award", "support"])), name="programme_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recurrence__in", ["unlimited", "half_year", "school_year", "once"])),
                        name="programme_recurrence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("max_amount__gte", models.F("min_amount")), ("min_amount__gt", 0)),
                        name="programme_amounts",
                        violation_error_message="The greatest amount must not be below the least.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on__isnull", True),
                            ("closes_on__isnull", True),
                            ("closes_on__gte", models.F("opens_on")),
                            _connector="OR",
                        ),
                        name="programme_dates",
                        violation_error_message="The closing day must not lie before the opening day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hands_over_on__isnull", True),
                            (
                                "hands_over_on__gte",
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("closes_on"), models.F("opens_on"), models.F("hands_over_on")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="programme_hands_over",
                        violation_error_message="The handing-over day must not lie before the last day to apply.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("places__isnull", True), ("places__gt", 0), _connector="OR"),
                        name="programme_places",
                        violation_error_message="Write how many places there are, or leave it empty.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="donation",
            name="programme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gifts",
                to="scholarships.programme",
                verbose_name="only for the programme",
            ),
        ),
        migrations.CreateModel(
            name="DisbursementSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("source", models.CharField(max_length=8)),
                ("turns", models.BigIntegerField(default=0)),
                ("amount", models.BigIntegerField(default=0)),
                ("hardship_turns", models.BigIntegerField(default=0)),
                ("hardship_amount", models.BigIntegerField(default=0)),
                ("recalled_turns", models.BigIntegerField(default=0)),
                ("recalled_amount", models.BigIntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scholarships.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("half", "unit", "programme", "source"),
                        include=("turns", "amount"),
                        name="disbursement_sum_key",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="disbursement",
            name="programme",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disbursements",
                to="scholarships.programme",
                verbose_name="programme",
            ),
        ),
        migrations.CreateModel(
            name="Allotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("granted_at", models.DateTimeField(auto_now=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.proposedchange",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allotments",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allotments",
                        to="scholarships.programme",
                        verbose_name="programme",
                    ),
                ),
            ],
            options={
                "ordering": ("programme", "unit"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("granted_at__isnull", True),
                            models.Q(
                                ("granted_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("granted_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="allotment_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("programme", "unit"), name="allotment_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="allotment_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_by__isnull", True), ("proposal__isnull", True)),
                            models.Q(
                                ("agreed_by__isnull", False),
                                ("proposal__isnull", False),
                                models.Q(("agreed_by", models.F("granted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="allotment_agreed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_name", models.CharField(max_length=120, verbose_name="full name")),
                ("name_key", models.CharField(editable=False, max_length=120)),
                ("sort_key", models.CharField(editable=False, max_length=400)),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of birth")),
                ("birth_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("female", "Female"), ("male", "Male")],
                        max_length=6,
                        verbose_name="gender",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pupil", "Pupil"),
                            ("student", "Student"),
                            ("teacher", "Teacher"),
                            ("other", "Other"),
                        ],
                        default="pupil",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("school", models.CharField(blank=True, max_length=160, verbose_name="school")),
                ("school_class", models.CharField(blank=True, max_length=40, verbose_name="class")),
                (
                    "guardian_name",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="guardian"),
                ),
                (
                    "guardian_phone",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=16, verbose_name="guardian's phone"
                    ),
                ),
                ("search_text", models.TextField(db_default="", default="", editable=False)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipients",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("sort_key", "id"),
                "abstract": False,
                "indexes": [
                    models.Index(fields=["name_key", "birth_year"], name="recipient_called"),
                    models.Index(fields=["sort_key", "id"], name="recipient_sort_key"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "full_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "name_key__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="recipient_full_name_given",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gender__in", ["female", "male", ""])), name="recipient_gender"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("birth_month__isnull", True),
                                models.Q(("birth_month__range", (1, 12)), ("birth_year__isnull", False)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("birth_day__isnull", True),
                                models.Q(("birth_day__range", (1, 31)), ("birth_month__isnull", False)),
                                _connector="OR",
                            ),
                        ),
                        name="recipient_birth_whole",
                    ),
                    models.UniqueConstraint(
                        fields=("unit", "name_key", "birth_year", "birth_month", "birth_day"),
                        name="recipient_key",
                        nulls_distinct=False,
                        violation_error_message="One of the people has been recorded in the meantime. Check the batch again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pupil", "student", "teacher", "other"])),
                        name="recipient_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("guardian_phone", ""), ("guardian_phone__regex", "^[+]\\d{8,15}$"), _connector="OR"
                        ),
                        name="recipient_guardian_phone",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="disbursement",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="disbursements",
                to="scholarships.recipient",
                verbose_name="recipient",
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("data", "Keeping the child's data"), ("publishing", "Publishing name and picture")],
                        max_length=12,
                        verbose_name="what for",
                    ),
                ),
                ("text_version", models.CharField(max_length=20, verbose_name="version of the words")),
                ("guardian_name", models.CharField(max_length=120, verbose_name="guardian")),
                ("child_agrees", models.BooleanField(default=False, verbose_name="the child agrees too")),
                ("given_on", models.DateField(verbose_name="given on")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="withdrawn on")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="scholarships.recipient",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("given_on__isnull", True),
                                ("given_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("withdrawn_on__isnull", True),
                                ("withdrawn_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recorded_at__isnull", True),
                                models.Q(
                                    (
                                        "recorded_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("recorded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="consent_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "guardian_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="consent_guardian_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text_version__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="consent_version_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["data", "publishing"])), name="consent_purpose"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)),
                            models.Q(
                                ("withdrawn_by__isnull", False),
                                ("withdrawn_on__gte", models.F("given_on")),
                                ("withdrawn_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on__isnull", True)),
                        fields=("recipient", "purpose"),
                        name="consent_one_standing",
                        violation_error_message="This consent is recorded already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecipientVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("is_same", models.BooleanField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts_kept",
                        to="scholarships.recipient",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts_other",
                        to="scholarships.recipient",
                    ),
                ),
                (
                    "undone_by",
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
                "ordering": ("-id",),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                models.Q(
                                    (
                                        "decided_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("decided_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("undone_at__isnull", True),
                                models.Q(
                                    (
                                        "undone_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("undone_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="recipientverdict_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="recipientverdict_reason_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("other")), _negated=True), name="recipientverdict_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="recipientverdict_undone_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_same", True), ("undone_at__isnull", True)),
                        fields=("other",),
                        name="recipient_joined_once",
                        violation_error_message="One of the two has been joined with somebody already. Look again.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("kept", "other"),
                        name="recipient_verdict_once",
                        violation_error_message="Somebody has decided on these two already. Look again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RowRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="what is to be looked at")),
                ("written_at", models.DateTimeField(auto_now=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="scholarships.batchevent",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="scholarships.disbursement",
                    ),
                ),
            ],
            options={
                "ordering": ("row", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_at__isnull", True),
                            models.Q(
                                ("written_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("written_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="row_remark_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="row_remark_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("event__isnull", True)),
                        fields=("row",),
                        name="row_remark_one_open",
                        violation_error_message="Somebody else is writing a remark on the same row. Look at the batch again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True, verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="sealed")),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("ledger_ids", models.TextField()),
                ("ledger_digest", models.CharField(max_length=64)),
                ("ledger_last", models.BigIntegerField()),
                ("ledger_floor", models.BigIntegerField()),
                ("audit_ids", models.TextField()),
                ("audit_digest", models.CharField(max_length=64)),
                ("audit_last", models.BigIntegerField()),
                ("audit_floor", models.BigIntegerField()),
                ("horizon", models.BigIntegerField()),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at__isnull", True),
                            models.Q(
                                ("at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="sealed_block_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 1), ("previous", ""), _connector="OR"),
                        name="sealed_block_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TopUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes, by a decision"), ("no", "No"), ("unsaid", "Taken back: not known yet")],
                        max_length=8,
                        verbose_name="top-up policy",
                    ),
                ),
                ("decision", models.CharField(blank=True, max_length=120, verbose_name="decision")),
                ("amount", models.BigIntegerField(default=0, verbose_name="amount of a year")),
                ("is_declared", models.BooleanField(default=False)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="top_ups",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-year", "unit", "-id"),
                "indexes": [models.Index(fields=["unit", "year"], name="top_up_unit_year")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_at__isnull", True),
                            models.Q(
                                ("entered_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("entered_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="top_up_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="top_up_half"),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["yes", "no", "unsaid"])), name="top_up_answer"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gte", 0), ("answer", "yes")), ("amount", 0), _connector="OR"
                        ),
                        name="top_up_amount",
                        violation_error_message="An amount belongs to a policy only.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "yes"), _negated=True),
                            ("is_declared", True),
                            models.Q(models.Q(("decision", ""), _negated=True), ("amount__gt", 0)),
                            _connector="OR",
                        ),
                        name="top_up_decision",
                        violation_error_message="Write the decision and its amount.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="donation",
            index=models.Index(
                condition=models.Q(("programme__isnull", False)), fields=["fund"], name="donation_restricted"
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(fields=["unit", "half", "programme"], include=("amount",), name="disbursement_sums"),
        ),
        migrations.AddConstraint(
            model_name="disbursement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reversed_at__isnull", True)),
                fields=("unit", "half", "programme", "recipient", "given_on", "amount", "repeat_no"),
                name="disbursement_key",
                nulls_distinct=False,
                violation_error_message="One of the rows has been recorded in the meantime. Check the batch again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="disbursement",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["fund", "direct", "in_kind"])), name="disbursement_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="disbursement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fund__isnull", False), ("source__in", ["fund"])),
                    models.Q(models.Q(("source__in", ["fund"]), _negated=True), ("fund__isnull", True)),
                    _connector="OR",
                ),
                name="disbursement_fund",
            ),
        ),
    ]
