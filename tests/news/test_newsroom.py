"""The newsroom's pages: who may, what is kept when something goes wrong."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article, Category, Photo
from portal.services.versions import version_of
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import picture


@pytest.fixture(autouse=True)
def _a_site(site_profile):
    """Every page has a frame."""


def fields(article, **changes) -> dict[str, object]:
    revision = article.working_revision
    values = {
        "title": revision.title, "category": article.category_id, "lead": revision.lead, "body": revision.body,
        "byline": revision.byline, "source": revision.source, "version": version_of(article), "cover": "",
        "base": revision.number,
    }  # fmt: skip
    return values | changes


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


STORY_PAGES = ["newsroom_update", "newsroom_preview", "newsroom_publish", "newsroom_withdraw", "newsroom_history"]


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        ("editor", set(STORY_PAGES)),
        ("contributor", {"newsroom_update", "newsroom_preview", "newsroom_history"}),
        ("leader", {"newsroom_preview", "newsroom_history"}),
        ("officer_nq", set()),
        ("administrator", set()),
    ],
)
def test_each_right_opens_its_pages_and_no_other(person, allowed, request, client_of, publish):
    article = publish()
    client = client_of(request.getfixturevalue(person))
    for name in STORY_PAGES:
        expected = 200 if name in allowed else 403
        assert client.get(reverse(name, args=[article.pk])).status_code == expected, name
        assert client_of(None).get(reverse(name, args=[article.pk])).status_code == 302


def test_a_contributor_cannot_publish_withdraw_or_make_sections_by_sending_the_form(
    client_of, contributor, write, publish
):
    draft, live = write(), publish()
    client = client_of(contributor)
    assert client.post(reverse("newsroom_publish", args=[draft.pk])).status_code == 403
    assert client.post(reverse("newsroom_withdraw", args=[live.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("category_list"), {"name": "x", "position": 1}).status_code == 403
    assert not Article.objects.filter(pk=draft.pk, published_revision__isnull=False).exists()


def test_a_story_of_another_unit_does_not_exist(client_of, tree, write):
    stranger = factories.make_user("bien.tap.nq", role=Role.EDITOR, unit=tree["NGOQUYEN"])
    article = write()
    for name in STORY_PAGES:
        assert client_of(stranger).get(reverse(name, args=[article.pk])).status_code == 404, name
    assert client_of(stranger).post(reverse("newsroom_restore", args=[article.pk, 1])).status_code == 404
    own = write(unit=tree["NGOQUYEN"], title="Của phường")
    assert client_of(stranger).get(reverse("newsroom_update", args=[own.pk])).status_code == 200
    page = client_of(stranger).get(reverse("newsroom_list")).content.decode()
    assert "Của phường" in page
    assert article.title not in page


def test_from_a_pasted_text_and_photos_to_a_live_story(client, client_of, editor, section):
    desk = client_of(editor)
    unit = editor.current_postings[0].unit_id
    response = desk.post(
        reverse("newsroom_create"),
        {"title": "Lễ trao", "category": section.pk, "unit": unit, "lead": "Sáng nay.", "body": "<p class=MsoNormal>Một</p>",
         "new_photos": [picture(), picture((500, 300))]},
    )  # fmt: skip
    article = Article.objects.get()
    assert response.headers["Location"] == reverse("newsroom_update", args=[article.pk])
    first, second = article.photos.all()
    described = {
        f"photo-{first.pk}-caption": "Lễ trao", f"photo-{first.pk}-alt": "Các em", f"photo-{first.pk}-credit": "Ảnh: An",
        f"photo-{second.pk}-caption": "", f"photo-{second.pk}-alt": "", f"photo-{second.pk}-credit": "",
    }  # fmt: skip
    body = f'<p>Một</p><figure data-photo="{first.pk}"></figure>'
    data = fields(article, body=body, cover=first.pk, next="publish") | described
    response = desk.post(reverse("newsroom_update", args=[article.pk]), data)
    assert response.headers["Location"] == reverse("newsroom_publish", args=[article.pk])
    response = desk.post(response.headers["Location"])
    assert response.status_code == 302
    html = client.get(Article.objects.get().get_absolute_url()).content.decode()
    assert "<figcaption>Lễ trao" in html
    assert "MsoNormal" not in html


def test_a_bad_photo_keeps_no_good_one_out_and_loses_no_text(client_of, editor, write):
    article = write()
    bad = picture()
    bad.name = "hong.jpg"
    bad.truncate(100)
    response = client_of(editor).post(
        reverse("newsroom_update", args=[article.pk]), fields(article, title="Sửa", new_photos=[bad, picture()])
    )
    assert response.status_code == 302
    assert "hong.jpg" in said(response)
    assert Photo.objects.count() == 1
    assert Article.objects.get().title == "Sửa"


@pytest.mark.parametrize(("patience", "taken"), [(0, 1), (60, 3)])
def test_no_further_photo_is_begun_when_the_page_has_waited_too_long(
    client_of, editor, write, settings, patience, taken
):
    settings.PICTURES_PATIENCE = patience
    article = write()
    photos = [picture(), picture((300, 200)), picture((200, 300))]
    response = client_of(editor).post(reverse("newsroom_update", args=[article.pk]), fields(article, new_photos=photos))
    assert Photo.objects.count() == taken
    assert ("2 ảnh chưa được đọc" in said(response)) is (taken == 1)


def test_a_refused_form_keeps_the_text_and_takes_in_the_photos(client_of, editor, write):
    article = write()
    data = fields(article, title="", body="<p>Chữ tôi vừa viết</p>", new_photos=[picture()])
    response = client_of(editor).post(reverse("newsroom_update", args=[article.pk]), data)
    assert response.status_code == 200
    assert "Chữ tôi vừa viết" in response.content.decode()
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("same_person", [True, False])
def test_a_stale_save_shows_both_texts_and_keeps_mine(client_of, editor, contributor, write, same_person):
    article = write()
    other = editor if same_person else contributor
    url = reverse("newsroom_update", args=[article.pk])
    client_of(other).post(url, fields(article, title="Tên của người kia", body="<p>Chữ của người kia</p>"))
    response = client_of(editor).post(url, fields(article, title="Tên của tôi", body="<p>Chữ của tôi</p>"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Chữ của người kia" in text
    assert "&lt;p&gt;Chữ của tôi&lt;/p&gt;" in text
    assert ("<del>" in text, "<ins>" in text) == (True, True)
    assert (contributor.full_name in text) is not same_person
    article.refresh_from_db()
    assert article.title == "Tên của người kia"
    assert f'name="version" value="{version_of(article)}"' in text
    response = client_of(editor).post(url, fields(article, title="Tên của tôi", body="<p>Chữ của tôi</p>"))
    assert response.status_code == 302
    assert Article.objects.get().title == "Tên của tôi"
    assert article.revisions.count() == 3


def test_publishing_says_when_and_an_earlier_day_needs_a_yes(client_of, editor, write):
    desk, article = client_of(editor), write()
    url = reverse("newsroom_publish", args=[article.pk])
    past = {"at": "2023-07-21T13:25"}
    assert desk.post(url, past).status_code == 200
    assert Article.objects.get().published_revision is None
    assert desk.post(url, past | {"back_dated": "on"}).status_code == 302
    assert timezone.localtime(Article.objects.get().published_at).strftime("%H:%M %d/%m/%Y") == "13:25 21/07/2023"
    later = write(title="Bài ngày mai")
    morning = (timezone.localtime() + dt.timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)
    response = desk.post(reverse("newsroom_publish", args=[later.pk]), {"at": morning.strftime("%Y-%m-%dT%H:%M")})
    assert "08:00" in said(response)
    assert morning.strftime("%d/%m/%Y") in said(response)
    later.refresh_from_db()
    assert later.published_at == morning


def test_what_publishing_still_needs_leads_to_its_field(client_of, editor, write):
    article, desk = write(), client_of(editor)
    photo = services.add_photo(file=picture(), article=article, name="le-trao.jpg", actor=editor)
    services.save_article(
        article=article, category=article.category, title="a", lead="", is_photo_story=True,
        body=f'<figure data-photo="{photo.pk}"></figure>', actor=editor,
    )  # fmt: skip
    response = desk.post(reverse("newsroom_publish", args=[article.pk]))
    assert response.status_code == 200
    form = reverse("newsroom_update", args=[article.pk])
    fields_of_form = desk.get(form).content.decode()
    led = re.findall(rf'<a href="{form}#([^"]+)">([^<]+)</a>', response.content.decode())
    assert [name for name, _sentence in led] == [
        "id_lead", "id_new_photos", f"id_photo-{photo.pk}-caption", f"id_photo-{photo.pk}-alt"
    ]  # fmt: skip
    assert all("le-trao.jpg" in sentence for _name, sentence in led[2:])
    assert all(f' id="{name}"' in fields_of_form for name, _sentence in led)
    assert Article.objects.get().published_revision is None


def test_p14_the_figures_of_the_report_and_what_the_text_says_otherwise_stand_beside_it(client_of, editor, write):
    figures = [{"label": "lượt học sinh", "said": "gần 15.000", "exact": "14.936", "link": "/bao-cao/"}]
    article = write(figures=figures, body="<p>gần 16.000 lượt</p>")
    for name in ("newsroom_update", "newsroom_publish"):
        text = client_of(editor).get(reverse(name, args=[article.pk])).content.decode()
        assert "16.000" in text
        assert "14.936" in text
        assert "alert-warning" in text


def test_history_shows_each_change_and_restoring_adds_a_state(client_of, editor, write):
    article = write(body="<p>một hai ba</p>")
    desk = client_of(editor)
    desk.post(reverse("newsroom_update", args=[article.pk]), fields(article, body="<p>một bốn ba</p>"))
    text = desk.get(reverse("newsroom_history", args=[article.pk])).content.decode()
    assert "<del>hai</del><ins>bốn</ins>" in text
    assert desk.post(reverse("newsroom_restore", args=[article.pk, 1])).status_code == 302
    article = Article.objects.get()
    assert article.working_revision.body == "<p>một hai ba</p>"
    assert article.revisions.count() == 3
    assert desk.get(reverse("newsroom_restore", args=[article.pk, 1])).status_code == 405
    assert desk.post(reverse("newsroom_restore", args=[article.pk, 9])).status_code == 404


def test_p15_the_list_filters_by_state_and_category_and_takes_the_same_queries_for_many(
    client_of, editor, write, publish, django_assert_max_num_queries
):
    publish(title="Đã đăng rồi")
    write(title="Nháp Đồ Sơn")
    publish(title="Bài ngày mai", at=timezone.now() + dt.timedelta(days=1))
    desk = client_of(editor)

    def titles(**query) -> set[str]:
        text = desk.get(reverse("newsroom_list"), query).content.decode()
        return {title for title in ("Đã đăng rồi", "Nháp Đồ Sơn", "Bài ngày mai") if title in text}

    assert titles() == {"Đã đăng rồi", "Nháp Đồ Sơn", "Bài ngày mai"}
    assert titles(state="draft") == {"Nháp Đồ Sơn"}
    assert titles(state="published") == {"Đã đăng rồi"}
    assert titles(state="scheduled") == {"Bài ngày mai"}
    assert titles(q="do son") == titles(q="ĐỒ SƠN") == {"Nháp Đồ Sơn"}
    assert titles(q="%") == set()
    other = Category.objects.create(name="Gương hiếu học", slug="guong-hieu-hoc", position=2)
    write(title="Nháp Đồ Sơn", category=other)
    assert titles(category=other.slug) == {"Nháp Đồ Sơn"}
    assert titles(category=other.slug, state="published") == set()
    desk.get(reverse("newsroom_list"))
    for number in range(25):
        write(title=f"Thêm {number}")
    with django_assert_max_num_queries(10):
        desk.get(reverse("newsroom_list"))


def test_a_preview_is_kept_by_no_cache_and_no_robot(client_of, editor, write):
    response = client_of(editor).get(reverse("newsroom_preview", args=[write().pk]))
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.content.decode()


def test_the_editor_comes_with_the_nonce_and_without_inline_styles(client_of, editor, write):
    response = client_of(editor).get(reverse("newsroom_update", args=[write().pk]))
    text = response.content.decode()
    nonce = response.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    assert nonce
    assert (
        f'nonce="{nonce}"'
        in text.partition('type="importmap"')[0].rpartition("<script")[2] + text.partition('type="importmap"')[2][:200]
    )
    assert " style=" not in text


def test_sections_are_added_and_changed(client_of, editor, section):
    desk = client_of(editor)
    assert desk.post(reverse("category_list"), {"name": "Gương hiếu học", "position": 3}).status_code == 302
    assert Category.objects.get(slug="guong-hieu-hoc").position == 3
    url = reverse("category_update", args=[section.slug])
    assert desk.post(url, {"name": "Tin Hội", "position": 1, "is_notice": "on"}).status_code == 302
    section.refresh_from_db()
    assert (section.name, section.is_notice, section.slug) == ("Tin Hội", True, "tin-hoat-dong-hoi")
    assert "Tin Hội" in desk.get(url).content.decode()


def test_an_earlier_state_is_not_restored_over_a_text_saved_meanwhile(client_of, editor, write):
    article = write(body="<p>Bản đã xem.</p>")
    desk, shown = client_of(editor), version_of(article)
    services.save_article(
        article=article, category=article.category, title="Của người khác", lead="b", body="<p>Câu chưa xem.</p>",
        actor=editor,
    )  # fmt: skip
    answer = desk.post(reverse("newsroom_restore", args=[article.pk, 1]), {"version": shown, "base": "1"})
    assert answer.status_code == 409
    for text in ("Bản đã xem.", "Câu chưa xem.", "<del>", "<ins>"):  # both, and what is different
        assert text in answer.content.decode(), text
    assert reverse("newsroom_history", args=[article.pk]) in answer.content.decode()  # and where it now stands
    assert Article.objects.get().title == "Của người khác"


def test_an_editor_of_a_ward_changes_no_section_of_the_site(client_of, tree, section):
    ward = client_of(factories.make_user("editor.lechan", role=Role.EDITOR, unit=tree["LECHAN"]))
    for url in (reverse("category_list"), reverse("category_update", args=[section.slug])):
        assert ward.post(url, {"name": "Bị chiếm", "position": 1}).status_code == 403
    assert reverse("category_list") not in ward.get(reverse("newsroom_list")).content.decode()
