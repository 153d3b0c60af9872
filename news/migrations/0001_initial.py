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
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=100)),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="changed")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("pinned_until", models.DateTimeField(blank=True, null=True, verbose_name="leads the home page until")),
                ("pinned_order", models.PositiveIntegerField(default=0, verbose_name="place on the home page")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="reason of withdrawal")),
                (
                    "is_merged",
                    models.BooleanField(default=False, verbose_name="one with the article that is read instead"),
                ),
                ("figures", models.JSONField(default=list)),
                ("form_key", models.CharField(blank=True, max_length=36)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replacement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="news.article",
                        verbose_name="read instead",
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
            ],
            options={
                "ordering": ("-created_at", "-id"),
                "indexes": [
                    models.Index(
                        models.F("pinned_until"),
                        condition=models.Q(("pinned_until__isnull", False)),
                        name="article_pinned",
                    ),
                    models.Index(
                        models.F("expires_at"), condition=models.Q(("expires_at__isnull", False)), name="article_expiry"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("form_key", ""), _negated=True),
                        fields=("created_by", "form_key"),
                        name="article_form_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True),
                                models.Q(
                                    (
                                        "published_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("published_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("changed_at__isnull", True),
                                models.Q(
                                    (
                                        "changed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("changed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
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
                                ("pinned_until__isnull", True),
                                models.Q(
                                    (
                                        "pinned_until__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("pinned_until__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                models.Q(
                                    (
                                        "withdrawn_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("withdrawn_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
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
                        name="article_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="article_withdrawn_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replacement__isnull", True),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("replacement", models.F("pk")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="article_replaced_is_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_merged", False), ("replacement__isnull", False), _connector="OR"),
                        name="article_merged_into_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None),
                            ("published_at", None),
                            ("expires_at__gt", models.F("published_at")),
                            _connector="OR",
                        ),
                        name="article_expires_after_publishing",
                        violation_error_message="The end must lie after the time of publishing.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=250, verbose_name="title")),
                ("lead", models.TextField(verbose_name="lead")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("body_html", models.TextField(blank=True)),
                ("slug", models.CharField(max_length=100)),
                ("photo_words", models.JSONField(default=dict, verbose_name="words of the photos")),
                ("tag_ids", models.JSONField(default=list)),
                ("byline", models.CharField(blank=True, max_length=120, verbose_name="byline")),
                ("source", models.CharField(blank=True, max_length=160, verbose_name="source")),
                ("is_photo_story", models.BooleanField(default=False, verbose_name="photo story")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="news.article"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("article", "-number"),
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
                        name="article_revision_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("article", "number"), name="article_revision_number"),
                ],
            },
        ),
        migrations.AddField(
            model_name="article",
            name="published_revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.articlerevision",
                verbose_name="text that readers have",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="working_revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.articlerevision",
                verbose_name="text",
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, unique=True, upload_to="attachments/%Y/%m/")),
                ("file_name", models.CharField(max_length=120, verbose_name="name of the file")),
                ("file_size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("form_key", models.CharField(blank=True, max_length=36)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="news.article",
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
                (
                    "uploaded_by",
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
                            ("uploaded_at__isnull", True),
                            models.Q(
                                ("uploaded_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("uploaded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "file_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="attachment_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="attachments",
            field=models.ManyToManyField(related_name="revisions", to="news.attachment"),
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_notice", models.BooleanField(default=False, verbose_name="shown as notices on the home page")),
                (
                    "recheck_months",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="its articles are checked again after so many months"
                    ),
                ),
                (
                    "editors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="only these people publish in it",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="category_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recheck_months__isnull", True), ("recheck_months__range", (1, 60)), _connector="OR"
                        ),
                        name="category_recheck_months",
                        violation_error_message="Articles are checked again after 1 to 60 months.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="news.category",
                verbose_name="category",
            ),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decision", "Decision"),
                            ("resolution", "Resolution"),
                            ("plan", "Plan"),
                            ("programme", "Programme of work"),
                            ("notice", "Notice"),
                            ("guidance", "Guidance"),
                            ("report", "Report"),
                            ("letter", "Official letter"),
                            ("rules", "Rules"),
                            ("charter", "Charter"),
                            ("other", "Other document"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="number and symbol")),
                ("issuer", models.CharField(max_length=160, verbose_name="issued by")),
                ("issued_on", models.DateField(verbose_name="issued on")),
                ("effective_on", models.DateField(blank=True, null=True, verbose_name="in force from")),
                ("abstract", models.CharField(max_length=500, verbose_name="what it is about")),
                (
                    "file",
                    models.FileField(max_length=200, unique=True, upload_to="documents/%Y/%m/", verbose_name="file"),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="name of the file")),
                ("file_size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=300, verbose_name="reason of withdrawal")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            ],
            options={
                "ordering": ("-issued_on", "-id"),
                "indexes": [
                    models.Index(
                        models.F("kind"),
                        models.OrderBy(models.F("issued_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="document_by_kind",
                    ),
                    models.Index(
                        models.OrderBy(models.F("issued_on"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="document_newest",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issued_on__isnull", True),
                                ("issued_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("effective_on__isnull", True),
                                ("effective_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
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
                                ("changed_at__isnull", True),
                                models.Q(
                                    (
                                        "changed_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("changed_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                models.Q(
                                    (
                                        "withdrawn_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("withdrawn_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="document_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "decision",
                                    "resolution",
                                    "plan",
                                    "programme",
                                    "notice",
                                    "guidance",
                                    "report",
                                    "letter",
                                    "rules",
                                    "charter",
                                    "other",
                                ],
                            )
                        ),
                        name="document_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "number__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "issuer__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "abstract__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                            (
                                "file_name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            ),
                        ),
                        name="document_texts_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="document_withdrawn_has_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("number", "issuer", "issued_on"),
                        name="document_once",
                        violation_error_message="This document is there already: the same number, issuer and day.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_links",
                        to="news.articlerevision",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("made_at__isnull", True),
                                models.Q(
                                    ("made_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("made_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("ends_at__isnull", True),
                                models.Q(
                                    ("ends_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                    ("ends_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("revoked_at__isnull", True),
                                models.Q(
                                    (
                                        "revoked_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("revoked_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="draft_link_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="news.draftlink"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at__isnull", True),
                            models.Q(
                                ("opened_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("opened_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="draft_opening_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.ImageField(max_length=200, unique=True, upload_to="photos/%Y/%m/")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("original_name", models.CharField(blank=True, max_length=120, verbose_name="name of the file")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("caption", models.CharField(blank=True, max_length=300, verbose_name="caption")),
                (
                    "alt",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="description for people who cannot see it"
                    ),
                ),
                ("credit", models.CharField(blank=True, max_length=120, verbose_name="credit")),
                ("focus_x", models.PositiveSmallIntegerField(default=50, verbose_name="what matters, across")),
                ("focus_y", models.PositiveSmallIntegerField(default=50, verbose_name="what matters, down")),
                ("rights", models.CharField(blank=True, max_length=300, verbose_name="rights")),
                ("shows_children", models.BooleanField(default=False, verbose_name="children can be recognised")),
                ("consent", models.CharField(blank=True, max_length=300, verbose_name="consent")),
                ("form_key", models.CharField(blank=True, max_length=36)),
                ("renditions", models.JSONField(default=list)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="news.article",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="news.photo",
                        verbose_name="replaced by",
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
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        models.F("unit"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("replaced_by__isnull", True)),
                        name="photo_library",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("uploaded_at__isnull", True),
                            models.Q(
                                ("uploaded_at__gte", datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC)),
                                ("uploaded_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                            ),
                            _connector="OR",
                        ),
                        name="photo_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("focus_x__in", (0, 25, 50, 75, 100)), ("focus_y__in", (0, 25, 50, 75, 100))
                        ),
                        name="photo_focus_in_steps",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_by__isnull", True),
                            models.Q(("replaced_by", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="photo_replaced_by_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="cover",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="news.photo",
                verbose_name="cover photo",
            ),
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="photos",
            field=models.ManyToManyField(related_name="revisions", to="news.photo"),
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="share_photo",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="news.photo"
            ),
        ),
        migrations.CreateModel(
            name="ReadCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="reads")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="read_counts", to="news.article"
                    ),
                ),
            ],
            options={
                "ordering": ("-day", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day__isnull", True),
                            ("day__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                            _connector="OR",
                        ),
                        name="read_count_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(fields=("article", "day"), name="read_count_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="read_count_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReaderNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="your name")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="your phone or e-mail")),
                ("text", models.TextField(verbose_name="what you want to say")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reader_notes",
                        to="news.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "draft_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="news.draftlink",
                        verbose_name="draft",
                    ),
                ),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
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
                        name="reader_note_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("draft_link__isnull", True),
                            models.Q(("article__isnull", False), models.Q(("name", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reader_note_on_draft_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="check again by")),
                ("reminded_of", models.DateField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="found right")),
                (
                    "article",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recheck",
                        to="news.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="found right by",
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recheck",
                        to="news.document",
                        verbose_name="document",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "indexes": [models.Index(fields=["due_on", "id"], name="recheck_first_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", True),
                                ("due_on__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("reminded_of__isnull", True),
                                ("reminded_of__range", (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))),
                                _connector="OR",
                            ),
                            models.Q(
                                ("checked_at__isnull", True),
                                models.Q(
                                    (
                                        "checked_at__gte",
                                        datetime.datetime(1899, 12, 31, 16, 53, 30, tzinfo=datetime.UTC),
                                    ),
                                    ("checked_at__lt", datetime.datetime(2099, 12, 31, 17, 0, tzinfo=datetime.UTC)),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="recheck_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("article__isnull", True), ("document__isnull", True), _connector="XOR"),
                        name="recheck_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checked_at__isnull", True), ("checked_by__isnull", True), _connector="XOR", _negated=True
                        ),
                        name="recheck_checked_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent", "Waiting for approval"),
                            ("returned", "Returned"),
                            ("approved", "Approved"),
                            ("urgent", "Published urgently"),
                            ("confirmed", "Approved afterwards"),
                        ],
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_steps",
                        to="news.articlerevision",
                        verbose_name="text",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
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
                        name="review_step_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["sent", "returned", "approved", "urgent", "confirmed"])),
                        name="review_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["returned", "urgent"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="review_step_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("is_series", models.BooleanField(default=False, verbose_name="a series")),
            ],
            options={
                "ordering": ("name", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[^\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\u0001-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\ufffe\\uffff\\U000e0000-\\U000e0fff]",
                            )
                        ),
                        name="tag_name_seen",
                        violation_error_message="Write a name in which something can be seen.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="articlerevision",
            name="tags",
            field=models.ManyToManyField(related_name="revisions", to="news.tag", verbose_name="tags"),
        ),
        migrations.CreateModel(
            name="UnsavedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form_key", models.CharField(blank=True, max_length=36)),
                ("base", models.PositiveIntegerField(default=0, verbose_name="state it began with")),
                ("values", models.JSONField(verbose_name="text")),
                ("kept_at", models.DateTimeField(auto_now=True, verbose_name="kept")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="news.article",
                        verbose_name="article",
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
            ],
            options={
                "ordering": ("-kept_at",),
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
                        name="unsaved_text_days",
                        violation_error_message="A day must lie between 1900 and 2099.",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "article", "form_key"), name="unsaved_text_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("article__isnull", True), ("form_key", ""), _connector="XOR"),
                        name="unsaved_text_of_one_form",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("published_revision__isnull", False), ("withdrawn_at__isnull", True)),
                name="article_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("category"),
                models.OrderBy(models.F("published_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("published_revision__isnull", False), ("withdrawn_at__isnull", True)),
                name="article_newest_in_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_revision__isnull", True), ("published_at__isnull", False), _connector="OR"
                ),
                name="article_published_has_time",
            ),
        ),
    ]
