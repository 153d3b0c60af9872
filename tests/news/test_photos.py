"""Photos: taken in by what they are, not by what they are called."""

from __future__ import annotations

import io

import lxml.html
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from news import services
from news.models import Article, ArticleRevision, Photo
from news.services.merging import FIELDS, merge_values
from news.tasks import make_renditions
from portal.models import AuditEntry
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import picture
from tests.news.test_newsroom import fields


def stored(photo: Photo) -> Image.Image:
    with photo.file.open("rb") as handle:
        image = Image.open(io.BytesIO(handle.read()))
    image.load()
    return image


def named(data: bytes, name: str) -> io.BytesIO:
    stream = io.BytesIO(data)
    stream.name = name
    return stream


@pytest.fixture
def photo_of(editor):
    def add(file, **values) -> Photo:
        return services.add_photo(file=file, actor=editor, **values)

    return add


def test_orientation_is_applied_and_the_place_is_gone(photo_of):
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (20.0, 51.0, 0.0)
    photo = photo_of(picture((600, 400), exif=exif))
    image = stored(photo)
    assert (photo.width, photo.height) == image.size == (400, 600)
    assert not image.getexif()
    assert "exif" not in image.info


def test_a_large_picture_is_stored_with_2400_pixels_a_side(photo_of):
    photo = photo_of(picture((4800, 1200)))
    assert (photo.width, photo.height) == (2400, 600)


def test_png_with_transparency_becomes_a_jpeg_on_white(photo_of):
    stream = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(stream, "PNG")
    image = stored(photo_of(named(stream.getvalue(), "trong-suot.png")))
    assert image.format == "JPEG"
    assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!DOCTYPE html><html><body>x</body></html>",
        b"",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(photo_of, data):
    with pytest.raises(ValidationError, match=r"anh-dep\.jpg"):
        photo_of(named(data, "anh-dep.jpg"))
    assert not Photo.objects.exists()


def test_a_truncated_photo_is_refused_and_a_whole_one_taken(photo_of):
    data = picture().getvalue()
    with pytest.raises(ValidationError, match=r"cut\.jpg"):
        photo_of(named(data[: len(data) // 2], "cut.jpg"))
    assert photo_of(named(data, "whole.jpg")).pk


def test_more_than_60_million_pixels_are_refused(photo_of):
    stream = io.BytesIO()
    Image.new("1", (10_000, 6_001)).save(stream, "PNG")
    with pytest.raises(ValidationError, match=r"rong\.png"):
        photo_of(named(stream.getvalue(), "rong.png"))


def test_a_heic_photo_is_taken_and_a_broken_one_refused(photo_of):
    photo = photo_of(picture((640, 480), "HEIF"), name="IMG_1.HEIC")
    assert (photo.width, photo.height, stored(photo).format) == (640, 480, "JPEG")
    with pytest.raises(ValidationError, match="IMG_2"):
        photo_of(named(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "IMG_2.HEIC"))


def test_the_same_picture_twice_in_one_story_is_one(write, photo_of):
    article = write()
    first = photo_of(picture(), article=article)
    assert photo_of(picture(), article=article) == first
    assert photo_of(picture(), article=write()) != first


def test_renditions_stand_in_every_text_that_shows_the_photo(write, photo_of):
    photo = photo_of(picture((1600, 1000)), caption="Lễ trao", alt="Các em nhận quà", credit="Ảnh: An")
    article = write(body=f'<p>a</p><figure data-photo="{photo.pk}"></figure>')
    assert "srcset" not in article.working_revision.body_html
    assert make_renditions.call(photo.pk) == 13
    photo.refresh_from_db()
    widths = sorted({(copy["format"], copy["width"]) for copy in photo.renditions})
    for kind in ("avif", "webp", "jpeg"):
        assert [width for one, width in widths if one == kind] == [320, 480, 960, 1600]
    assert ("share", 1200) in widths
    html = article.revisions.get().body_html
    assert 'type="image/avif"' in html
    assert 'width="1600" height="1000"' in html
    assert 'alt="Các em nhận quà"' in html
    assert "<figcaption>Lễ trao" in html
    for copy in photo.renditions:
        with photo.file.storage.open(copy["path"]) as handle:
            assert Image.open(handle).width == copy["width"]


def test_p06_a_decorative_photo_needs_no_description_and_says_nothing_to_who_cannot_see_it(
    client, client_of, write, editor, photo_of, site_profile
):
    article = write()
    photo = photo_of(picture((500, 300)), article=article, alt="Hoa văn", name="hoa.jpg")
    desk, address = client_of(editor), reverse("newsroom_update", args=[article.pk])
    body = f'<p>a</p><figure data-photo="{photo.pk}"></figure>'
    sent = fields(article, body=body) | {f"photo-{photo.pk}-caption": "Hoa văn", f"photo-{photo.pk}-alt": ""}
    desk.post(address, sent)
    article.refresh_from_db()
    with pytest.raises(ValidationError, match=r"hoa\.jpg.*ảnh trang trí"):
        services.publish_article(article=article, actor=editor)
    assert _marks(desk, address) == ["Thiếu mô tả"]
    desk.post(address, sent | fields(article, body=body) | {f"photo-{photo.pk}-decorative": "on"})
    assert _marks(desk, address) == []
    article.refresh_from_db()
    article = services.publish_article(article=article, actor=editor)
    make_renditions.call(photo.pk)
    page = lxml.html.fromstring(client.get(article.get_absolute_url()).content)
    (image,) = page.xpath(f"//figure[@id='photo-{photo.pk}']//img")
    assert (image.get("alt"), "srcset" in image.attrib) == ("", True)
    assert not page.xpath(f"//figure[@id='photo-{photo.pk}']//a")  # a link without a name
    history = lxml.html.fromstring(desk.get(reverse("newsroom_history", args=[article.pk])).content)
    assert "ảnh trang trí" in history.text_content()
    desk.post(
        address,
        fields(article, body=body) | {f"photo-{photo.pk}-caption": "Hoa văn", f"photo-{photo.pk}-alt": "Các em"},
    )
    assert Article.objects.get().working_revision.words_of(photo.pk).get("decorative") is False
    assert 'alt="Các em"' not in client.get(article.get_absolute_url()).content.decode()  # until it is published


def _marks(client, address: str) -> list[str]:
    page = lxml.html.fromstring(client.get(address).content)
    return [one.text_content() for one in page.xpath("//*[@data-missing][not(@hidden)]")]


def test_p06_whether_a_photo_is_decorative_is_frozen_with_what_readers_have(publish, editor, photo_of):
    photo = photo_of(picture())
    words = {photo.pk: {"caption": "Hoa văn", "alt": "", "credit": "", "decorative": True}}
    article = publish(body=f'<figure data-photo="{photo.pk}"></figure>', photo_words=words)
    revision = article.published_revision
    change = f"jsonb_set(photo_words, '{{{photo.pk},decorative}}', 'false')"
    with (
        pytest.raises(IntegrityError, match="article_revision_frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE news_articlerevision SET photo_words = {change} WHERE id = %s", [revision.pk])
    revision.refresh_from_db()
    assert revision.words_of(photo.pk)["decorative"] is True


def test_p06_two_editors_ticks_are_put_together():
    said = {"caption": "Lễ trao", "alt": "Các em", "credit": ""}
    before = dict.fromkeys(FIELDS, "") | {"photo_words": {7: said}}
    ticked = before | {"photo_words": {7: said | {"decorative": True}}}
    renamed = before | {"photo_words": {7: said | {"caption": "Lễ khai giảng"}}}
    for theirs, mine in ((ticked, renamed), (renamed, ticked)):
        merged = merge_values(before, theirs, mine)
        assert merged.clashes == []
        assert merged.values["photo_words"][7] == said | {"caption": "Lễ khai giảng", "decorative": True}


def test_new_copies_change_nothing_else_of_a_text_saved_in_the_words_of_earlier_days(write, photo_of):
    photo, other = photo_of(picture((500, 300))), photo_of(picture((490, 300)))
    places = "".join(f'<figure data-photo="{one.pk}"></figure>' for one in (photo, other))
    write(body=f'{places}<figure data-video="youtube:dQw4w9WgXcQ"></figure>')
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE news_articlerevision SET body_html = replace(body_html, 'Xem video', 'Mở video')")
        cursor.execute("SET session_replication_role = origin")
    for one in (photo, other):
        make_renditions.call(one.pk)
    text = ArticleRevision.objects.get().body_html
    assert "Mở video; nội dung lấy từ YouTube" in text
    assert text.count("image/avif") == 2


def test_making_renditions_again_leaves_one_of_each(photo_of):
    photo = photo_of(picture((700, 500)))
    make_renditions.call(photo.pk)
    make_renditions.call(photo.pk)
    photo.refresh_from_db()
    paths = [copy["path"] for copy in photo.renditions]
    assert len(paths) == len(set(paths)) == 7  # two widths, three formats, and the one to share


def test_a_caption_is_escaped_and_the_audit_has_no_words_of_it(write, photo_of, editor):
    photo = photo_of(picture(), caption="Mới <b>", alt="x")
    article = write(body=f'<figure data-photo="{photo.pk}"></figure>')
    assert "Mới &lt;b&gt;" in article.revisions.get().body_html
    services.describe_photo(photo=photo, caption="Khác", alt="x", credit="", actor=editor)
    assert "Khác" not in article.revisions.get().body_html  # what is said in an article is the article's
    entry = AuditEntry.objects.filter(action="news.photo.describe").get()
    assert (entry.fields, entry.detail) == (["caption"], {})


def test_a_photo_of_another_units_draft_stays_out_of_the_text_until_it_is_public(write, editor, tree):
    theirs = write()
    photo = services.add_photo(file=picture(), article=theirs, caption="Các em", alt="Các em nhận quà", actor=editor)
    stranger = factories.make_user("cong.tac", role=Role.CONTRIBUTOR, unit=tree["NGOQUYEN"])
    body = f'<p>a</p><figure data-photo="{photo.pk}"></figure><figure data-photo="{"9" * 5000}"></figure>'
    mine = write(body=body, unit=tree["NGOQUYEN"], actor=stranger)
    assert photo.file.name not in mine.working_revision.body_html
    assert not mine.working_revision.photos.exists()
    services.save_article(
        article=theirs, category=theirs.category, title="Ảnh", lead="Một câu.",
        body=f'<figure data-photo="{photo.pk}"></figure>', actor=editor,
    )  # fmt: skip
    services.publish_article(article=theirs, actor=editor)
    again = write(body=body, unit=tree["NGOQUYEN"], actor=stranger)
    assert photo.file.name in again.working_revision.body_html
