"""The library of photos: each once, found by words, described, replaced without changing what readers have."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from news import services
from news.models import Article, Photo
from news.tasks import make_renditions
from portal.models import AuditEntry
from portal.services.refusals import ConflictError, ForbiddenError
from portal.services.versions import version_of
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import picture


def file_of(stream: io.BytesIO, name: str = "le-trao.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


@pytest.fixture
def photo(editor, tree) -> Photo:
    return services.add_photo(
        file=picture((64, 48)), unit=tree["HP"], caption="Lễ trao học bổng", alt="Các em nhận quà", credit="Phương Mai",
        name="hinh-0417.jpg", actor=editor,
    )  # fmt: skip


@pytest.fixture
def stranger(tree):
    return factories.make_user("cong.tac", role=Role.CONTRIBUTOR, unit=tree["NGOQUYEN"])


def shown(photo: Photo) -> str:
    return f'<p>Các em.</p><figure data-photo="{photo.pk}"></figure>'


@pytest.mark.parametrize("words", ["trao hoc bong", "phuong mai", "0417", "mai TRAO"])
def test_p06_the_library_finds_a_photo_by_caption_credit_and_file(client_of, editor, stranger, photo, words):
    page = client_of(editor).get(reverse("photo_list"), {"q": words})
    assert photo.thumb_url in page.content.decode()
    assert photo.thumb_url not in client_of(editor).get(reverse("photo_list"), {"q": "bóng đá"}).content.decode()
    theirs = client_of(stranger)
    assert photo.thumb_url not in theirs.get(reverse("photo_list"), {"q": words}).content.decode()
    assert theirs.get(reverse("photo_update", args=[photo.pk])).status_code == 404
    assert theirs.get(reverse("photo_find"), {"q": words}).json() == {"photos": []}


def test_p06_a_picture_that_the_library_has_is_offered_again_and_told(client_of, editor, stranger, photo, tree):
    desk, again = client_of(editor), {"form_key": "mot-bai"}
    answer = desk.post(reverse("newsroom_photo"), again | {"file": file_of(picture((64, 48)))}).json()
    assert answer["id"] == photo.pk
    assert "đã có trong kho ảnh" in answer["known"]
    assert f'name="lent" value="{photo.pk}"' in answer["row"]
    assert "Lễ trao học bổng" in answer["row"]
    page = desk.post(
        reverse("photo_list"),
        {"unit": tree["HP"].pk, "pictures": file_of(picture((64, 48)), "lan-hai.jpg")},
        follow=True,
    )
    assert "“lan-hai.jpg” đã có trong kho ảnh" in page.content.decode()
    assert Photo.objects.count() == 1
    other = services.add_photo(file=picture((64, 48)), unit=tree["NGOQUYEN"], reuse=True, actor=stranger)
    assert other != photo  # nobody learns of another unit's photos


def test_p06_a_photo_of_the_library_goes_into_a_new_article_and_stays_beside_it(
    client_of, editor, photo, section, tree
):
    desk = client_of(editor)
    begun = desk.get(reverse("newsroom_create"), {"lent": photo.pk}).content.decode()
    assert f'id="photo-row-{photo.pk}"' in begun
    values = {
        "title": "Trao quà", "category": section.pk, "unit": tree["HP"].pk, "lead": "Một câu.", "body": "<p>a</p>",
        "lent": photo.pk, f"photo-{photo.pk}-caption": "Lời riêng", f"photo-{photo.pk}-alt": "Các em",
    }  # fmt: skip
    desk.post(reverse("newsroom_create"), values | {"cover": photo.pk, "form_key": "k1"})
    article = Article.objects.get()
    assert article.working_revision.cover == photo
    assert article.working_revision.words_of(photo.pk)["caption"] == "Lời riêng"
    photo.refresh_from_db()
    assert (photo.article, photo.caption) == (None, "Lễ trao học bổng")
    edit = reverse("newsroom_update", args=[article.pk])
    without = {name: value for name, value in values.items() if name != "unit"} | {"cover": ""}
    desk.post(edit, without | {"version": version_of(article)})
    assert f'id="photo-row-{photo.pk}"' in desk.get(edit).content.decode()
    article.refresh_from_db()
    desk.post(edit, {"version": version_of(article)} | {k: v for k, v in without.items() if k != "lent"})
    assert f'id="photo-row-{photo.pk}"' not in desk.get(edit).content.decode()


def test_p06_a_photo_of_no_article_is_in_the_library_of_the_first_that_shows_it(editor, write):
    loose = services.add_photo(file=picture((60, 40)), caption="Lẻ", alt="Các em", actor=editor)
    assert loose not in Photo.objects.in_library(editor)
    write(body=shown(loose))
    assert loose in Photo.objects.in_library(editor)


def test_p06_where_a_photo_is_used_is_said(client_of, editor, write, photo, section):
    article = write(title="Bài có ảnh", body=shown(photo))
    page = client_of(editor).get(reverse("photo_update", args=[photo.pk])).content.decode()
    assert "Bài có ảnh" in page
    values = {"category": section, "title": "Bài có ảnh", "lead": "a", "body": "<p>a</p>"}
    services.save_article(article=article, actor=editor, **values)
    page = client_of(editor).get(reverse("photo_update", args=[photo.pk])).content.decode()
    assert "Chưa bài nào dùng ảnh này" in page


def test_p06_a_replaced_file_is_a_new_photo_that_readers_get_by_publishing(
    client, client_of, editor, publish, write, photo
):
    live, draft = publish(title="Bài đăng", body=shown(photo), cover=photo), write(title="Bản nháp", body=shown(photo))
    page = reverse("photo_replace", args=[photo.pk])
    client_of(editor).post(page, {"file": file_of(picture((90, 60))), "version": version_of(photo)})
    photo.refresh_from_db()
    new = photo.replaced_by
    assert (new.words, new.unit) == (photo.words, photo.unit)
    assert new.file.name != photo.file.name
    for article in (live, draft):
        article.refresh_from_db()
        assert article.working_revision.photo_ids_in_text == [new.pk]
        assert article.working_revision.words_of(new.pk)["caption"] == "Lễ trao học bổng"
    assert live.working_revision.cover == new
    assert photo.file.name in client.get(live.get_absolute_url()).content.decode()
    services.publish_article(article=live, actor=editor)
    html = client.get(live.get_absolute_url()).content.decode()
    assert new.file.name in html
    assert photo.file.name not in html
    assert photo.pk not in Photo.objects.in_library(editor).values_list("pk", flat=True)
    with pytest.raises(ValidationError, match="thay rồi"):
        services.replace_photo(photo=photo, file=picture((80, 60)), actor=editor)


def test_p06_a_photo_that_was_replaced_comes_back_by_no_form_that_stood_open_and_by_no_earlier_state(
    client_of, editor, write, photo, section, tree
):
    desk, key = client_of(editor), "mot-trang"
    earlier = write(title="Trước khi thay", body=shown(photo), cover=photo)
    new = services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor).photo
    values = {
        "title": "Mở từ trước", "category": section.pk, "unit": tree["HP"].pk, "lead": "Một câu.", "body": shown(photo),
        "lent": photo.pk, "cover": photo.pk, "form_key": key, f"photo-{photo.pk}-caption": "Lời gõ trong trang cũ",
        f"photo-{photo.pk}-alt": "Các em",
    }  # fmt: skip
    assert desk.post(reverse("newsroom_create"), values).status_code == 302
    revision = Article.objects.get(form_key=key).working_revision
    assert (revision.photo_ids_in_text, revision.cover) == ([new.pk], new)
    assert revision.words_of(new.pk)["caption"] == "Lời gõ trong trang cũ"
    earlier.refresh_from_db()
    restore = reverse("newsroom_restore", args=[earlier.pk, 1])
    empty = {"category": section, "title": "Không ảnh", "lead": "Một câu.", "body": "<p>a</p>"}
    services.save_article(article=earlier, actor=editor, **empty)
    earlier.refresh_from_db()
    assert desk.post(restore, {"version": version_of(earlier)}).status_code == 302
    earlier.refresh_from_db()
    restored = earlier.working_revision
    assert (restored.title, restored.photo_ids_in_text, restored.cover) == ("Trước khi thay", [new.pk], new)


def test_p06_a_replacement_is_refused_with_a_sentence_or_a_conflict(client_of, editor, photo):
    page = reverse("photo_replace", args=[photo.pk])
    desk, version = client_of(editor), version_of(photo)
    same = desk.post(page, {"file": file_of(picture((64, 48))), "version": version})
    assert "chính là ảnh đang có" in same.content.decode()
    broken = desk.post(page, {"file": SimpleUploadedFile("a.jpg", b"<html>"), "version": version})
    assert "là trang web" in broken.content.decode() or "không phải" in broken.content.decode()
    services.describe_photo(photo=photo, caption="Khác", alt="x", credit="", actor=editor)
    with pytest.raises(ConflictError):
        services.replace_photo(photo=photo, file=picture((90, 60)), version=version, actor=editor)
    assert Photo.objects.count() == 1


def test_p06_children_are_shown_only_where_somebodys_consent_is_written(client_of, editor, write, photo):
    article = write(body=shown(photo))
    facts = {"caption": photo.caption, "alt": photo.alt, "credit": "", "actor": editor}
    services.describe_photo(photo=photo, shows_children=True, **facts)
    with pytest.raises(ValidationError, match="ai đã đồng ý"):
        services.publish_article(article=article, actor=editor)
    page = client_of(editor).get(reverse("newsroom_publish", args=[article.pk])).content.decode()
    assert f"{reverse('photo_update', args=[photo.pk])}#id_consent" in page
    services.describe_photo(photo=photo, consent="Cha mẹ các em, 05/6/2026", **facts)
    assert services.publish_article(article=article, actor=editor).published_revision is not None


def test_p06_the_library_asks_for_no_description_where_a_photo_is_decoration_alone(
    client_of, editor, second, publish, write, tree, section
):
    photo = services.add_photo(file=picture((64, 48)), unit=tree["HP"], caption="Hoa văn", actor=editor)
    told = {photo.pk: {"caption": "Hoa văn", "alt": "Cành hoa", "credit": ""}}
    as_decoration = {photo.pk: {"caption": "Hoa văn", "alt": "", "credit": "", "decorative": True}}
    page, desk = reverse("photo_update", args=[photo.pk]), client_of(editor)

    def library() -> tuple[bool, bool, bool]:
        """Whether a description is missed; whether the filter finds it so; whether decoration is told."""
        row = desk.get(reverse("photo_list")).content.decode().partition("<tbody")[2]
        asked = desk.get(reverse("photo_list"), {"lacks": "alt"}).content.decode()
        return "Thiếu mô tả" in row, photo.thumb_url in asked, "ảnh trang trí trong" in row

    assert library() == (True, True, False)  # no article says what it is
    live = publish(title="Bài một", body=shown(photo), photo_words=as_decoration)
    write(title="Bài hai", body=shown(photo), photo_words=as_decoration)
    assert library() == (False, False, True)
    assert "ảnh trang trí trong 2 bài" in desk.get(reverse("photo_list")).content.decode()
    assert desk.get(page).content.decode().count('<span class="muted">ảnh trang trí</span>') == 2
    values = {"category": section, "title": "Bài một", "lead": "Một câu.", "body": shown(photo)}
    services.save_article(article=live, photo_words=told, actor=second, **values)
    assert library() == (True, True, False)  # the working text says what it shows
    assert desk.get(page).content.decode().count('<span class="muted">ảnh trang trí</span>') == 1
    services.describe_photo(photo=photo, caption="Hoa văn", alt="Cành hoa", credit="", actor=editor)
    assert library() == (False, False, False)


def test_p06_the_rights_of_a_photo_are_noted_for_the_newsroom_alone(
    client, client_of, editor, leader, auditor, stranger, publish, photo
):
    page, note = reverse("photo_update", args=[photo.pk]), "Ảnh của báo Hải Phòng, cho dùng đến hết năm 2026"
    sent = {"caption": photo.caption, "alt": photo.alt, "credit": photo.credit, "consent": "", "focus_x": 50}
    sent |= {"focus_y": 50, "version": version_of(photo)}
    long = client_of(editor).post(page, sent | {"rights": "a" * 301})
    assert list(long.context["form"].errors) == ["rights"]
    assert client_of(editor).post(page, sent | {"rights": f"  {note} "}).status_code == 302
    photo.refresh_from_db()
    assert photo.rights == note
    said = AuditEntry.objects.get(action="news.photo.describe")
    assert (said.actor, said.fields, note in str(said.detail)) == (editor, ["rights"], False)
    assert f'value="{note}"' in client_of(editor).get(page).content.decode()
    assert f'<dd lang="vi">{note}</dd>' in client_of(leader).get(page).content.decode()  # who only looks reads it
    assert client_of(auditor).get(page).status_code == 403
    assert client_of(stranger).get(page).status_code == 404
    live = publish(body=shown(photo), cover=photo)
    for address in ("/", live.get_absolute_url(), "/tim-kiem/?q=bao+Hai+Phong"):
        assert note not in client.get(address).content.decode()
    new = services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor).photo
    assert new.rights == note


def test_p06_a_photo_is_cut_around_what_matters_in_it(client, client_of, editor, contributor, publish, tree):
    tall = Image.new("RGB", (400, 1200), "white")
    tall.paste("black", (0, 0, 400, 200))
    stream = io.BytesIO()
    tall.save(stream, "JPEG")
    stream.name = "cao.jpg"
    stream.seek(0)
    photo = services.add_photo(file=stream, unit=tree["HP"], caption="Cao", alt="Một người", actor=editor)
    values = {
        "caption": "Cao",
        "alt": "Một người",
        "credit": "",
        "rights": "",
        "consent": "",
        "focus_x": 50,
        "focus_y": 0,
    }
    page = reverse("photo_update", args=[photo.pk])
    client_of(editor).post(page, values | {"version": version_of(photo)})
    photo.refresh_from_db()
    make_renditions.call(photo.pk)
    photo.refresh_from_db()
    with photo.file.storage.open(next(one["path"] for one in photo.renditions if one["format"] == "share")) as handle:
        assert Image.open(handle).convert("L").getpixel((600, 10)) < 60  # its top, not its middle
    publish(title="Bài", cover=photo)
    assert "focus-x-50 focus-y-0" in client.get("/").content.decode()
    said = {"caption": "Cao", "alt": "Một người", "credit": "", "focus_y": 100}
    with pytest.raises(ForbiddenError):  # readers have it: only who publishes says how it is cut
        services.describe_photo(photo=photo, actor=contributor, **said)
    assert (
        services.describe_photo(photo=photo, actor=contributor, **(said | {"focus_y": 0, "credit": "An"})).credit
        == "An"
    )


def test_a_photo_is_described_while_its_copies_are_made(client_of, editor, photo):
    page = reverse("photo_update", args=[photo.pk])
    sent = {"caption": "Lễ", "alt": "Các em", "credit": "", "rights": "", "consent": "", "focus_x": 0, "focus_y": 50}
    shown_first = version_of(photo)
    make_renditions.call(photo.pk)  # its page stood open meanwhile: nothing that it says is another now
    assert client_of(editor).post(page, sent | {"version": shown_first}).status_code == 302
    assert client_of(editor).post(page, sent | {"version": shown_first}).status_code == 409


@pytest.mark.parametrize("change", ["focus_x = 33", "focus_y = NULL", "replaced_by_id = id"])
def test_the_database_holds_what_is_said_of_a_photo(photo, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE news_photo SET {change} WHERE id = %s", [photo.pk])


def test_who_agreed_to_a_photo_that_readers_have_is_said_by_who_may_publish(
    client_of, publish, editor, contributor, tree, site_profile
):
    photo = services.add_photo(file=picture((64, 48)), caption="Lễ", alt="Các em", unit=tree["HP"], actor=editor)
    said = {"photo": photo, "caption": "Lễ", "alt": "Các em", "credit": ""}
    agreed = {"shows_children": True, "consent": "Phụ huynh"}
    services.describe_photo(**said, **agreed, actor=contributor)
    publish(body=f'<figure data-photo="{photo.pk}"></figure>', cover=photo)
    services.describe_photo(**said | {"caption": "Lễ trao"}, actor=contributor)
    for change in ({"shows_children": False}, {"consent": ""}, {"rights": "Mua"}):
        with pytest.raises(ForbiddenError) as refused:
            services.describe_photo(**said | change, actor=contributor)
        assert list(refused.value.message_dict) == list(change)
    page = reverse("photo_update", args=[photo.pk])
    sent = {
        "caption": "Lễ mới",
        "alt": "Các em",
        "credit": "",
        "focus_x": 50,
        "focus_y": 50,
        "rights": "",
        "consent": "",
    }
    photo.refresh_from_db()
    answer = client_of(contributor).post(page, sent | {"version": version_of(photo)})
    assert (answer.status_code, photo.caption) == (200, "Lễ trao")
    assert answer.context["form"].errors.keys() == {"consent", "shows_children"}
    assert 'value="Lễ mới"' in answer.content.decode()
    photo.refresh_from_db()
    assert (photo.caption, photo.consent) == ("Lễ trao", "Phụ huynh")
    services.describe_photo(**said, consent="Phụ huynh lớp 5A", actor=editor)
