"""Pages and fields of the tree ask as few questions of many units as of few; names are kept as searches compare them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.forms.fields import UnitField
from portal.lib.vietnamese import search_key
from portal.models import Unit, UnitVersion
from portal.permissions import Permission
from tests import factories

pytestmark = pytest.mark.django_db

CHAPTERS = """
WITH made AS (INSERT INTO portal_unit (code, created_at) SELECT '11383-N' || n, now() FROM generate_series(%s, %s) n
  RETURNING id, code)
INSERT INTO portal_unitversion (unit_id, parent_id, level_id, name, valid)
SELECT id, %s, %s, 'Chi hội Đông ' || code, '[2025-07-01,)' FROM made
"""


@pytest.fixture
def grow(tree):
    level = factories.make_level("chapter", 40)

    def make(first, last):
        with connection.cursor() as cursor:
            cursor.execute(CHAPTERS, [first, last, Unit.objects.get(code="11383").pk, level.pk])

    return make


def counted(work):
    work()  # what is loaded once is loaded now
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught.captured_queries)


def clean(words):
    with pytest.raises(ValidationError):
        UnitField(permission=Permission.VIEW_MEMBERS, choices=Unit.objects.all()).clean(words)


def test_pages_and_fields_of_a_large_tree_make_no_more_queries(
    grow, client_of, administrator, officer_lechan, site_profile
):
    keeps, works, public = client_of(administrator), client_of(officer_lechan), client_of(None)
    asked = {
        "tree": lambda: keeps.get(reverse("unit_tree"), {"unit": "11383"}),
        "own tree": lambda: works.get(reverse("unit_tree")),
        "list": lambda: keeps.get(reverse("unit_list")),
        "search": lambda: keeps.get(reverse("unit_list"), {"q": "chi hội"}),
        "page": lambda: keeps.get(reverse("unit_detail", args=["11383"])),
        "proposals": lambda: works.get(reverse("unit_suggest", args=[Permission.VIEW_MEMBERS]), {"q": "chi hoi dong"}),
        "place": lambda: public.get(reverse("place_find"), {"q": "chi hội đông"}),
        "field": lambda: clean("chi hoi dong"),
    }
    grow(1, 14)
    few = {name: counted(work) for name, work in asked.items()}
    grow(15, 90)
    assert {name: counted(work) for name, work in asked.items()} == few


def test_a_place_is_found_by_a_word_of_thousands_the_highest_first(grow, client_of, site_profile, tree):
    grow(1, 90)
    factories.make_unit("DONG", "Phường Đông", parent=tree["HP"], since=dt.date(2025, 7, 1))
    text = client_of(None).get(reverse("place_find"), {"q": "dong"}).content.decode()
    assert "Phường Đông" in text
    assert text.index("Phường Đông") < text.index("Chi hội Đông 11383-N")


def test_the_database_keeps_what_searches_compare_of_a_name(tree):
    version = tree["LC"].versions.get()
    for name in ("Phường  Đông-Hải", "Dong Hai", "ĐÔNG HẢI 2"):
        UnitVersion.objects.filter(pk=version.pk).update(name=name)
        version.refresh_from_db()
        assert version.search_name == search_key(name)
    UnitVersion.objects.filter(pk=version.pk).update(search_name="another")
    version.refresh_from_db()
    assert version.search_name == search_key("ĐÔNG HẢI 2")
