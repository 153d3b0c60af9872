"""What two editors do in the newsroom at the same moment: files sent twice, and the last place of the home page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from news import services
from news.models import Article, Attachment, Category, Photo
from news.services.leading import MOST_LEADING
from portal.vocabulary import Role
from tests import factories
from tests.concurrency.test_money import together
from tests.news.conftest import picture
from tests.news.test_documents import PDF

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def write(tree):
    """Make a draft of an editor of the city: write(title)."""
    factories.make_site_profile()
    section = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    editor = factories.make_user("editor", role=Role.EDITOR, unit=tree["HP"])

    def make(title: str) -> Article:
        return services.create_article(
            category=section, unit=tree["HP"], title=title, lead="Một câu.", body="<p>a</p>", actor=editor
        )

    return make


def test_a_file_dropped_twice_at_once_is_one_in_an_article_and_in_a_new_form(write):
    article = write("Bài có ảnh")
    editor = article.created_by
    for where in ({"article": article}, {"form_key": "mot-trang"}):
        own = {"article": article} if "article" in where else where
        answers = together(*[lambda: services.add_photo(file=picture((64, 48)), actor=editor, **where)] * 2)  # noqa: B023 - called before the next round
        assert answers[0] == answers[1]
        assert Photo.objects.filter(**own).count() == 1
        file = lambda: SimpleUploadedFile("Kế hoạch.pdf", PDF)  # noqa: E731 - each job sends its own
        answers = together(*[lambda: services.add_attachment(file=file(), actor=editor, **where)] * 2)  # noqa: B023 - called before the next round
        assert answers[0] == answers[1]
        assert Attachment.objects.filter(**own).count() == 1


def test_of_two_articles_for_the_last_leading_place_one_gets_it(write):
    stories = [write(f"Bài số {number}") for number in range(MOST_LEADING + 1)]
    editor, until = stories[0].created_by, timezone.now() + dt.timedelta(days=1)
    for one in stories:
        services.publish_article(article=one, actor=editor)
    for one in stories[:-2]:
        services.pin_article(article=one, until=until, actor=editor)
    answers = together(
        *(lambda one=one: services.pin_article(article=one, until=until, actor=editor) for one in stories[-2:])
    )
    assert sorted(isinstance(answer, ValidationError) for answer in answers) == [False, True]
    assert Article.objects.leading().count() == MOST_LEADING
    assert len(set(Article.objects.leading().values_list("pinned_order", flat=True))) == MOST_LEADING
