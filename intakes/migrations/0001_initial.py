import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("portal", "0001_initial"),
        ("portal", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("disbursements", "Scholarship list"),
                            ("members", "Member list"),
                            ("titles", "List of learning titles"),
                        ],
                        max_length=20,
                    ),
                ),
                ("half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("handed_out", "Handed out already"), ("to_pay", "Ask for approval to hand out")],
                        max_length=20,
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("file_sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField(null=True)),
                ("cells", models.BinaryField(null=True)),
                ("reading", models.BinaryField(null=True)),
                ("reading_key", models.CharField(blank=True, max_length=64)),
                ("being_read_since", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.JSONField(blank=True, null=True)),
                ("mapping", models.JSONField(default=dict)),
                ("repairs", models.JSONField(default=dict)),
                ("decisions", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                ("taken_into", models.PositiveBigIntegerField(blank=True, null=True)),
                ("left_rows", models.PositiveIntegerField(blank=True, null=True)),
                ("corrects", models.BooleanField(default=False)),
                ("is_guessed", models.BooleanField(default=False)),
                ("said", models.JSONField(default=dict)),
                ("row_count", models.PositiveIntegerField(blank=True, null=True)),
                ("to_mend", models.PositiveIntegerField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-uploaded_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("uploaded_at__isnull", True),
                                models.Q(
                                    (
                                        "uploaded_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("uploaded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("being_read_since__isnull", True),
                                models.Q(
                                    (
                                        "being_read_since__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    (
                                        "being_read_since__lt",
                                        datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC),
                                    ),
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
                                ("warned_at__isnull", True),
                                models.Q(
                                    (
                                        "warned_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("warned_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="intake_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["disbursements", "members", "titles"])), name="intake_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["handed_out", "to_pay", ""])), name="intake_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("corrects", False), ("taken_into__isnull", False), _connector="OR"),
                        name="intake_corrects_a_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content__isnull", False), ("finished_at__isnull", True)),
                            models.Q(
                                ("cells__isnull", True),
                                ("content__isnull", True),
                                ("finished_at__isnull", False),
                                ("reading__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="intake_content_cleared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeHelper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="intakes.intake"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("intake", "person"),
                "constraints": [models.UniqueConstraint(fields=("intake", "person"), name="intake_helper_once")],
            },
        ),
        migrations.CreateModel(
            name="RememberedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("disbursements", "Scholarship list"),
                            ("members", "Member list"),
                            ("titles", "List of learning titles"),
                        ],
                        max_length=20,
                    ),
                ),
                ("layout", models.CharField(max_length=64)),
                ("topic", models.CharField(max_length=200)),
                ("choice", models.CharField(max_length=300)),
                ("answered_at", models.DateTimeField(auto_now=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
            ],
            options={
                "ordering": ("unit", "kind", "layout", "topic"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            models.Q(
                                ("answered_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("answered_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="remembered_answer_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["disbursements", "members", "titles"])),
                        name="remembered_answer_kind",
                    ),
                    models.UniqueConstraint(fields=("unit", "kind", "layout", "topic"), name="remembered_answer_once"),
                ],
            },
        ),
    ]
