import datetime

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("news", "0001_initial"),
        ("portal", "0001_initial"),
        ("portal", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("held_at", models.DateTimeField(verbose_name="day and time")),
                ("place", models.CharField(max_length=200, verbose_name="place")),
                ("chair", models.CharField(max_length=200, verbose_name="who presides")),
                ("delegates", models.PositiveIntegerField(blank=True, null=True, verbose_name="number of delegates")),
                ("guests", models.CharField(blank=True, max_length=300, verbose_name="who is invited")),
                ("programme", models.TextField(blank=True, verbose_name="programme, one item a line")),
                (
                    "entered_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_at__isnull", True),
                            models.Q(
                                ("held_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("held_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="meeting_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="meeting_period"
                    ),
                    models.UniqueConstraint(fields=("unit", "period"), name="meeting_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "place__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "chair__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="meeting_words",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                ("caption", models.CharField(max_length=300, verbose_name="caption")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="reports.meeting"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "caption__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="meeting_photo_caption",
                        violation_error_message="Write a name in which something can be seen.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("is_late", models.BooleanField(verbose_name="after the deadline")),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
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
                            models.Q(
                                ("due_on__isnull", True),
                                ("due_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("sent_at__isnull", True),
                                models.Q(
                                    ("sent_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("sent_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="reminder_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="reminder_half"),
                    models.UniqueConstraint(fields=("unit", "half", "due_on", "is_late"), name="reminder_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("symbol", models.CharField(max_length=30)),
                ("code", models.CharField(max_length=16, unique=True)),
                ("payload", models.JSONField()),
                ("exact", models.JSONField()),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("issued_at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason of the new version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("frozen", "Numbered, to be signed"),
                            ("issued", "Issued"),
                            ("discarded", "Thrown away before issuing"),
                            ("revoked", "Revoked"),
                        ],
                        default="frozen",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decision_reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("hides", models.JSONField(default=list)),
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
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="reports.report",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-period", "unit", "-version"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_on__isnull", True),
                                ("issued_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                        name="report_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("unit", "period", "version"),
                        name="report_version_once",
                    ),
                    models.UniqueConstraint(
                        models.F("unit"),
                        models.F("issued_on__year"),
                        models.F("number"),
                        condition=models.Q(("state", "discarded"), _negated=True),
                        name="report_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("replaces",),
                        name="report_replaced_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["frozen", "issued", "discarded", "revoked"])),
                        name="report_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["discarded", "revoked"]), _negated=True),
                            ("decision_reason__regex", "^.{10,}$"),
                            _connector="OR",
                        ),
                        name="report_decision_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="report_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaces__isnull", True), ("version", 1)),
                            models.Q(("reason__regex", "^.{10,}$"), ("replaces__isnull", False), ("version__gt", 1)),
                            _connector="OR",
                        ),
                        name="report_version_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportArticle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "article",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="news.article"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="reports.report"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("created_at__isnull", True),
                            models.Q(
                                ("created_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("created_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="report_article_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("text", models.CharField(max_length=1000, verbose_name="comment")),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "settled_by",
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
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
                (
                    "written_by",
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
                            models.Q(
                                ("written_at__isnull", True),
                                models.Q(
                                    (
                                        "written_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("written_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("settled_at__isnull", True),
                                models.Q(
                                    (
                                        "settled_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("settled_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="report_comment_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="report_comment_period"
                    ),
                    models.UniqueConstraint(
                        models.F("unit"),
                        models.F("period"),
                        models.F("written_by"),
                        django.db.models.functions.text.MD5("text"),
                        condition=models.Q(("settled_at__isnull", True)),
                        name="report_comment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_comment_settled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word"),
                            ("xlsx", "Excel"),
                            ("summary", "Summary"),
                            ("csv", "CSV"),
                            ("json", "JSON"),
                            ("charts", "Charts"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="reports.report"
                    ),
                ),
            ],
            options={
                "ordering": ("report", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("report", "kind"), name="report_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "docx", "xlsx", "summary", "csv", "json", "charts"])),
                        name="report_file_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("text", models.CharField(max_length=500, verbose_name="proposal")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer received")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
                (
                    "written_by",
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
                            models.Q(
                                ("answered_on__isnull", True),
                                ("answered_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("written_at__isnull", True),
                                models.Q(
                                    (
                                        "written_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("written_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="report_proposal_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="report_proposal_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="report_proposal_text",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.UniqueConstraint(fields=("unit", "period", "text"), name="report_proposal_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_on__isnull", True)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_proposal_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                ("ending", models.CharField(max_length=4)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="reports.report"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("added_at__isnull", True),
                            models.Q(
                                ("added_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("added_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="reportscan_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("text", models.CharField(max_length=300, verbose_name="task")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Not done"), ("done", "Done"), ("dropped", "Given up")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="who does it",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", True),
                                ("due_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("written_at__isnull", True),
                                models.Q(
                                    (
                                        "written_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("written_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="report_task_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="report_task_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "done", "dropped"])), name="report_task_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="report_task_text",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.UniqueConstraint(fields=("unit", "period", "text"), name="report_task_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                ("section", models.CharField(max_length=80)),
                ("text", models.TextField(max_length=8000, verbose_name="text")),
                ("written", models.TextField(verbose_name="text written from the figures")),
                ("edited_at", models.DateTimeField(auto_now=True)),
                (
                    "edited_by",
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
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("edited_at__isnull", True),
                            models.Q(
                                ("edited_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("edited_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="section_text_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="section_text_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="section_text_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.UniqueConstraint(fields=("unit", "period", "section"), name="section_text_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, verbose_name="half-year")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("missing", "Missing"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("activities", models.TextField(blank=True, verbose_name="what was done")),
                ("difficulties", models.TextField(blank=True, verbose_name="difficulties")),
                ("plan", models.TextField(blank=True, verbose_name="plan for the next half-year")),
                ("proposals", models.TextField(blank=True, verbose_name="proposals")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "data_through",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="declared figures go through"),
                ),
                ("cell_reasons", models.JSONField(blank=True, default=dict, editable=False)),
                ("approved_texts", models.JSONField(blank=True, editable=False, null=True)),
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
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                        related_name="submissions",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-half", "unit"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("data_through__isnull", True),
                                ("data_through__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                        name="submission_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("unit", "half"), name="submission_once"),
                    models.CheckConstraint(
                        condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="submission_half"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "returned", "approved", "missing"])),
                        name="submission_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                ("submitted_by__isnull", False),
                                models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                                models.Q(("decided_by", models.F("entered_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="submission_not_approved_by_its_maker",
                        violation_error_message="You cannot approve a half-year that you entered or submitted yourself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["returned", "missing"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="submission_reason_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60)),
                ("value", models.BigIntegerField()),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="note")),
                (
                    "evidence",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="lines behind the figure",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="reports.submission"
                    ),
                ),
            ],
            options={
                "ordering": ("indicator",),
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "indicator"), name="declared_value_once"),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="declared_value_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovedValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60)),
                ("value", models.BigIntegerField()),
                ("note", models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="note")),
                (
                    "evidence",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        verbose_name="lines behind the figure",
                    ),
                ),
                ("approved_at", models.DateTimeField(editable=False)),
                ("replaced_at", models.DateTimeField(editable=False, null=True)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approved_values",
                        to="reports.submission",
                    ),
                ),
            ],
            options={
                "ordering": ("indicator",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
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
                        name="approved_value_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("submission", "indicator"),
                        name="approved_value_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="approved_value_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=12)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="reports.submission"
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
                        name="approval_event_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("action__in", ["return", "missing", "reopen"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_event_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                ("ending", models.CharField(max_length=4)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="reports.submission"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("added_at__isnull", True),
                            models.Q(
                                ("added_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("added_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="submissionscan_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("value", models.BigIntegerField(verbose_name="target")),
                ("set_at", models.DateTimeField(auto_now=True)),
                (
                    "set_by",
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
                "ordering": ("year", "indicator"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("set_at__isnull", True),
                            models.Q(
                                ("set_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("set_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="target_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("unit", "indicator", "year"), name="target_once"),
                    models.CheckConstraint(
                        condition=models.Q(("value__gt", 0), ("year__gte", 1990), ("year__lte", 2099)),
                        name="target_in_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("half", models.CharField(max_length=7, unique=True, verbose_name="half-year")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("set_at", models.DateTimeField(auto_now=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-half",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", True),
                                ("due_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("set_at__isnull", True),
                                models.Q(
                                    ("set_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("set_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="deadline_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(condition=models.Q(("half__regex", "^\\d{4}-H[12]$")), name="deadline_half"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_failed", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("period", models.CharField(max_length=7, verbose_name="period")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word"),
                            ("xlsx", "Excel"),
                            ("summary", "Summary"),
                            ("csv", "CSV"),
                            ("json", "JSON"),
                            ("charts", "Charts"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("canonical", models.TextField()),
                ("content", models.BinaryField(null=True)),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.unit"),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "period", "kind", "sha256"), name="draft_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_at__isnull", True),
                            models.Q(
                                ("asked_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("asked_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="draft_file_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period__regex", "^\\d{4}(-H[12])?$")), name="draft_file_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "docx", "xlsx", "summary", "csv", "json", "charts"])),
                        name="draft_file_kind",
                    ),
                ],
            },
        ),
    ]
