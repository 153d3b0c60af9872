"""A name in which nothing can be seen is no name: refused by the database, whoever writes it."""

import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from portal.lib.vietnamese import SOMETHING_SEEN
from tests.portal.test_windows_of_days import copy_of

NAMES = [
    ("portal.User", "full_name"), ("portal.UnitVersion", "name"), ("portal.Level", "name"),
    ("portal.SiteProfile", "name"), ("portal.SiteProfile", "issuing_body"), ("portal.Fanpage", "name"),
    ("news.Category", "name"), ("members.Member", "full_name"), ("scholarships.Recipient", "full_name"),
    ("scholarships.Fund", "name"), ("scholarships.Programme", "name"), ("scholarships.Donation", "donor_name"),
    ("scholarships.Batch", "title"),
]  # fmt: skip
BLANK = ["", " ", "\u200b", "\u200b \u00a0", "\u2060\ufeff", "\u3164", "\u3000\t\n", "\u00ad", "\U000e0001"]


@pytest.mark.parametrize(("label", "column"), NAMES)
def test_a_blank_name_is_refused_and_a_seen_one_taken(db, label, column):
    with transaction.atomic(), connection.cursor() as cursor:
        table = copy_of(apps.get_model(label), cursor, "_seen", "_given")
        for name in ("Y", "Ư", "\u200bAn", "H'Mai", "学"):
            cursor.execute(f'INSERT INTO "{table}" ("{column}") VALUES (%s)', [name])
        for name in BLANK:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f'INSERT INTO "{table}" ("{column}") VALUES (%s)', [name])


def test_python_and_the_database_see_the_same(db):
    letters = [chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x10000), 0xE0001, 0x1F600)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT letter ~ %s FROM unnest(%s::text[]) WITH ORDINALITY AS t (letter, n) ORDER BY n",
            [SOMETHING_SEEN, letters],
        )
        in_database = [seen for (seen,) in cursor.fetchall()]
    assert in_database == [bool(re.search(SOMETHING_SEEN, letter)) for letter in letters]
