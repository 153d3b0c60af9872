import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
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
            name="Member",
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
                ("search_text", models.CharField(blank=True, editable=False, max_length=300)),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone")),
                (
                    "card_number",
                    models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="card number"),
                ),
                ("occupation", models.CharField(blank=True, max_length=120, verbose_name="occupation")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="members.member",
                        verbose_name="same person as",
                    ),
                ),
            ],
            options={
                "ordering": ("sort_key", "id"),
                "abstract": False,
                "indexes": [
                    models.Index(fields=["name_key", "birth_year", "id"], name="member_name_birth"),
                    models.Index(fields=["phone"], name="member_phone", opclasses=["varchar_pattern_ops"]),
                    models.Index(fields=["card_number"], name="member_card_number", opclasses=["varchar_pattern_ops"]),
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
                        name="member_full_name_given",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gender__in", ["female", "male", ""])), name="member_gender"
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
                        name="member_birth_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^\\+84[0-9]{9,10}$"), _connector="OR"),
                        name="member_phone_written",
                        violation_error_message="This is not a Vietnamese phone number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
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
                                ("erased_at__isnull", True),
                                models.Q(
                                    (
                                        "erased_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("erased_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="member_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("address", ""),
                                ("birth_year__isnull", True),
                                ("card_number", ""),
                                ("full_name", "(đã xóa theo yêu cầu)"),
                                ("gender", ""),
                                ("occupation", ""),
                                ("phone", ""),
                                ("search_text", ""),
                            ),
                            _connector="OR",
                        ),
                        name="member_erased_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="member_merged_into_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("text", models.TextField(verbose_name="text")),
                ("first_used_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_used_at__isnull", True),
                            models.Q(
                                (
                                    "first_used_at__gte",
                                    datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                ),
                                ("first_used_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="consent_text_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="consent_text_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriteriaSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "model",
                    models.CharField(
                        choices=[
                            ("family", "Learning families"),
                            ("lineage", "Learning lineages"),
                            ("community", "Learning communities"),
                            ("organisation", "Learning organisations"),
                            ("citizen", "Learning citizens"),
                        ],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("legal_basis", models.CharField(max_length=300, verbose_name="legal basis")),
                ("least_score", models.PositiveSmallIntegerField(verbose_name="least score")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
            ],
            options={
                "ordering": ("model", "-valid"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isnull", True),
                            ("valid__isempty", True),
                            models.Q(
                                models.Q(
                                    ("valid__lower_inf", True),
                                    (
                                        "valid__startswith__range",
                                        (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
                                    ),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("valid__upper_inf", True),
                                    ("valid__endswith__lte", datetime.date(2100, 1, 1)),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="criteria_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("model__in", ["family", "lineage", "community", "organisation", "citizen"])
                        ),
                        name="criteria_model",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "legal_basis__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="criteria_named",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(condition=models.Q(("least_score__range", (0, 100))), name="criteria_score"),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="criteria_valid_bounded",
                    ),
                    models.UniqueConstraint(fields=("id", "model"), name="criteria_of_model"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.Func(models.F("model"), function="hashtext"),
                                    models.Func(models.F("model"), function="hashtext"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            ("valid", "&&"),
                        ],
                        name="criteria_one_at_a_time",
                        violation_error_message="Other criteria hold for this model on some of these days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DistinctMembers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.member"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("one", "other"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("said_at__isnull", True),
                            models.Q(
                                ("said_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("said_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="distinct_members_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="distinct_members_in_order"
                    ),
                    models.UniqueConstraint(fields=("one", "other"), name="distinct_members_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="distinct_members_reason",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningSubject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("family", "Learning families"),
                            ("lineage", "Learning lineages"),
                            ("community", "Learning communities"),
                            ("organisation", "Learning organisations"),
                            ("citizen", "Learning citizens"),
                        ],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("search_text", models.CharField(editable=False, max_length=300)),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="residential group, hamlet")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_subjects",
                        to="members.member",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_subjects",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["unit", "kind", "name_key"], name="learning_subject_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
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
                                ("erased_at__isnull", True),
                                models.Q(
                                    (
                                        "erased_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("erased_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="learning_subject_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("erased_at__isnull", True),
                            models.Q(
                                ("kind", "citizen"),
                                ("name", "(đã xóa theo yêu cầu)"),
                                ("place", ""),
                                ("search_text", ""),
                            ),
                            _connector="OR",
                        ),
                        name="learning_subject_erased_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["family", "lineage", "community", "organisation", "citizen"])),
                        name="learning_subject_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "name_key__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="learning_subject_name",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member__isnull", True), ("kind", "citizen"), _connector="OR"),
                        name="learning_subject_citizen",
                    ),
                    models.UniqueConstraint(fields=("id", "kind", "unit"), name="learning_subject_of_kind"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["family", "lineage", "community", "organisation"])),
                        fields=("unit", "kind", "name_key", "place"),
                        name="learning_subject_once",
                        violation_error_message="It stands on this unit's list already, at the same place.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LearningTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "model",
                    models.CharField(
                        choices=[
                            ("family", "Learning families"),
                            ("lineage", "Learning lineages"),
                            ("community", "Learning communities"),
                            ("organisation", "Learning organisations"),
                            ("citizen", "Learning citizens"),
                        ],
                        max_length=12,
                        verbose_name="model",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("dossier", "Dossier handed in"),
                            ("assessed", "Self-assessed"),
                            ("evaluated", "Evaluated"),
                            ("recognised", "Recognised"),
                            ("refused", "Not recognised"),
                            ("revoked", "Recognition taken away"),
                            ("withdrawn", "Registration taken back"),
                        ],
                        default="registered",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("registered_on", models.DateField(verbose_name="registered on")),
                ("dossier_on", models.DateField(blank=True, null=True, verbose_name="dossier handed in on")),
                ("assessed_on", models.DateField(blank=True, null=True, verbose_name="self-assessed on")),
                ("own_score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="own score")),
                ("evaluated_on", models.DateField(blank=True, null=True, verbose_name="evaluated on")),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="day of the decision")),
                ("decision", models.CharField(blank=True, max_length=40, verbose_name="number of the decision")),
                ("decided_by", models.CharField(blank=True, max_length=160, verbose_name="who decides")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("revoked_on", models.DateField(blank=True, null=True, verbose_name="recognition taken away on")),
                (
                    "registered_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "dossier_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "assessed_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "evaluated_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "decided_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "revoked_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "criteria",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.criteriaset",
                        verbose_name="criteria",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recognised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="members.learningsubject"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="learning_titles",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["year", "model"], name="title_year_model"),
                    models.Index(fields=["registered_half"], name="title_registered_half"),
                    models.Index(fields=["dossier_half"], name="title_dossier_half"),
                    models.Index(fields=["assessed_half"], name="title_assessed_half"),
                    models.Index(fields=["evaluated_half"], name="title_evaluated_half"),
                    models.Index(fields=["decided_half"], name="title_decided_half"),
                    models.Index(fields=["revoked_half"], name="title_revoked_half"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("registered_on__isnull", True),
                                ("registered_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("dossier_on__isnull", True),
                                ("dossier_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("assessed_on__isnull", True),
                                ("assessed_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("evaluated_on__isnull", True),
                                ("evaluated_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("decided_on__isnull", True),
                                ("decided_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("revoked_on__isnull", True),
                                ("revoked_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
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
                        ),
                        name="title_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("model__in", ["family", "lineage", "community", "organisation", "citizen"])
                        ),
                        name="title_model",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "registered",
                                    "dossier",
                                    "assessed",
                                    "evaluated",
                                    "recognised",
                                    "refused",
                                    "revoked",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="title_state_known",
                    ),
                    models.UniqueConstraint(
                        fields=("subject", "model", "year"),
                        name="title_once_a_year",
                        violation_error_message="A title of this year is registered already.",
                    ),
                    models.CheckConstraint(condition=models.Q(("year__range", (2014, 2099))), name="title_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("own_score__isnull", True), ("own_score__range", (0, 100)), _connector="OR"),
                            models.Q(("score__isnull", True), ("score__range", (0, 100)), _connector="OR"),
                        ),
                        name="title_scores",
                        violation_error_message="A score lies between 0 and 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["registered", "withdrawn", "refused"]),
                                ("dossier_on__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                ("state__in", ["registered", "withdrawn", "dossier", "refused"]),
                                ("assessed_on__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("state__in", ["evaluated", "recognised", "revoked"]), _negated=True),
                                models.Q(("evaluated_on__isnull", False), ("score__isnull", False)),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("state__in", ["recognised", "revoked"]), _negated=True),
                                models.Q(
                                    ("decided_on__isnull", False),
                                    ("recognised_by__isnull", False),
                                    models.Q(("decision", ""), _negated=True),
                                    models.Q(("decided_by", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("revoked_on__isnull", False), ("state", "revoked")),
                                models.Q(models.Q(("state", "revoked"), _negated=True), ("revoked_on__isnull", True)),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("state__in", ["refused", "revoked", "withdrawn"]), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="title_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("dossier_on__isnull", True),
                                ("registered_on__isnull", True),
                                ("dossier_on__gte", models.F("registered_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("assessed_on__isnull", True),
                                ("registered_on__isnull", True),
                                ("assessed_on__gte", models.F("registered_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("evaluated_on__isnull", True),
                                ("registered_on__isnull", True),
                                ("evaluated_on__gte", models.F("registered_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("decided_on__isnull", True),
                                ("registered_on__isnull", True),
                                ("decided_on__gte", models.F("registered_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("assessed_on__isnull", True),
                                ("dossier_on__isnull", True),
                                ("assessed_on__gte", models.F("dossier_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("evaluated_on__isnull", True),
                                ("assessed_on__isnull", True),
                                ("evaluated_on__gte", models.F("assessed_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("decided_on__isnull", True),
                                ("evaluated_on__isnull", True),
                                ("decided_on__gte", models.F("evaluated_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("revoked_on__isnull", True),
                                ("decided_on__isnull", True),
                                ("revoked_on__gte", models.F("decided_on")),
                                _connector="OR",
                            ),
                        ),
                        name="title_days_in_order",
                        violation_error_message="This day lies before an earlier step of the title. Correct one of the days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recognised_by__isnull", True),
                            models.Q(("recognised_by", models.F("entered_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="title_another_person",
                        violation_error_message="Nobody recognises what they entered themselves. Another person decides it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="card number")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="members.member"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
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
                            models.Q(
                                ("ended_at__isnull", True),
                                models.Q(
                                    ("ended_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("ended_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="member_card_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("member",),
                        name="member_card_one_at_a_time",
                        violation_error_message="This member has a card already. End it first, where it is lost.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", False), models.Q(("number", ""), _negated=True), _connector="OR"
                        ),
                        name="member_card_numbered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("values", models.JSONField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="members.member"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_at__isnull", True),
                            models.Q(
                                ("made_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("made_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="member_change_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("given_on", models.DateField(verbose_name="given on")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="withdrawn on")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="members.member"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.consenttext",
                    ),
                ),
            ],
            options={
                "ordering": ("-given_on", "-id"),
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
                        name="member_consent_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_on__isnull", True), ("withdrawn_on__gte", models.F("given_on")), _connector="OR"
                        ),
                        name="member_consent_withdrawn_after",
                        violation_error_message="A consent cannot be withdrawn before it was given.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberJoin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="joins_kept", to="members.member"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="joins", to="members.member"
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
                        name="memberjoin_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="memberjoin_reason_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("other")), _negated=True), name="memberjoin_two"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="memberjoin_undone_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("other",),
                        name="member_joined_once",
                        violation_error_message="One of the two has been joined with somebody already. Look again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_on", models.DateField(verbose_name="joined on")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("half", models.CharField(blank=True, db_default="", max_length=7, verbose_name="half-year")),
                (
                    "left_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "merged_half",
                    models.CharField(blank=True, db_default="", default="", max_length=7, verbose_name="half-year"),
                ),
                (
                    "is_transfer",
                    models.BooleanField(db_default=False, default=False, verbose_name="moved here from another unit"),
                ),
                (
                    "left_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wish", "At their own wish"),
                            ("moved", "Moved away"),
                            ("died", "Died"),
                            ("expelled", "Name taken off the list"),
                            ("other", "Other"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="reason for leaving",
                    ),
                ),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("list_key", models.CharField(db_default="", default="", editable=False, max_length=400)),
                ("list_words", models.CharField(db_default="", default="", editable=False, max_length=300)),
                (
                    "from_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="moved from",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "recorded_by",
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
                        related_name="memberships",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-valid",),
                "indexes": [
                    models.Index(
                        fields=["unit", "list_key", "member"],
                        include=("id", "valid", "list_words"),
                        name="membership_unit_order",
                    ),
                    models.Index(
                        fields=["list_key", "member"],
                        include=("id", "unit", "valid", "list_words"),
                        name="membership_order",
                    ),
                    models.Index(fields=["unit", "joined_on"], name="membership_unit_joined"),
                    models.Index(fields=["half", "unit"], name="membership_half_unit"),
                    models.Index(
                        condition=models.Q(("is_transfer", True)), fields=["recorded_at"], name="membership_moved"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="membership_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_half", ""), ("merged_half__regex", "^\\d{4}-H[12]$"), _connector="OR"
                        ),
                        name="membership_merged_half",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_half", ""), ("valid__upper_inf", True)),
                            models.Q(("left_half__regex", "^\\d{4}-H[12]$"), ("valid__upper_inf", False)),
                            _connector="OR",
                        ),
                        name="membership_left_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("joined_on__isnull", True),
                                ("joined_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                                ("valid__isnull", True),
                                ("valid__isempty", True),
                                models.Q(
                                    models.Q(
                                        ("valid__lower_inf", True),
                                        (
                                            "valid__startswith__range",
                                            (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("valid__upper_inf", True),
                                        ("valid__endswith__lte", datetime.date(2100, 1, 1)),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="membership_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_reason__in", ["wish", "moved", "died", "expelled", "other", ""])),
                        name="membership_left_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_reason", ""), ("valid__upper_inf", False), _connector="OR"),
                        name="membership_reason_left",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_unit__isnull", True), ("is_transfer", True), _connector="OR"),
                        name="membership_moved_from",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("member_id"),
                                    models.F("member_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            ("valid", "&&"),
                        ],
                        name="membership_one_unit_at_a_time",
                        violation_error_message="This member already belongs to a unit for some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="membership_valid_bounded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipApplication",
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
                ("code", models.CharField(max_length=12, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "Waiting"),
                            ("approved", "Taken in"),
                            ("refused", "Not taken in"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone")),
                ("occupation", models.CharField(blank=True, max_length=120, verbose_name="occupation")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "consent_text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.consenttext"
                    ),
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
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="members.member",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-sent_at", "-id"),
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("state", "sent")), fields=["unit"], name="application_waiting")
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
                        name="membershipapplication_full_name_given",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gender__in", ["female", "male", ""])), name="membershipapplication_gender"
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
                        name="membershipapplication_birth_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("sent_at__isnull", True),
                                models.Q(
                                    ("sent_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("sent_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
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
                        ),
                        name="application_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "approved", "refused", "withdrawn"])),
                        name="application_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), ("phone__regex", "^\\+84[0-9]{9,10}$"), _connector="OR"),
                        name="application_phone_written",
                        violation_error_message="This is not a Vietnamese phone number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", False), ("state", "approved")),
                            models.Q(models.Q(("state", "approved"), _negated=True), ("member__isnull", True)),
                            _connector="OR",
                        ),
                        name="application_member_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="application_refused_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipBefore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changed_at", models.DateTimeField(editable=False)),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("left_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("merged_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("is_transfer", models.BooleanField()),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.membership"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_at__isnull", True),
                            models.Q(
                                ("changed_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("changed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="membership_before_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberReveal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("papers", "Compare it with the person's papers"),
                            ("award", "Dossier of a commendation"),
                            ("payment", "Payment, bank or insurance"),
                            ("authority", "An authority asks by law"),
                            ("person", "The person asks"),
                            ("twice", "Tell two entries apart"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="purpose",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reveals",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_at__isnull", True),
                            models.Q(
                                ("made_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("made_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="number_reveal_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("purpose__in", ["papers", "award", "payment", "authority", "person", "twice", "other"])
                        ),
                        name="number_reveal_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="number_reveal_reason",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "title",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("vice_chair", "Vice chair"),
                            ("standing", "Standing committee"),
                            ("committee", "Executive committee"),
                            ("inspection", "Inspection board"),
                            ("secretary", "Secretary"),
                            ("head", "Head of the chapter"),
                            ("deputy", "Deputy head of the chapter"),
                        ],
                        max_length=12,
                        verbose_name="office",
                    ),
                ),
                ("term", models.CharField(blank=True, max_length=20, verbose_name="term")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-valid", "title"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
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
                                ("valid__isnull", True),
                                ("valid__isempty", True),
                                models.Q(
                                    models.Q(
                                        ("valid__lower_inf", True),
                                        (
                                            "valid__startswith__range",
                                            (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
                                        ),
                                        _connector="OR",
                                    ),
                                    models.Q(
                                        ("valid__upper_inf", True),
                                        ("valid__endswith__lte", datetime.date(2100, 1, 1)),
                                        _connector="OR",
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="position_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "title__in",
                                [
                                    "chair",
                                    "vice_chair",
                                    "standing",
                                    "committee",
                                    "inspection",
                                    "secretary",
                                    "head",
                                    "deputy",
                                ],
                            )
                        ),
                        name="position_title",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="position_valid_bounded",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("member_id"),
                                    models.F("member_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.F("unit_id"),
                                    models.F("unit_id"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.Func(models.F("title"), function="hashtext"),
                                    models.Func(models.F("title"), function="hashtext"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            ("valid", "&&"),
                        ],
                        name="position_once_at_a_time",
                        violation_error_message="This person already holds this office for some of these days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleBefore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changed_at", models.DateTimeField(editable=False)),
                ("model", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=12)),
                ("registered_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("dossier_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("assessed_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("evaluated_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("decided_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                ("revoked_half", models.CharField(blank=True, max_length=7, verbose_name="half-year")),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.learningtitle"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("changed_at__isnull", True),
                            models.Q(
                                ("changed_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("changed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="title_before_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, unique=True)),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "title",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="members.learningtitle",
                    ),
                ),
            ],
            options={
                "ordering": ("title",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_at__isnull", True),
                            models.Q(
                                ("issued_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("issued_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="title_certificate_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hand_in", "Dossier handed in"),
                            ("assess", "Self-assessment"),
                            ("evaluate", "Evaluation"),
                            ("recognise", "Recognise"),
                            ("refuse", "Do not recognise"),
                            ("take_back", "One step back"),
                            ("reopen", "Take the decision back"),
                            ("revoke", "Take the recognition away"),
                            ("withdraw", "Registration withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "Registered"),
                            ("dossier", "Dossier handed in"),
                            ("assessed", "Self-assessed"),
                            ("evaluated", "Evaluated"),
                            ("recognised", "Recognised"),
                            ("refused", "Not recognised"),
                            ("revoked", "Recognition taken away"),
                            ("withdrawn", "Registration taken back"),
                        ],
                        max_length=12,
                        verbose_name="state before",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("registered", "Registered"),
                            ("dossier", "Dossier handed in"),
                            ("assessed", "Self-assessed"),
                            ("evaluated", "Evaluated"),
                            ("recognised", "Recognised"),
                            ("refused", "Not recognised"),
                            ("revoked", "Recognition taken away"),
                            ("withdrawn", "Registration taken back"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("on_day", models.DateField(blank=True, null=True, verbose_name="day")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="members.learningtitle"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("on_day__isnull", True),
                                ("on_day__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("made_at__isnull", True),
                                models.Q(
                                    ("made_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("made_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="title_change_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "verb__in",
                                [
                                    "hand_in",
                                    "assess",
                                    "evaluate",
                                    "recognise",
                                    "refuse",
                                    "take_back",
                                    "reopen",
                                    "revoke",
                                    "withdraw",
                                    "",
                                ],
                            )
                        ),
                        name="title_change_verb",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    "registered",
                                    "dossier",
                                    "assessed",
                                    "evaluated",
                                    "recognised",
                                    "refused",
                                    "revoked",
                                    "withdrawn",
                                    "",
                                ],
                            )
                        ),
                        name="title_change_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "target__in",
                                [
                                    "registered",
                                    "dossier",
                                    "assessed",
                                    "evaluated",
                                    "recognised",
                                    "refused",
                                    "revoked",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="title_change_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("verb__in", ["take_back", "reopen", "revoke", "refuse", "withdraw"]), _negated=True
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="title_change_back_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CitizenNumber",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="citizen_number",
                        serialize=False,
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                ("sealed", models.CharField(max_length=400)),
                ("digest", models.CharField(max_length=64)),
                (
                    "difference",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=300, verbose_name="why it differs"
                    ),
                ),
            ],
            options={
                "verbose_name": "citizen number",
                "ordering": ("member",),
                "indexes": [models.Index(fields=["digest", "member"], name="citizen_number_digest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sealed__regex", "^gAAAA[A-Za-z0-9_=-]+$")), name="citizen_number_sealed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="citizen_number_digested"
                    ),
                ],
            },
        ),
    ]
