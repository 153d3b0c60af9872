"""A row found in its list and changed, taken out, put back: any row, while the list is a draft or returned."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.models import AuditEntry
from scholarships.models import BatchEvent
from scholarships.services.batches import remove_disbursement, return_batch, submit_batch
from scholarships.services.reviewing import remark_rows
from scholarships.services.verifying import find_differences
from tests import factories
from tests.scholarships.lists import add_row, make_batch
from tests.scholarships.test_batch_entry import row

REVERSED = "reversed_at = now(), reversed_half = '2023-H1', reversal_reason = 'x'"

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(draft, officer_lc, approver, programmes):
    """Sixty rows of LC, returned for one of them with a remark beside it."""
    for number in range(57):
        name = f"Lê Thị {'ABCDEGHIKL'[number % 10]}{'abcdeghikl'[number // 10]}"
        add_row(draft, officer_lc, programmes["award"], full_name=name)
    odd = add_row(draft, officer_lc, programmes["award"], full_name="Vũ Thị Yến", amount=30_000_000)
    submit_batch(batch=draft, actor=officer_lc)
    remark_rows(batch=draft, remarks={odd.pk: "30 triệu? Xem lại"}, actor=approver)
    return_batch(batch=draft, reason="Một dòng cần xem lại", actor=approver)
    draft.refresh_from_db()
    draft.odd = odd
    return draft


def test_the_row_with_a_remark_comes_first_and_is_mended_and_sent_in_four_clicks(
    client_of, officer_lc, programmes, returned
):
    client, url = client_of(officer_lc), reverse("batch_detail", args=[returned.pk])
    page = client.get(url).content.decode()  # 1: the list
    change = reverse("row_update", args=[returned.pk, returned.odd.pk])
    assert page.index("30 triệu? Xem lại") < page.index('id="next"')
    assert change in page
    form = client.get(change).context["form"]  # 2: the row
    assert (form["full_name"].value(), form["amount"].value()) == ("Vũ Thị Yến", "30.000.000")
    typed = row(programmes, full_name="Vũ Thị Yến", birth="2011", amount="300000")
    assert client.post(change, typed).url == url  # 3: save, back to the list
    assert client.post(reverse("batch_submit", args=[returned.pk])).status_code == 302  # 4: send
    returned.refresh_from_db()
    returned.odd.refresh_from_db()
    assert (returned.state, returned.odd.amount, returned.disbursements.standing().count()) == (
        "submitted",
        300_000,
        61,
    )
    events = list(returned.events.values_list("action", "reason"))
    assert [action for action, _reason in events] == ["create", "submit", "return", "edit", "submit"]
    assert "30.000.000 đồng → 300.000 đồng" in events[3][1]
    assert "Yến" not in events[3][1]  # the history stays for ever, and names nobody


def test_a_row_found_by_search_is_changed_and_leads_back_to_the_search(client_of, officer_lc, programmes, returned):
    client, url = client_of(officer_lc), reverse("batch_detail", args=[returned.pk])
    found = client.get(url, {"q": "yen"}).content.decode()
    assert f"{reverse('row_update', args=[returned.pk, returned.odd.pk])}?list=q%3Dyen" in found
    typed = row(programmes, full_name="Vũ Thị Yến", birth="2011", amount="300000")
    change = reverse("row_update", args=[returned.pk, returned.odd.pk])
    assert client.post(f"{change}?list=q%3Dyen%26next%3Dhttp://a.b", typed).url == f"{url}?q=yen"
    assert client.post(f"{change}?from=entry", typed).url == reverse("batch_entry", args=[returned.pk])


def test_what_is_wrong_is_said_beside_its_field_and_nothing_changes(client_of, officer_lc, programmes, draft):
    line = draft.disbursements.first()
    change = reverse("row_update", args=[draft.pk, line.pk])
    answer = client_of(officer_lc).post(change, row(programmes, amount="1.5"))
    assert list(answer.context["form"].errors) == ["amount"]
    line.refresh_from_db()
    assert line.amount == 500_000


def test_another_circumstance_puts_away_the_files_words_for_the_old_one(client_of, officer_lc, programmes, draft):
    line = add_row(draft, officer_lc, programmes["award"], circumstance="poor", circumstance_text="Hộ nghèo 2023")
    change = reverse("row_update", args=[draft.pk, line.pk])
    client_of(officer_lc).post(change, row(programmes, full_name="Trần Thị An", circumstance="poor"))
    line.refresh_from_db()
    assert line.circumstance_text == "Hộ nghèo 2023"
    client_of(officer_lc).post(change, row(programmes, full_name="Trần Thị An", circumstance=""))
    line.refresh_from_db()
    assert (line.circumstance_text, line.is_hardship) == ("", False)


def test_a_row_is_taken_out_and_put_back(client_of, officer_lc, draft):
    client, url = client_of(officer_lc), reverse("batch_detail", args=[draft.pk])
    line = draft.disbursements.first()
    answer = client.post(reverse("row_remove", args=[draft.pk, line.pk]), follow=True)
    assert draft.disbursements.standing().count() == 2
    assert answer.context["batch"].amount == 1_000_000
    assert line.pk not in [shown.pk for shown in answer.context["table"].page.rows]
    back = reverse("row_restore", args=[draft.pk, line.pk])
    assert back in answer.content.decode()
    assert client.post(back).url == url
    line.refresh_from_db()
    assert (line.taken_out, line.reversed_at, line.reversal_reason) == (False, None, "")
    assert draft.disbursements.standing().count() == 3
    actions = AuditEntry.objects.filter(action__startswith="scholarships.disbursement.re").values_list(
        "action", flat=True
    )
    assert sorted(actions) == ["scholarships.disbursement.remove", "scholarships.disbursement.restore"]


def test_a_row_is_not_put_back_beside_the_same_gift_entered_meanwhile(client_of, officer_lc, programmes, draft):
    client, line = client_of(officer_lc), draft.disbursements.first()
    client.post(reverse("row_remove", args=[draft.pk, line.pk]))
    add_row(
        draft,
        officer_lc,
        line.programme,
        full_name=line.recipient.full_name,
        amount=500_000,
        birth=line.recipient.birth,
    )
    answer = client.post(reverse("row_restore", args=[draft.pk, line.pk]), follow=True)
    assert "đã được ghi" in answer.content.decode() or "Đã ghi" in answer.content.decode()
    line.refresh_from_db()
    assert line.taken_out


def test_rows_taken_out_never_count_and_the_books_agree(client_of, officer_lc, approver, draft):
    line = draft.disbursements.first()
    client_of(officer_lc).post(reverse("row_remove", args=[draft.pk, line.pk]))
    submit_batch(batch=draft, actor=officer_lc)
    client_of(approver).post(reverse("batch_approve", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.state == "paid"
    page = client_of(approver).get(reverse("batch_detail", args=[draft.pk]))
    assert page.context["batch"].amount == 1_000_000
    assert len(page.context["table"].page.rows) == 2
    assert reverse("row_restore", args=[draft.pk, line.pk]) not in page.content.decode()
    assert find_differences() == []


def test_a_sent_list_is_left_alone_and_no_row_of_another_list_is_touched(
    client_of, officer_lc, officer_nq, approver, tree, draft, programmes
):
    other, line = make_batch(tree["LC"], officer_lc), draft.disbursements.first()
    client = client_of(officer_lc)
    names = ("row_update", "row_remove")
    for name in names:
        assert client.post(reverse(name, args=[other.pk, line.pk]), row(programmes)).status_code == 404
        assert client_of(officer_nq).post(reverse(name, args=[draft.pk, line.pk])).status_code == 404
        assert client_of(approver).post(reverse(name, args=[draft.pk, line.pk])).status_code == 403
    assert client.post(reverse("row_restore", args=[draft.pk, line.pk])).status_code == 404  # it was never taken out
    shown = client.version_shown_for(reverse("row_remove", args=[draft.pk, line.pk]))
    submit_batch(batch=draft, actor=officer_lc)
    assert client.get(reverse("row_update", args=[draft.pk, line.pk])).url == reverse("batch_detail", args=[draft.pk])
    client.post(reverse("row_remove", args=[draft.pk, line.pk]), shown)
    assert draft.disbursements.standing().count() == 3


def test_whoever_takes_a_row_out_has_made_the_list(officer_lc, tree, draft):
    other = factories.make_user("officer.hai", role="officer", unit=tree["LC"])
    remove_disbursement(row=draft.disbursements.first(), actor=other)
    assert BatchEvent.objects.get(batch=draft, action="edit").actor == other
    assert draft.is_made_by(other)


@pytest.mark.parametrize(
    "change",
    ["taken_out = true", "taken_out = NULL", f"taken_out = true, paid_at = now(), {REVERSED}"],
)
def test_the_database_holds_what_taken_out_means(draft, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE scholarships_disbursement SET {change} WHERE batch_id = %s", [draft.pk])
