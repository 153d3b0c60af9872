"""Unit codes, user names and phones are defined once: what a form accepts, the database holds and an address reaches."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.accounts import AccountForm, UserNameField
from portal.forms.fields import UnitCodeField
from portal.models import Unit, User
from portal.services.accounts import create_account, update_account
from tests import factories


@given(st.text(max_size=24) | st.from_regex(r"[A-Za-z0-9/#?%. Đ–-]{1,24}", fullmatch=True))
def test_whatever_code_a_form_accepts_has_its_addresses(typed):
    try:
        code = UnitCodeField().clean(typed)
    except ValidationError:
        return
    for name, more in (
        ("unit_detail", {}), ("unit_update", {}), ("report_public", {"period": "2023-H1"}), ("submission_detail", {"half": "2023-H1"}),
        ("open_data_file", {"period": "2023-H1"}),
    ):  # fmt: skip
        assert code in reverse(name, kwargs={"code": code, **more})


@pytest.mark.parametrize("code", ["31/115", "31.115", "ĐS-115", "CH#7", "..", "%00", "CH?3", "", "\u200b", "A" * 21])
def test_other_codes_are_refused_by_the_form_and_by_the_database(db, code):
    with pytest.raises(ValidationError):
        UnitCodeField().clean(code)
    with (
        pytest.raises(IntegrityError if len(code) <= 20 else Exception),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO portal_unit (code, created_at) VALUES (%s, now())", [code])


def test_a_code_is_stored_in_capitals_with_plain_hyphens(db):
    assert UnitCodeField().clean(" ch–7 ") == "CH-7"
    assert Unit.objects.create(code="CH-7").pk


def test_a_code_with_a_slash_makes_no_unit(tree, administrator, client_of):
    page = client_of(administrator).post(
        reverse("unit_create"),
        {"code": "31/115", "name": "Phường Mới", "level": "3", "parent": "HP", "since": "01/08/2025"},
    )
    assert page.status_code in {200, 422}
    assert "Mã chỉ gồm" in page.content.decode()
    assert not Unit.objects.filter(code__contains="/").exists()


@pytest.mark.parametrize("other", ["Approver", "APPROVER", "ａｐｐｒｏｖｅｒ", "âpprover", "appro\u200bver"])
def test_a_user_name_that_differs_in_capitals_or_marks_is_taken(approver, other):
    form = AccountForm({"username": other, "full_name": "Người Khác"})
    assert not form.is_valid()
    assert "username" in form.errors
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_user (username, full_name, email, password, is_active, created_at) VALUES (%s, 'X', '', '!', true, now())",
            [other],
        )


def test_a_user_name_that_reads_as_a_phone_is_the_accounts_own(db):
    factories.make_user("an", phone="+84912345678")
    for phone in ("", "0987654321"):
        form = AccountForm({"username": "0912345678", "full_name": "Bình", "phone": phone})
        assert "username" in form.errors
    own = AccountForm({"username": "0987654321", "full_name": "Bình", "phone": "0987 654 321"})
    assert own.is_valid(), own.errors


def test_nobody_takes_a_number_that_is_anothers_user_name(db):
    factories.make_user("0912345678")
    form = AccountForm({"username": "binh", "full_name": "Bình", "phone": "0912 345 678"})
    assert "phone" in form.errors


def sign_in(client, login, password=factories.PASSWORD):
    client.logout()
    client.post(reverse("account_login"), {"login": login, "password": password})
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).username if pk else None


def test_an_exact_user_name_wins_over_a_phone(db, client):
    factories.make_user("an", phone="+84912345678")
    factories.make_user("0912345678")  # from before the rule
    assert sign_in(client, "0912345678") == "0912345678"
    assert sign_in(client, "+84 912 345 678") == "an"


def test_name_and_password_are_the_same_however_the_accents_are_typed(db, client):
    password = "Học-bổng-Hải-Phòng-1"
    person = factories.make_user("hà.nfc")
    person.set_password(unicodedata.normalize("NFC", password))
    person.save()
    for form in ("NFC", "NFD"):
        login = unicodedata.normalize(form, "HÀ.nfc")
        assert sign_in(client, login, unicodedata.normalize(form, password)) == "hà.nfc"
    assert sign_in(client, "hà.nfc", "Hoc-bong-Hai-Phong-1") is None


def test_a_password_kept_before_in_another_form_still_opens(db):
    from django.contrib.auth.hashers import make_password

    person = factories.make_user("cu")
    person.password = make_password(unicodedata.normalize("NFD", "mật-khẩu-cũ"))
    assert person.check_password(unicodedata.normalize("NFD", "mật-khẩu-cũ"))


@pytest.mark.parametrize("name", ["a b", "a/b", "a:b", '"a"', "\u200b", "", "a" * 61])
def test_no_user_name(name):
    with pytest.raises(ValidationError):
        UserNameField().clean(name)


def test_a_taken_phone_says_the_way_out(db):
    factories.make_user("an", phone="+84912345678")
    form = AccountForm({"username": "vo.an", "full_name": "Vợ An", "phone": "0912345678"})
    assert "vui lòng để trống ô điện thoại" in str(form.errors["phone"])
    assert "User" not in str(form.errors["phone"])


def test_a_service_too_refuses_a_name_that_is_somebody_elses_number(tree):
    system = factories.make_system_account()
    own = {"full_name": "Bình", "email": "", "actor": system}
    an = factories.make_user("an", phone="+84912345678")
    for phone in (None, "+84987654321"):
        with pytest.raises(ValidationError) as refusal:
            create_account(username="0912345678", phone=phone, **own)
        assert list(refusal.value.message_dict) == ["username"]
    named = create_account(username="0987654321", phone="+84987654321", **own)
    for attempt in (
        lambda: create_account(username="chi", phone="+84987654321", **own),
        lambda: update_account(user=an, phone="+84987654321", **own),
    ):
        with pytest.raises(ValidationError) as refusal:
            attempt()
        assert list(refusal.value.message_dict) == ["phone"]
    assert update_account(user=named, phone="+84987654321", **own).full_name == "Bình"
    with pytest.raises(ValidationError) as refusal:
        create_account(username="ÁN", phone=None, **own)
    assert list(refusal.value.message_dict) == ["username"]
