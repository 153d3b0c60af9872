"""What fixtures put into the database is made once, and no test sees what another did to it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portal.models import Unit
from tests import factories
from tests.conftest import HERE, LONGEST

made = []


@pytest.fixture
def club(tree):
    made.append("club")
    default_storage.save("club.txt", ContentFile(b"club"))
    return {"unit": factories.make_unit("CLB", "Câu lạc bộ", parent=tree["HP"]), "heard": []}


@pytest.fixture
def member_of_the_club(club):
    return factories.make_user("hoi.vien.clb", unit=club["unit"])


@pytest.mark.parametrize("turn", range(3))
def test_each_test_finds_what_was_made_as_it_was_made(turn, club, tree):
    assert made.count("club") == 1
    assert club["heard"] == []
    assert Unit.objects.filter(code__startswith="CLB").count() == 1
    assert default_storage.listdir(".")[1] == ["club.txt"]
    club["heard"].append(turn)
    club["unit"].code = f"CLB-{turn}"
    club["unit"].save()
    factories.make_unit(f"CLB-X{turn}", "Một câu lạc bộ nữa", parent=tree["HP"])
    default_storage.save("more.txt", ContentFile(b"more"))


@pytest.mark.fresh
def test_a_test_marked_fresh_has_its_fixtures_called_anew(club):
    assert made[-1:] == ["club"]
    assert Unit.objects.filter(code__startswith="CLB").count() == 1
    made.append("fresh")


@pytest.mark.fresh
def test_and_so_has_the_next(club):
    assert made[-1] == "club"


def test_one_object_asked_for_in_two_ways_is_one(club, tree, member_of_the_club):
    club["parent"] = tree["HP"]
    assert club["unit"].versions.get().parent_id == tree["HP"].pk
    assert Unit.objects.get(pk=club["unit"].pk).code == "CLB"


def test_what_a_test_does_not_ask_for_is_not_there(tree):
    assert not Unit.objects.filter(code__startswith="CLB").exists()


@pytest.mark.django_db
def test_nothing_is_there_for_a_test_that_asks_for_nothing():
    assert not Unit.objects.exists()


def test_the_longest_files_are_there():
    assert [name for name in LONGEST if not (HERE / name).exists()] == []
