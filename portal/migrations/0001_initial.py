import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "This user name is taken already."},
                        max_length=60,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff\\uff00-\\uffefA-Z!-*,/:-?\\[-^`{-~]{1,60}\\Z",
                                "A user name is made of letters, figures and the signs . _ @ + -, without spaces: lechan.hoa",
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("full_name", models.CharField(max_length=120, verbose_name="full name")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        error_messages={
                            "unique": "Another account has this phone already. Leave the phone empty if two share it."
                        },
                        max_length=16,
                        null=True,
                        unique=True,
                        verbose_name="phone",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("locked_from", models.DateField(blank=True, null=True, verbose_name="closed from")),
                (
                    "work_goes_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_from",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="open work goes to",
                    ),
                ),
            ],
            options={
                "ordering": ("username",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("locked_from__isnull", True),
                                ("locked_from__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                                ("last_login__isnull", True),
                                models.Q(
                                    (
                                        "last_login__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("last_login__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="user_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("work_goes_to__isnull", True),
                            models.Q(
                                models.Q(("work_goes_to", models.F("id")), _negated=True),
                                ("locked_from__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="user_work_goes_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "full_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="user_full_name_given",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "username__regex",
                                "^[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff\\uff00-\\uffefA-Z!-*,/:-?\\[-^`{-~]{1,60}$",
                            )
                        ),
                        name="user_username_written",
                        violation_error_message="A user name is made of letters, figures and the signs . _ @ + -, without spaces: lechan.hoa",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone__regex", "^\\+84[0-9]{9,10}$")),
                        name="user_phone_written",
                        violation_error_message="This is not a Vietnamese phone number.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fanpage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("owner", models.CharField(max_length=160, verbose_name="whose page it is")),
                ("url", models.URLField(max_length=300, verbose_name="address")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "owner__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="fanpage_names_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Highlight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("figures", models.JSONField(default=list)),
                ("link", models.CharField(blank=True, max_length=300)),
                ("is_line", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("shown_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("shown_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("position", "key"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("shown_from__isnull", True),
                                models.Q(
                                    (
                                        "shown_from__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("shown_from__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("shown_until__isnull", True),
                                models.Q(
                                    (
                                        "shown_until__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("shown_until__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="highlight_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        error_messages={"unique": "Another level has this rank already."},
                        help_text="A parent's rank is the smaller number.",
                        unique=True,
                        verbose_name="rank",
                    ),
                ),
                (
                    "reporting",
                    models.CharField(
                        choices=[
                            ("below_city", "Those directly below the city"),
                            ("always", "All of them"),
                            ("never", "None"),
                        ],
                        default="below_city",
                        max_length=12,
                        verbose_name="who sends a half-year",
                    ),
                ),
            ],
            options={
                "ordering": ("rank",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="level_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reporting__in", ["below_city", "always", "never"])), name="level_reporting"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name of the association")),
                ("short_name", models.CharField(blank=True, max_length=80, verbose_name="short name")),
                ("city_name", models.CharField(max_length=80, verbose_name="city")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("owner_line", models.CharField(blank=True, max_length=200, verbose_name="owner of the site")),
                (
                    "responsible_person",
                    models.CharField(blank=True, max_length=160, verbose_name="responsible for the content"),
                ),
                ("licence_line", models.CharField(blank=True, max_length=200, verbose_name="licence")),
                ("logo", models.ImageField(blank=True, upload_to="site/", verbose_name="logo")),
                ("about", models.TextField(blank=True, verbose_name="about the association")),
                (
                    "parent_body",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="head of documents, first line (superior body)"
                    ),
                ),
                (
                    "issuing_body",
                    models.CharField(max_length=160, verbose_name="head of documents, second line (issuing body)"),
                ),
                ("document_place", models.CharField(max_length=80, verbose_name="place in the date line of documents")),
                ("report_symbol", models.CharField(default="BC-HKH", max_length=30, verbose_name="symbol of reports")),
                (
                    "signature_authority",
                    models.CharField(blank=True, max_length=120, verbose_name="signature, on behalf of"),
                ),
                ("signature_title", models.CharField(blank=True, max_length=120, verbose_name="signature, position")),
                ("signature_name", models.CharField(blank=True, max_length=120, verbose_name="signature, name")),
                (
                    "recipients_of_documents",
                    models.TextField(blank=True, verbose_name="recipients of documents, one per line"),
                ),
                ("legal_bases", models.TextField(blank=True, verbose_name="legal bases of reports, one per line")),
                (
                    "second_person",
                    models.BooleanField(
                        default=False,
                        help_text="Off: an editor may publish what they wrote themselves.",
                        verbose_name="articles are published only after a second person's approval",
                    ),
                ),
                (
                    "remind_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Once before the deadline, and once more when it has passed. 0: nobody is reminded by e-mail.",
                        verbose_name="days before a deadline on which officers are reminded by e-mail",
                    ),
                ),
                (
                    "names_lagging",
                    models.BooleanField(
                        default=False,
                        help_text="Off: only the internal annex of a report names them.",
                        verbose_name="public reports name the units that lag behind",
                    ),
                ),
                (
                    "zero_tens_word",
                    models.CharField(
                        choices=[("linh", "linh"), ("lẻ", "lẻ")],
                        default="linh",
                        max_length=10,
                        verbose_name="word for a zero in the tens",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "city_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "issuing_body__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "document_place__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="site_profile_names_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="site_profile_single"),
                    models.CheckConstraint(
                        condition=models.Q(("remind_days__lte", 60)),
                        name="site_profile_remind_days",
                        violation_error_message="Reminders go out at most 60 days before a deadline.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("zero_tens_word__in", ["linh", "lẻ"])), name="site_profile_zero_tens_word"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        error_messages={"unique": "Another unit has this code already."},
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[A-Z0-9-]{1,20}\\Z",
                                "A code is made of the letters A to Z, figures and hyphens, at most 20 of them: for example 31115-C1.",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "contact",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="whom to ask"),
                ),
                ("phone", models.CharField(blank=True, db_default="", default="", max_length=16, verbose_name="phone")),
                (
                    "address",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="address"),
                ),
                (
                    "founding_decision",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=80,
                        verbose_name="number of the founding decision",
                    ),
                ),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="date of the founding decision")),
                (
                    "founding_issuer",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="issued by"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("code",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("founded_on__isnull", True),
                                ("founded_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                        name="unit_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone__regex", "^(\\+84[0-9]{9,10})?$")),
                        name="unit_phone_written",
                        violation_error_message="This is not a Vietnamese phone number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z0-9-]{1,20}$")),
                        name="unit_code",
                        violation_error_message="A code is made of the letters A to Z, figures and hyphens, at most 20 of them: for example 31115-C1.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("fund_account", "Bank account of a fund"),
                            ("fund_public", "A fund shown to the public, or no longer"),
                            ("programme_fund", "Fund of a programme"),
                            ("allotment", "Allotment of a programme to a unit"),
                            ("gift", "Large gift"),
                            ("gift_reversal", "Gift put right"),
                            ("hand_over", "Hand-over between funds"),
                            ("batch_withdrawal", "Approved batch taken back"),
                            ("batch_reversal", "Paid batch reversed"),
                            ("row_reversal", "Paid row reversed"),
                            ("posting", "Posting of an approver, leader or administrator"),
                            ("closing_exception", "Closed half-year opened for one person"),
                            ("handover_code", "One-time code for an approver, leader or administrator"),
                            ("reorganisation", "Reorganisation of units"),
                            ("reorganisation_undo", "Reorganisation undone"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("target_type", models.CharField(max_length=60)),
                ("target_id", models.BigIntegerField()),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="proposed")),
                ("expires_at", models.DateTimeField(verbose_name="runs out")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("accepted", "Agreed to"),
                            ("refused", "Turned down"),
                            ("expired", "Expired"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "decided_by",
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
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["target_type", "target_id"], name="proposal_target"),
                    models.Index(fields=["unit", "state"], name="proposal_unit_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("proposed_at__isnull", True),
                                models.Q(
                                    (
                                        "proposed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("proposed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("expires_at__isnull", True),
                                models.Q(
                                    (
                                        "expires_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("expires_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
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
                        name="proposal_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "act__in",
                                [
                                    "fund_account",
                                    "fund_public",
                                    "programme_fund",
                                    "allotment",
                                    "gift",
                                    "gift_reversal",
                                    "hand_over",
                                    "batch_withdrawal",
                                    "batch_reversal",
                                    "row_reversal",
                                    "posting",
                                    "closing_exception",
                                    "handover_code",
                                    "reorganisation",
                                    "reorganisation_undo",
                                ],
                            )
                        ),
                        name="proposal_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "accepted", "refused", "expired", "withdrawn"])),
                        name="proposal_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "^.{10,}$")), name="proposal_reason"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state", "pending"),
                            ),
                            models.Q(
                                ("answer", ""),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", True),
                                ("state", "expired"),
                            ),
                            models.Q(
                                ("answer", ""),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ("accepted", "withdrawn")),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state", "refused"),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("state", "withdrawn"), ("decided_by", models.F("proposed_by"))),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_by_another",
                        violation_error_message="Nobody decides what they proposed themselves.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "act__in",
                                [
                                    "batch_reversal",
                                    "batch_withdrawal",
                                    "fund_account",
                                    "fund_public",
                                    "gift_reversal",
                                    "handover_code",
                                    "programme_fund",
                                    "reorganisation_undo",
                                    "row_reversal",
                                ],
                            ),
                            ("state", "pending"),
                        ),
                        fields=("act", "target_type", "target_id"),
                        name="proposal_one_at_a_time",
                        violation_error_message="A proposal about this waits already. It is decided or withdrawn first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("contributor", "Contributor"),
                            ("editor", "Editor"),
                            ("officer", "Officer"),
                            ("approver", "Approver"),
                            ("leader", "Leader"),
                            ("auditor", "Auditor"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
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
                        related_name="postings",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("user", "role", "valid"),
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
                        name="posting_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    models.F("user_id"),
                                    models.F("user_id"),
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
                                    models.Func(models.F("role"), function="hashtext"),
                                    models.Func(models.F("role"), function="hashtext"),
                                    models.Value("[]"),
                                    function="int8range",
                                    output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                                ),
                                "&&",
                            ),
                            ("valid", "&&"),
                        ],
                        name="posting_no_overlap",
                        violation_error_message="This person already holds this role on this unit for some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="posting_valid_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                ["contributor", "editor", "officer", "approver", "leader", "auditor", "administrator"],
                            )
                        ),
                        name="posting_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameCorrection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="from")),
                ("old_name", models.CharField(max_length=160, verbose_name="wrong name")),
                ("new_name", models.CharField(max_length=160, verbose_name="right name")),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("corrected_at", models.DateTimeField(auto_now_add=True, verbose_name="corrected")),
                (
                    "corrected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="name_corrections", to="portal.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("since__isnull", True),
                                ("since__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("corrected_at__isnull", True),
                                models.Q(
                                    (
                                        "corrected_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("corrected_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="name_correction_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "old_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "new_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="name_correction_names_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__regex", "^.{10,}$")), name="name_correction_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("until", models.DateTimeField(verbose_name="open until")),
                ("granted_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
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
                        related_name="closing_exceptions",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [models.Index(fields=["half", "person"], name="closing_exception_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("until__isnull", True),
                                models.Q(
                                    ("until__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("until__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("granted_at__isnull", True),
                                models.Q(
                                    (
                                        "granted_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("granted_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
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
                        name="closing_exception_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="closing_exception_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="closing_exception_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", models.F("granted_by")), _negated=True),
                            models.Q(
                                ("agreed_by__isnull", True),
                                models.Q(("person", models.F("agreed_by")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="closing_exception_for_another",
                        violation_error_message="You cannot open a closed half-year for yourself.",
                    ),
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
                        name="closing_exception_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__gt", models.F("granted_at")),
                            (
                                "until__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("granted_at"), "+", models.Value(datetime.timedelta(days=30))
                                ),
                            ),
                        ),
                        name="closing_exception_short",
                        violation_error_message="Choose an end within the next 30 days.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                (
                    "scope",
                    models.CharField(
                        choices=[("half", "this half-year"), ("through", "everything through this half-year")],
                        max_length=7,
                        verbose_name="scope",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("closed_at", models.DateTimeField(auto_now_add=True)),
                ("from_day", models.DateField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["half", "unit"], name="closing_half_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("from_day__isnull", True),
                                ("from_day__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                        name="closing_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="closing_half"),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["half", "through"])), name="closing_scope"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="closing_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("from_day__isnull", True), ("scope", "half"), _connector="OR"),
                        name="closing_later_of_one_half",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="time")),
                ("action", models.CharField(max_length=60, verbose_name="action")),
                ("target_type", models.CharField(max_length=60)),
                ("target_id", models.BigIntegerField(null=True)),
                ("fields", models.JSONField(default=list)),
                ("detail", models.JSONField(default=dict)),
                ("source", models.CharField(blank=True, max_length=64, verbose_name="from")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["target_type", "target_id"], name="audit_target"),
                    models.Index(fields=["unit", "-id"], name="audit_unit"),
                    models.Index(
                        condition=models.Q(("action", "portal.request.refuse")),
                        fields=["actor", "-id"],
                        name="audit_refused",
                    ),
                ],
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
                        name="audit_entry_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AskedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_failed", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("members", "List of members"),
                            ("cards", "Members' cards"),
                            ("titles", "Learning titles"),
                            ("certificates", "Certificates of recognition"),
                        ],
                        max_length=12,
                        verbose_name="what it is",
                    ),
                ),
                ("content_of", models.JSONField(default=dict)),
                ("units", models.JSONField(null=True)),
                ("file_name", models.CharField(max_length=80)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
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
                                ("gone_at__isnull", True),
                                models.Q(
                                    ("gone_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("gone_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="asked_file_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["members", "cards", "titles", "certificates"])),
                        name="asked_file_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "file_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="asked_file_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gone_at__isnull", True), ("finished_at__isnull", False), _connector="OR"),
                        name="asked_file_gone_finished",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="portal.unit",
                verbose_name="unit",
            ),
        ),
        migrations.CreateModel(
            name="UnitCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("population", "Population"),
                            ("households", "Households"),
                            ("lineages", "Lineages"),
                            ("hamlets", "Hamlets and residential groups"),
                            ("organisations", "Agencies, schools and enterprises"),
                        ],
                        max_length=16,
                        verbose_name="what is counted",
                    ),
                ),
                ("value", models.PositiveIntegerField(verbose_name="number")),
                ("on_date", models.DateField(verbose_name="as of")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                ("replaced_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                        related_name="counts",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "-on_date"),
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
                            models.Q(
                                ("replaced_at__isnull", True),
                                models.Q(
                                    (
                                        "replaced_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("replaced_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="unit_count_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="unit_count_source",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["population", "households", "lineages", "hamlets", "organisations"])
                        ),
                        name="unit_count_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("unit", "kind", "on_date"),
                        name="unit_count_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitSuccession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_date", models.DateField(verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "Merged"),
                            ("split", "Split"),
                            ("rename", "Renamed"),
                            ("dissolve", "Dissolved"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("legal_basis", models.CharField(max_length=300, verbose_name="legal basis")),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="portal.unit"
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="predecessions", to="portal.unit"
                    ),
                ),
            ],
            options={
                "ordering": ("on_date", "from_unit", "to_unit"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on_date__isnull", True),
                            ("on_date__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                            _connector="OR",
                        ),
                        name="unit_succession_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("from_unit", "to_unit", "on_date"), name="unit_succession_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_unit", models.F("to_unit")), _negated=True),
                        name="unit_succession_two_units",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legal_basis", ""), _negated=True), name="unit_succession_legal_basis"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["merge", "split", "rename", "dissolve"])),
                        name="unit_succession_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("search_name", models.TextField(db_default="", default="", editable=False)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="portal.level", verbose_name="level"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_versions",
                        to="portal.unit",
                        verbose_name="parent",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("unit", "valid"),
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
                        name="unit_version_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
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
                            ("valid", "&&"),
                        ],
                        name="unit_version_no_overlap",
                        violation_error_message="This unit already has a name and parent for some of these days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="unit_version_valid_bounded",
                        violation_error_message="Give the day from which this holds, before the day on which it ends.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="unit_version_name_given",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="unit_version_not_own_parent",
                        violation_error_message="A unit cannot be its own parent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="portal.askedfile"
                    ),
                ),
            ],
            options={
                "ordering": ("file", "number"),
                "constraints": [models.UniqueConstraint(fields=("file", "number"), name="file_part_once")],
            },
        ),
        migrations.CreateModel(
            name="KeptInput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=500)),
                ("page", models.CharField(max_length=500)),
                ("fields", models.JSONField()),
                ("saves", models.BooleanField()),
                ("had_files", models.BooleanField()),
                ("kept_at", models.DateTimeField(auto_now_add=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kept_at__isnull", True),
                            models.Q(
                                ("kept_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("kept_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="kept_input_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_hash", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("failed_attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover_codes",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "ordering": ("-issued_at",),
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
                                ("expires_at__isnull", True),
                                models.Q(
                                    (
                                        "expires_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("expires_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("used_at__isnull", True),
                                models.Q(
                                    ("used_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("used_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="handover_code_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)), fields=("user",), name="handover_code_one_open"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("ref", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("title_pairs", models.TextField(blank=True)),
                ("pairs", models.TextField(blank=True)),
                (
                    "title_words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("title_pairs", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "words",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("pairs", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("section", models.CharField(blank=True, max_length=80)),
                ("link", models.CharField(max_length=300)),
                ("visible_from", models.DateTimeField()),
                ("visible_until", models.DateTimeField(blank=True, null=True)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], name="search_entry_words"),
                    django.contrib.postgres.indexes.GinIndex(fields=["title_words"], name="search_entry_title_words"),
                    models.Index(
                        models.OrderBy(models.F("visible_from"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="search_entry_newest",
                    ),
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("visible_from"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="search_entry_newest_of_kind",
                    ),
                    models.Index(
                        models.F("unit"),
                        models.OrderBy(models.F("visible_from"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="search_entry_newest_of_unit",
                    ),
                    models.Index(
                        models.F("section"),
                        models.OrderBy(models.F("visible_from"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="search_entry_newest_in_section",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("visible_from__isnull", True),
                                models.Q(
                                    (
                                        "visible_from__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("visible_from__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("visible_until__isnull", True),
                                models.Q(
                                    (
                                        "visible_until__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("visible_until__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="search_entry_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("ref",), name="search_entry_ref"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reorganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merge", "Merged"),
                            ("split", "Split"),
                            ("rename", "Renamed"),
                            ("dissolve", "Dissolved"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("summary", models.CharField(max_length=400, verbose_name="what becomes what")),
                ("on_date", models.DateField(verbose_name="in force from")),
                ("decision", models.CharField(max_length=80, verbose_name="number of the decision")),
                ("decided_on", models.DateField(verbose_name="date of the decision")),
                ("issuer", models.CharField(max_length=120, verbose_name="issued by")),
                ("made", models.JSONField(default=dict)),
                ("done_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "done_by",
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
                    "undone_by",
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
                        related_name="+",
                        to="portal.unit",
                        verbose_name="unit above",
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
                                ("decided_on__isnull", True),
                                ("decided_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("done_at__isnull", True),
                                models.Q(
                                    ("done_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("done_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
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
                        name="reorganisation_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["merge", "split", "rename", "dissolve"])),
                        name="reorganisation_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "decision__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "issuer__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="reorganisation_basis",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reorganisation_undone_whole",
                    ),
                ],
            },
        ),
    ]
