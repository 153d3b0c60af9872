"""The database's fold and Python's are one: every Vietnamese letter, and search words as PostgreSQL takes them apart."""

import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.lib.vietnamese import FOLD_SQL, SEARCH_KEY_SQL, fold, search_document, search_key, search_terms

pytestmark = pytest.mark.django_db


def in_database(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_fold(word) FROM unnest(%s::text[]) WITH ORDINALITY AS t (word, n) ORDER BY n", [texts]
        )
        return [row[0] for row in cursor.fetchall()]


def test_installed_function_is_the_one_of_the_library():
    """Hàm trong cơ sở dữ liệu do tệp chuyển đổi tạo: đổi `FOLD_SQL` mà không có tệp chuyển đổi mới thì phép thử này đỏ."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname IN ('portal_fold', 'portal_search_key')")
        installed = {name: source.strip() for name, source in cursor.fetchall()}
    assert installed == {"portal_fold": FOLD_SQL.strip(), "portal_search_key": SEARCH_KEY_SQL}


def test_every_vietnamese_letter():
    letters = [
        unicodedata.normalize(form, letter + tone)
        for form in ("NFC", "NFD")
        for letter in "aăâbcdđeêfghijklmnoôơpqrstuưvwxyzAĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ"
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ]
    assert in_database(letters) == [fold(letter) for letter in letters]


def test_texts_of_all_scripts():
    known = [chr(code) for code in range(1, 0x3000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    chance = random.Random(2023)
    texts = ["Ðặng Ɖức ðường ɖ", "한글", "", *("".join(chance.choices(known, k=30)) for _ in range(500))]
    assert in_database(texts) == [fold(text) for text in texts]


def test_nothing_folds_to_nothing():
    assert in_database([None]) == [None]


@pytest.mark.parametrize(
    "text", ["Học bổng Lê Chân", "Quyết định 30/2020/NĐ-CP", "6 tháng 2023-H1", "lớp 5A2, 1e5", "học"]
)
def test_pairs_stay_whole_in_the_index_and_in_the_query(text):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('simple', %s) @@ q, q::text LIKE '%%<->%%' FROM to_tsquery('simple', %s) AS q",
            [search_document("khác", text), search_terms(text).neighbours or search_terms(text).words],
        )
        assert cursor.fetchone() == (True, False)


@pytest.mark.parametrize("text", ["bổng Chấn", "học Lệ Thủy", "Hải Phòng", "ọc"])
def test_other_words_are_not_found(text):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
            [search_document("Học bổng Lê"), search_terms(text).words],
        )
        assert cursor.fetchone() == (False,)


def keys_in_database(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_search_key(word) FROM unnest(%s::text[]) WITH ORDINALITY AS t (word, n) ORDER BY n", [texts]
        )
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Nguyễn  Văn\u00a0Nhiều", "nguyen van nhieu"),
        ("Nguyễn\u200b Văn Nhiều ", "nguyen van nhieu"),
        ("H'Mai", "h mai"), ("H’Mai", "h mai"), ("H‘Mai", "h mai"), ("H`Mai", "h mai"), ("H´Mai", "h mai"),
        ("Y-Mới", "y moi"), ("Y–Mới", "y moi"), ("Y — Mới", "y moi"), ("Y Mới", "y moi"),
        ("１９６０", "1960"), ("\u200b", ""), ("", ""), ("“Thắp sáng”", "thap sang"), ("100%_\\", "100"),
    ],
)  # fmt: skip
def test_search_key_is_the_same_in_python_and_in_the_database(db, typed, key):
    assert search_key(typed) == key
    assert keys_in_database([typed]) == [key]


def test_search_key_of_every_letter_up_to_ffff(db):
    letters = [chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x10000))]
    different = [
        (a, b, c)
        for a, b, c in zip(letters, map(search_key, letters), keys_in_database(letters), strict=True)
        if b != c
    ]
    newer = [one for one in different if unicodedata.category(one[0]) != "Cn"]  # the database may know a newer Unicode
    assert newer == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00")), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_search_key_of_any_text(db, texts):
    assert keys_in_database(texts) == [search_key(text) for text in texts]
