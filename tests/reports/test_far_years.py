"""A year that nobody means, typed into a form: a sentence there, and every page that sorts by the column answers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from news import services
from news.models import Category
from portal.models import Posting
from portal.vocabulary import Role
from reports.models import Submission
from reports.services.submissions import approve_submission, save_submission, submit_submission
from tests.reports.conftest import H1

pytestmark = pytest.mark.django_db
FAR = ["1/1/1", "01/01/0001", "0001-01-01", "31/12/9999", "9999-12-31"]
READ_BY_ALL = [
    "home", "article_list", "rss", "atom", "sitemap", "news_sitemap", "report_list", "open_data", "search",
]  # fmt: skip


@pytest.fixture
def story(tree, editor, site_profile):
    section = Category.objects.create(name="Tin", slug="tin", position=1)
    return services.create_article(
        category=section, unit=tree["HP"], title="Trao quà", lead="Trao quà.", body="<p>a</p>", actor=editor
    )


def sentence_at(answer, field: str) -> str:
    assert answer.status_code in (200, 422)
    contexts = [answer.context.get(name) for name in ("form",)]
    errors = [form.errors[field] for form in contexts if form is not None and field in form.errors]
    assert errors, answer.status_code
    return " ".join(errors[0])


def pages_answer(client, names: list[str]) -> None:
    found = {name: client.get(reverse(name), {"q": "quà"} if name == "search" else {}).status_code for name in names}
    assert found == dict.fromkeys(names, 200)


@pytest.mark.parametrize("typed", FAR)
@pytest.mark.parametrize("field", ["at", "until", "pinned_until"])
def test_publishing(client_of, editor, story, field, typed):
    client = client_of(editor)
    data = {"at": "", "until": "", "pinned_until": "", "back_dated": "on"} | {field: typed}
    answer = client.post(reverse("newsroom_publish", args=[story.pk]), data)
    assert typed in sentence_at(answer, field)
    story.refresh_from_db()
    assert (story.published_at, story.expires_at, story.pinned_until) == (None, None, None)
    assert client.post(reverse("newsroom_publish", args=[story.pk]), data | {field: ""}).status_code == 302
    pages_answer(client_of(None), READ_BY_ALL)
    pages_answer(client, ["newsroom_list"])


@pytest.mark.parametrize("typed", FAR)
@pytest.mark.parametrize("field", ["since", "until"])
def test_a_posting(client_of, administrator, officer_lc, tree, site_profile, field, typed):
    client, before = client_of(administrator), Posting.objects.count()
    data = {"role": Role.OFFICER.value, "unit": "11383", "since": "1/7/2025", "until": ""} | {field: typed}
    assert typed in sentence_at(client.post(reverse("posting_create", args=[officer_lc.pk]), data), field)
    assert Posting.objects.count() == before
    pages_answer(client, ["account_list", "work_home"])


@pytest.mark.parametrize("typed", FAR)
def test_a_half_year_opened_again(client_of, city, officer_lc, approver, typed):
    one = save_submission(unit=city["LC"], half=H1, values={"communication.events": 5}, texts={}, actor=officer_lc)
    one = submit_submission(submission=one, actor=officer_lc)
    approve_submission(submission=one, actor=approver)
    client = client_of(approver)
    address = reverse("submission_reopen", args=["2023-H1", "LC"])
    answer = client.post(address, {"person": officer_lc.pk, "reason": "Sửa số lớp tập huấn", "until": typed})
    assert typed in sentence_at(answer, "until")
    assert Submission.objects.get(pk=one.pk).state == "approved"
    pages_answer(client, ["work_home", "report_archive"])
    assert client.get(reverse("half_board", args=["2023-H1"])).status_code == 200
