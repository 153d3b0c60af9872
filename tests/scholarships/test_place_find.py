"""“Hội ở nơi tôi”: an old or new name, with or without accents, finds the unit of today, whom to ask, what is open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.models import Unit
from scholarships.models import Programme

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["Quận Lê Chân", "le chan", "LC", "an bien"])
def test_an_old_name_finds_its_new_unit(client_of, tree, site_profile, words):
    Unit.objects.filter(code="11383").update(contact="Bà Hoa, Chủ tịch Hội", phone="+84912345678")
    Programme.objects.create(unit=tree["HP"], name="Học bổng thành phố", kind="scholarship", is_public=True)
    Programme.objects.create(unit=tree["NGOQUYEN"], name="Học bổng nơi khác", kind="scholarship", is_public=True)
    page = client_of(None).get(reverse("place_find"), {"q": words})
    text = page.content.decode()
    assert "Phường Lê Chân" in text
    assert "Bà Hoa" in text
    assert "0912 345 678" in text
    assert "Học bổng thành phố" in text
    assert "Học bổng nơi khác" not in text


def test_what_is_not_known_is_said_and_queries_stay_few(client_of, tree, site_profile, django_assert_max_num_queries):
    client = client_of(None)
    assert "Không tìm thấy" in client.get(reverse("place_find"), {"q": "Atlantis"}).content.decode()
    assert client.get(reverse("place_find"), {"q": "%_"}).status_code == 200
    with django_assert_max_num_queries(14):
        client.get(reverse("place_find"), {"q": "phuong"})
