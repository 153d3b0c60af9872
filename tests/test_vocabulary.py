"""Danh mục đóng chỉ có một nơi: mô hình, ràng buộc của cơ sở dữ liệu và mã nguồn đều lấy từ `portal/vocabulary/`."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from portal import acts, vocabulary
from portal.lib.closed_lists import ClosedList, Entry

ROOT = Path(__file__).resolve().parent.parent
APPS = [config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()]
LISTS = [
    found
    for module in (vocabulary, acts)
    for _name, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, ClosedList) and found is not ClosedList and found.__module__.startswith(module.__name__)
]


def columns_with_choices():
    """Các cột có lựa chọn, kèm danh mục của nó (None nếu không phải danh mục đóng)."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if field.choices:
                    entries = next((one for one in LISTS if one.choices == list(field.choices)), None)
                    yield pytest.param(model, field, entries, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize(("model", "field", "entries"), list(columns_with_choices()))
def test_database_refuses_a_code_outside_the_list(db, model, field, entries):
    """Bảng tạm chỉ mang các CHECK một cột của bảng thật: mã ngoài danh mục bị từ chối, mọi mã trong danh mục đều vào được."""
    assert entries is not None, "lựa chọn phải lấy từ portal/vocabulary/"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE tried (LIKE "{model._meta.db_table}" INCLUDING CONSTRAINTS) ON COMMIT DROP')
        for column in model._meta.concrete_fields:
            cursor.execute(f'ALTER TABLE tried ALTER COLUMN "{column.column}" DROP NOT NULL')
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'tried'::regclass AND cardinality(conkey) > 1"
        )
        for (several_columns,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE tried DROP CONSTRAINT "{several_columns}"')
        insert = f'INSERT INTO tried ("{field.column}") VALUES (%s)'
        for code in [*entries.values, *([""] if field.blank else [])]:
            cursor.execute(insert, [code])
        for wrong in ("zzz", *(() if field.blank else ("",))):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(insert, [wrong])
        cursor.execute("DROP TABLE tried")


@pytest.mark.parametrize("entries", LISTS, ids=lambda entries: entries.__name__)
def test_every_entry_has_a_label_and_reads_as_its_code(entries):
    """Mỗi mục đọc ra đúng mã của nó và có tên gọi."""
    for entry in entries:
        assert str(entry) == entry.value == f"{entry}"
        assert type(entry.value) is str
        assert str(entry.label)
        assert not isinstance(entry.label, Entry)


def test_migrations_import_nothing_of_the_code_that_changes():
    """Lịch sử không đổi theo mã nguồn: tệp chuyển đổi không nhập gì của dự án."""
    for app in APPS:
        for path in (ROOT / app / "migrations").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
                assert not [name for name in names if name.partition(".")[0] in APPS], path


#: Mã chỉ có một nghĩa: không nơi nào khác được viết lại.
ONLY_HERE = {
    entry.value
    for entries in (
        vocabulary.ProgrammeKind, vocabulary.Circumstance, vocabulary.RecipientKind, vocabulary.Gender,
        vocabulary.Source, vocabulary.BatchMode, vocabulary.Recurrence,
    )
    for entry in entries
} - {"fund", "hardship", "other", "once"}  # fmt: skip
#: Trạng thái: không được so sánh với chữ viết tay.
STATES = {entry.value for entries in (vocabulary.BatchState, vocabulary.SubmissionState) for entry in entries}


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and "vocabulary" not in path.parts:
                yield path, ast.parse(path.read_text("utf-8"))


def test_no_code_of_a_closed_list_is_written_anywhere_else():
    found = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in ONLY_HERE:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
            if isinstance(node, ast.Compare) and any(".state" in ast.unparse(one) for one in (node, node.left)):
                words = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and one.value in STATES]
                found += [f"{path.relative_to(ROOT)}:{node.lineno} {word}" for word in words]
    assert not found


def test_no_template_compares_with_a_code():
    code = "|".join(sorted(ONLY_HERE | STATES))
    wrong = re.compile(rf"""(?:==|!=)\s*["'](?:{code})["']""")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        assert not wrong.findall(path.read_text("utf-8")), path
