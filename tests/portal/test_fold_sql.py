"""The database's fold and Python's are one: every Vietnamese letter, and search words as PostgreSQL takes them apart."""

import random
import unicodedata

import pytest
from django.db import connection

from portal.lib.vietnamese import FOLD_SQL, fold, search_document, search_query

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
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'portal_fold'")
        assert [row[0].strip() for row in cursor.fetchall()] == [FOLD_SQL.strip()]


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
            [search_document("khác", text), search_query(text)],
        )
        assert cursor.fetchone() == (True, False)


@pytest.mark.parametrize("text", ["bổng học", "học Lê", "Hải Phòng", "ọc"])
def test_other_words_are_not_found(text):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
            [search_document("Học bổng Lê Chân"), search_query(text)],
        )
        assert cursor.fetchone() == (False,)
