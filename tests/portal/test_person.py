"""What members and recipients share: one set of columns, one value for a birth, the same guards in both tables."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from members.models import Member
from portal.lib.vietnamese import Birth
from portal.models import Person, birth_columns, person_columns
from scholarships.models import Recipient
from tests import factories

BIRTHS = [None, Birth(2011), Birth(2011, 3), Birth(2011, 3, 15)]
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Member, Recipient], ids=["member", "recipient"])
def person(request, tree) -> Person:
    columns = person_columns("Lê Thị Hà", Birth(2011, 3, 15), "female")
    if request.param is Member:
        return Member.objects.create(**columns, created_by=factories.make_user("nguoi.nhap"))
    return Recipient.objects.create(**columns, unit=tree["LC"])


def write(person: Person, assignments: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {person._meta.db_table} SET {assignments} WHERE id = %s", [person.pk])


REFUSED = [
    ("birth_month = 0", "birth_whole"),
    ("birth_month = 13", "birth_whole"),
    ("birth_day = 0", "birth_whole"),
    ("birth_day = 32", "birth_whole"),
    ("birth_year = NULL", "birth_whole"),
    ("birth_month = NULL", "birth_whole"),
    ("birth_year = NULL, birth_day = NULL", "birth_whole"),
    ("gender = 'x'", "gender"),
    ("full_name = ''", "full_name_given"),
    ("full_name = ' \u200b'", "full_name_given"),
    ("name_key = '\u200b'", "full_name_given"),
]
ACCEPTED = [
    "birth_day = NULL", "birth_month = NULL, birth_day = NULL",
    "birth_year = NULL, birth_month = NULL, birth_day = NULL", "gender = ''", "gender = 'male'",
]  # fmt: skip


@pytest.mark.parametrize(("assignments", "guard"), REFUSED)
def test_the_database_refuses_it_in_both_tables(person, assignments, guard):
    with pytest.raises(IntegrityError) as refusal:
        write(person, assignments)
    assert refusal.value.__cause__.diag.constraint_name == f"{person._meta.model_name}_{guard}"


@pytest.mark.parametrize("assignments", ACCEPTED)
def test_the_database_takes_it_in_both_tables(person, assignments):
    write(person, assignments)
    person.refresh_from_db()


@pytest.mark.parametrize("birth", BIRTHS)
def test_a_birth_is_read_as_it_was_written(person, birth):
    person.birth = birth
    person.save()
    found = type(person).objects.get(**birth_columns(birth))
    assert (found.birth, found.birth_text) == (birth, birth.text if birth else "")


def test_a_name_of_foreign_signs_has_a_key_that_fits(person):
    for name, value in person_columns("語" * 120, None).items():
        setattr(person, name, value)
    person.save()
    assert len(person.sort_key) == Member._meta.get_field("sort_key").max_length
