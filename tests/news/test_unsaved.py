"""What is being written is kept on the server as well, for its writer alone: point 2 of what a newsroom should have."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from news import services
from news.models import Article, UnsavedText
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import picture
from tests.news.test_newsroom import fields

KEEP, DROP = reverse("newsroom_autosave"), reverse("unsaved_drop")


def test_p02_what_was_being_written_comes_back_on_another_device_with_its_photos(client_of, editor, section):
    desk, new = client_of(editor), reverse("newsroom_create")
    key = desk.get(new).context["form_key"]
    photo = services.add_photo(file=picture(), form_key=key, actor=editor)
    typed = {
        "form_key": key, "title": "Một giờ viết", "body": "<p>Chữ</p>", f"photo-{photo.pk}-caption": "Lễ trao",
        "password": "x",
    }  # fmt: skip
    assert desk.post(KEEP, typed).json()["kept"]
    assert "password" not in UnsavedText.objects.get().values
    page = client_of(editor).get(new)
    assert "Một giờ viết" in page.content.decode()
    shown = client_of(editor).get(f"{new}?unsaved=1&form_key={key}").context
    assert (shown["form"]["title"].value(), shown["form"]["body"].value()) == ("Một giờ viết", "<p>Chữ</p>")
    assert [one["caption"].value() for _photo, one in shown["photos"]] == ["Lễ trao"]
    unit = editor.current_postings[0].unit_id
    desk.post(new, typed | {"category": section.pk, "unit": unit, "lead": ""})
    assert list(Article.objects.get().photos.all()) == [photo]
    assert not UnsavedText.objects.exists()


def test_p02_it_belongs_to_the_state_it_began_with_and_overwrites_no_later_one(client_of, editor, contributor, write):
    article = write(lead="Sapo cũ")
    desk, url = client_of(editor), reverse("newsroom_update", args=[article.pk])
    desk.post(KEEP, {"article": article.pk, "base": "1", "title": "Tên của tôi", "lead": "Sapo cũ"})
    client_of(contributor).post(url, fields(article, lead="Sapo của B"))
    page = desk.get(f"{url}?unsaved=1")
    assert page.context["form"]["title"].value() == "Tên của tôi"
    assert page.context["base"] == 1
    assert '<input type="hidden" name="version" value="">' in page.content.decode()
    article.refresh_from_db()
    mine = fields(article, title="Tên của tôi", lead="Sapo cũ") | {"base": "1", "version": ""}
    answer = desk.post(url, mine)
    assert answer.status_code == 409
    merged = answer.context["form"]
    assert (merged["title"].value(), merged["lead"].value()) == ("Tên của tôi", "Sapo của B")


def test_p02_nobody_else_is_shown_it_and_it_can_be_dropped(client_of, editor, contributor, officer_nq, write):
    article = write()
    url = reverse("newsroom_update", args=[article.pk])
    sent = {"article": article.pk, "base": "1", "title": "Chưa ai được đọc"}
    assert client_of(officer_nq).post(KEEP, sent).status_code == 403
    assert client_of(editor).post(KEEP, sent).status_code == 200
    assert "Chưa ai được đọc" not in client_of(contributor).get(f"{url}?unsaved=1").content.decode()
    client_of(contributor).post(DROP, sent)
    assert UnsavedText.objects.count() == 1
    assert "Chưa ai được đọc" in client_of(editor).get(url).content.decode()
    client_of(editor).post(DROP, sent)
    assert not UnsavedText.objects.exists()


def test_p02_a_new_text_is_its_writers_also_in_a_ward(client_of, tree):
    writer = factories.make_user("viet.o.phuong", role=Role.CONTRIBUTOR, unit=tree["LECHAN"])
    officer = factories.make_user("can.bo.phuong", role=Role.OFFICER, unit=tree["LECHAN"])
    typed = {"form_key": "mot-trang", "title": "Tin của phường"}
    assert client_of(officer).post(KEEP, typed).status_code == 403
    assert client_of(writer).post(KEEP, typed).json()["kept"]
    photo = {"form_key": "mot-trang", "file": picture()}
    assert client_of(writer).post(reverse("newsroom_photo"), photo).status_code == 200
    with pytest.raises(PermissionDenied):
        services.add_photo(file=picture(), form_key="mot-trang", actor=officer)
    assert client_of(writer).post(DROP, typed).status_code == 302
    assert not UnsavedText.objects.exists()
