import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import members.models.member


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("portal", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            },
        ),
        migrations.CreateModel(
            name="DistinctMembers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("said_at", models.DateTimeField(auto_now_add=True)),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
            ],
            options={
                "ordering": ("one", "other"),
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
            },
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name_key"], name="member_name_key"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["sort_key", "id"], name="member_sort_key"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=django.contrib.postgres.indexes.GinIndex(
                members.models.member.NameWords("search_text"), name="member_name_words"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True),
                fields=["phone"],
                name="member_phone",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("card_number", ""), _negated=True),
                fields=["card_number"],
                name="member_card_number",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "full_name__regex",
                        "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]",
                    ),
                    (
                        "name_key__regex",
                        "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]",
                    ),
                ),
                name="member_full_name_given",
                violation_error_message="Write a name in which something can be seen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("gender__in", ["female", "male", ""])), name="member_gender"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone", ""), ("phone__regex", "^\\+84[0-9]{9,10}$"), _connector="OR"),
                name="member_phone_written",
                violation_error_message="This is not a Vietnamese phone number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("created_at__isnull", True),
                        models.Q(
                            ("created_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                            ("created_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("erased_at__isnull", True),
                        models.Q(
                            ("erased_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                            ("erased_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                        ),
                        _connector="OR",
                    ),
                ),
                name="member_days",
                violation_error_message="A day must lie between 1900 and 2099.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="member_merged_into_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="distinctmembers",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="distinctmembers",
            constraint=models.CheckConstraint(
                condition=models.Q(("one__lt", models.F("other"))), name="distinct_members_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="distinctmembers",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="distinct_members_once"),
        ),
        migrations.AddConstraint(
            model_name="distinctmembers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "reason__regex",
                        "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]",
                    )
                ),
                name="distinct_members_reason",
                violation_error_message="Write a name in which something can be seen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="memberchange",
            constraint=models.CheckConstraint(
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
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["unit", "joined_on"], name="membership_unit_joined"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["half", "unit"], name="membership_half_unit"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("is_transfer", True)), fields=["recorded_at"], name="membership_moved"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="membership_half"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_half", ""), ("valid__upper_inf", True)),
                    models.Q(("left_half__regex", "^\\d{4}-H[12]$"), ("valid__upper_inf", False)),
                    _connector="OR",
                ),
                name="membership_left_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("joined_on__isnull", True),
                        ("joined_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                        _connector="OR",
                    ),
                    models.Q(
                        ("recorded_at__isnull", True),
                        models.Q(
                            ("recorded_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
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
                                ("valid__startswith__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_reason__in", ["wish", "moved", "died", "expelled", "other", ""])),
                name="membership_left_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_reason", ""), ("valid__upper_inf", False), _connector="OR"),
                name="membership_reason_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_unit__isnull", True), ("is_transfer", True), _connector="OR"),
                name="membership_moved_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                name="membership_valid_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("recorded_at__isnull", True),
                        models.Q(
                            ("recorded_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
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
                                ("valid__startswith__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "title__in",
                        ["chair", "vice_chair", "standing", "committee", "inspection", "secretary", "head", "deputy"],
                    )
                ),
                name="position_title",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                name="position_valid_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
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
        ),
    ]
