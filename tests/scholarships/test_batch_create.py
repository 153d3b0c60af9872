"""A new list begun."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from intakes.reading.files.workbook import read_workbook
from intakes.reading.reading import understand
from scholarships.models import Batch
from scholarships.schema import DISBURSEMENTS

pytestmark = pytest.mark.django_db


def test_typing_leads_to_the_first_row(client_of, officer_lc, tree, fund_lc, site_profile):
    answer = client_of(officer_lc).post(
        reverse("batch_create"), {"mode": "to_pay", "way": "type", "unit": tree["LC"].pk, "half": "2023-H1"}
    )
    batch = Batch.objects.get()
    assert answer.url == reverse("batch_entry", args=[batch.pk])
    assert (batch.mode, batch.half, batch.unit) == ("to_pay", "2023-H1", tree["LC"])


def test_the_own_unit_is_chosen_already_and_former_units_stand_apart(
    client_of, officer_lechan, officer_nq, tree, site_profile
):
    form = client_of(officer_lechan).get(reverse("batch_create")).context["form"]
    assert form["unit"].value() == tree["LECHAN"].pk
    offered = {choice.data["value"] for choice in form["unit"].subwidgets} - {""}
    assert {str(value) for value in offered} >= {str(tree["LECHAN"].pk)}
    text = str(form["unit"])
    assert "Quận Lê Chân" in text
    assert "Ngô Quyền" not in text
    only = client_of(officer_nq).get(reverse("batch_create")).context["form"]
    assert only["unit"].value() == tree["NQ"].pk


def test_a_unit_that_is_not_theirs_or_did_not_exist_then_is_refused(client_of, officer_lechan, tree, site_profile):
    client, sent = client_of(officer_lechan), {"mode": "to_pay", "way": "type", "half": "2023-H1"}
    assert "unit" in client.post(reverse("batch_create"), sent | {"unit": tree["NQ"].pk}).context["form"].errors
    refused = client.post(reverse("batch_create"), sent | {"unit": tree["LECHAN"].pk})
    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert not Batch.objects.exists()


def test_without_the_right_it_is_403(client_of, approver, site_profile):
    assert client_of(approver).get(reverse("batch_create")).status_code == 403
    assert client_of(approver).get(reverse("batch_form")).status_code == 403


def test_the_blank_form_is_a_workbook_that_the_portal_reads(client_of, officer_lc, site_profile):
    answer = client_of(officer_lc).get(reverse("batch_form"))
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    reading = understand(read_workbook(answer.content, "mau.xlsx"), DISBURSEMENTS)
    assert not reading.bad_rows
    assert not reading.ambiguities
