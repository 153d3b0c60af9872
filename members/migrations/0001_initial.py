import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
                ("search_text", models.CharField(editable=False, max_length=300)),
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
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone")),
                ("occupation", models.CharField(blank=True, max_length=120, verbose_name="occupation")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("sort_key", "id"),
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_on", models.DateField(verbose_name="joined on")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("is_transfer", models.BooleanField(default=False, verbose_name="moved here from another unit")),
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
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name_key"], name="member_name_key"),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("full_name", ""), _negated=True), name="member_full_name_given"
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
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["unit", "joined_on"], name="membership_unit_joined"),
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
    ]
