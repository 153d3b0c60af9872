"""No column of a date, a moment or a span of days holds a year that Python cannot count on: walked over all models."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.db import IntegrityError, connection, models, transaction

OUR_APPS = {"portal", "intakes", "news", "members", "scholarships", "reports"}
COLUMNS = [
    (model, field)
    for model in apps.get_models()
    if model._meta.app_label in OUR_APPS
    for field in model._meta.local_fields
    if isinstance(field, models.DateField | DateRangeField)  # a DateTimeField is a DateField
]


def kind_of(field):
    if isinstance(field, DateRangeField):
        return "span"
    return "moment" if isinstance(field, models.DateTimeField) else "day"


INSIDE = {
    "day": ["1900-01-01", "2099-12-31", None],
    "moment": ["1900-01-01 12:00+07", "2099-12-31 23:59:59+07", None],
    "span": ["[1900-01-01,2100-01-01)", "[2020-01-01,)", "[1999-01-01,2099-12-31]", None],
}
OUTSIDE = {
    "day": ["0001-01-01", "1899-12-31", "2100-01-01", "9999-12-31", "infinity", "-infinity", "0044-03-15 BC"],
    "moment": ["0001-01-01 00:00+00", "1899-12-31 12:00+07", "2100-01-01 00:00+07", "9999-12-31", "infinity", "-infinity"],
    "span": [
        "[0001-01-01,)", "[1899-12-31,2000-01-01)", "[2020-01-01,2100-01-02)", "[2020-01-01,9999-12-31)",
        "[2020-01-01,infinity)", "[-infinity,2020-01-01)", "(,2020-01-01)", "(,)", "[2100-01-01,)",
    ],
}  # fmt: skip


def copy_of(model, cursor, *kept):
    """An empty table with those CHECKs of the model's whose name ends so, and no column that must be given."""
    table = f"copy_{model._meta.db_table}"
    cursor.execute(f'CREATE TEMP TABLE "{table}" (LIKE "{model._meta.db_table}" INCLUDING CONSTRAINTS) ON COMMIT DROP')
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0", [table]
    )
    for (column,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" DROP NOT NULL')
    cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
    for (name,) in cursor.fetchall():
        if not name.endswith(kept):
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    return table


def test_there_are_columns_of_every_kind():
    assert {kind_of(field) for _model, field in COLUMNS} == {"day", "moment", "span"}
    assert len(COLUMNS) > 45


@pytest.mark.parametrize(
    ("model", "field"), COLUMNS, ids=lambda one: getattr(one, "__name__", getattr(one, "name", ""))
)
def test_a_column_holds_1900_to_2099_and_nothing_else(db, model, field):
    with transaction.atomic(), connection.cursor() as cursor:
        table = copy_of(model, cursor, "_days", "_bounded")
        for value in INSIDE[kind_of(field)]:
            cursor.execute(f'INSERT INTO "{table}" ("{field.column}") VALUES (%s)', [value])
        for value in OUTSIDE[kind_of(field)]:
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                cursor.execute(f'INSERT INTO "{table}" ("{field.column}") VALUES (%s)', [value])
            assert refused.value.__cause__.diag.constraint_name.endswith(("_days", "_bounded")), value
