"""One field for each kind of input, in every form of the portal: walked, so that a new form keeps it too."""

import datetime as dt
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError

import members
import news
import portal
import reports
import scholarships
from portal.forms import fields, files
from portal.forms.fields import AmountField, BirthField, CountField, DayField, LineField, MomentField, TextField
from reports.figures import DECLARED, Measure
from reports.forms import SubmissionForm, SumField, field_name

ROOT = Path(__file__).resolve().parents[2]
UNIT = {"permission": fields.Permission.MANAGE_UNITS}


def modules():
    for package in (portal, news, members, scholarships, reports):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".forms" in found.name:
                yield importlib.import_module(found.name)


FORMS = sorted(
    {
        form
        for module in modules()
        for _name, form in inspect.getmembers(module, inspect.isclass)
        if issubclass(form, forms.BaseForm) and form.__module__.split(".")[0] in {"portal", "news", "members", "scholarships", "reports"}
    },
    key=lambda form: (form.__module__, form.__name__),
)  # fmt: skip
FIELDS = [(form, name, field) for form in FORMS for name, field in form.base_fields.items() if name != "DELETE"]
every_field = pytest.mark.parametrize(
    ("form", "name", "field"), FIELDS, ids=[f"{form.__name__}.{name}" for form, name, _field in FIELDS]
)


def test_the_forms_are_found():
    assert len(FORMS) > 20
    assert len(FIELDS) > 80


@every_field
def test_a_day_is_typed_and_no_browser_speaks(form, name, field):
    assert getattr(field.widget, "input_type", "") not in {
        "date",
        "datetime-local",
        "time",
        "month",
        "week",
        "number",
    } or (isinstance(field, forms.IntegerField))
    assert not isinstance(field, forms.DateField | forms.DateTimeField), "use DayField or MomentField"
    if isinstance(field, forms.FileField):
        assert isinstance(field, files.UploadField), "use UploadField, PictureField or UploadsField"
        assert isinstance(field.widget, files.FileInput)


@every_field
def test_text_is_made_tidy_before_it_is_asked_for_and_measured(form, name, field):
    if not type(field).__module__.startswith("django.forms") or not isinstance(field, forms.CharField):
        return
    secret = isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
    assert secret or isinstance(field, forms.EmailField | forms.URLField) or name in {"body", "login"}


@every_field
def test_lengths_come_from_the_model(form, name, field):
    model = getattr(getattr(form, "_meta", None), "model", None)
    if model is None or not isinstance(field, LineField | TextField):
        return
    column = model._meta.get_field(name) if name in {one.name for one in model._meta.fields} else None
    if column is not None and isinstance(field, LineField) and type(field) in {LineField, fields.NameField}:
        assert field.max_length == column.max_length


@pytest.mark.parametrize(("field", "many"), [(files.UploadField(), False), (files.UploadsField(most=3), True)])
def test_a_file_field_has_words_of_our_own(field, many):
    class OneForm(forms.Form):
        content = field

    for shown in (str(OneForm()["content"]), render_crispy_form(OneForm())):
        assert ("multiple" in shown) == many
        assert ("Chọn các tệp" if many else "Chọn tệp") in shown
        assert "data-limit" in shown


def test_no_template_writes_such_a_field_by_hand():
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r'type="(date|datetime-local|month|time|file)"', path.read_text(encoding="utf-8")), path


# -- days


@pytest.mark.parametrize(
    "typed", ["26/11/2026", "26.11.2026", "26-11-26", "26–11–2026", "２６/１１/２０２６", " 26 / 11 / 2026\u00a0", "2026-11-26", "26,11,2026"]
)  # fmt: skip
def test_a_day_in_every_usual_way_of_writing(typed):
    assert DayField().clean(typed) == dt.date(2026, 11, 26)


@pytest.mark.parametrize("typed", ["31/12/9999", "01/01/0001", "1/1/1", "31/12/1899", "31/02/2026", "hôm nay", "26/11"])
def test_a_day_that_nobody_means_is_refused_by_name(typed):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)
    assert typed in refused.value.messages[0]


def test_a_day_lies_from_1900_to_ten_years_ahead():
    ahead = dt.date.today().year + 10
    assert DayField().clean(f"31/12/{ahead}") == dt.date(ahead, 12, 31)
    assert DayField().clean("01/01/1900") == dt.date(1900, 1, 1)
    with pytest.raises(ValidationError, match=f"31/12/{ahead}"):
        DayField().clean(f"01/01/{ahead + 1}")


def test_a_day_that_has_been_lies_not_ahead():
    field = DayField(last=dt.date.today)
    assert field.clean(dt.date.today()) == dt.date.today()
    with pytest.raises(ValidationError, match="tương lai"):
        field.clean((dt.date.today() + dt.timedelta(days=1)).strftime("%d/%m/%Y"))


def test_a_moment_is_typed_and_shown_alike():
    field = MomentField(without_time=dt.time(23, 59))
    moment = field.clean("26/11/2026 13:25")
    assert moment.isoformat() == "2026-11-26T13:25:00+07:00"
    assert field.prepare_value(moment) == "26/11/2026 13:25"
    assert field.clean("26-11-26 13h25") == moment
    assert field.clean("26/11/2026").isoformat() == "2026-11-26T23:59:00+07:00"
    for typed in ("26/11/2026 25:00", "01/01/0001 00:00", "31/12/9999 23:59"):
        with pytest.raises(ValidationError):
            field.clean(typed)


def test_every_day_of_a_form_refuses_the_year_1_and_9999():
    days = [field for _form, _name, field in FIELDS if isinstance(field, DayField)]
    assert len(days) > 10
    for field in days:
        for typed in ("01/01/0001", "31/12/9999", "0001-01-01", "9999-12-31"):
            with pytest.raises(ValidationError):
                field.clean(typed)


# -- births


def test_nobody_is_born_tomorrow():
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    with pytest.raises(ValidationError, match="không thể là ngày sinh"):
        BirthField().clean(tomorrow.strftime("%d/%m/%Y"))
    assert BirthField().clean(dt.date.today().strftime("%d/%m/%Y")).date == dt.date.today()
    assert BirthField().clean("１９６０").year == 1960
    assert BirthField().clean("15–03–1960").date == dt.date(1960, 3, 15)


# -- money and numbers

MONEY = [(form, name, field) for form, name, field in FIELDS if isinstance(field, AmountField)]


def test_what_is_money_is_an_amount_field():
    assert len(MONEY) >= 5
    for form, name, field in FIELDS:
        if re.search("amount|balance", name) and name != "amount_shown":
            assert isinstance(field, AmountField), f"{form.__name__}.{name}"
    sums = [one for one in DECLARED if one.measure == Measure.MONEY]
    shown = SubmissionForm()
    assert all(isinstance(shown.fields[field_name(one.code)], SumField) for one in sums)


@pytest.mark.parametrize(("form", "name", "field"), MONEY, ids=[f"{form.__name__}.{name}" for form, name, _f in MONEY])
def test_money_is_read_alike_in_every_form(form, name, field):
    for typed, amount in (
        ("1.500.000", 1_500_000), ("1 500 000", 1_500_000), ("1,5 triệu", 1_500_000), ("1.500.000đ", 1_500_000),
        ("50 triệu", 50_000_000), ("５００.０００", 500_000), ("1\u202f500\u202f000\u00a0₫", 1_500_000), ("9999999999999999", 10**16 - 1),
    ):  # fmt: skip
        assert field.clean(typed) == amount
    for typed in ("1.5", "0,5", "-5", str(10**16), "1e5", "500²", "120\n450", "năm trăm", "1.000.00"):
        with pytest.raises(ValidationError) as refused:
            field.clean(typed)
        assert refused.value.messages
    if not isinstance(field, SumField):
        with pytest.raises(ValidationError):
            field.clean("0")
    assert field.widget.attrs["inputmode"] == "decimal"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1.234", 1234), ("1 234", 1234), ("0", 0), ("１２", 12), ("1\u00a0234\u00a0567", 1_234_567), ("1,234", 1234)],
)
def test_a_whole_number(typed, number):
    assert CountField().clean(typed) == number


@pytest.mark.parametrize(
    "typed", ["1234.567", "0.500", ".500", "12 450 7", "1.5", "1,5", "1,2345", "1,234.567", "-", "—", "x", "1e5", "-5", "½", "5²", "120\n450", "120\t450", "1.234 567", "1" * 16]
)  # fmt: skip
def test_no_whole_number(typed):
    with pytest.raises(ValidationError):
        CountField().clean(typed)


# -- text


def test_what_cannot_be_seen_is_not_given():
    for typed in ("\u200b", " \u00a0\u200b", "\u2060\ufeff", "\u3164"):
        with pytest.raises(ValidationError) as refused:
            LineField().clean(typed)
        assert refused.value.code == "required" or refused.value.error_list[0].code == "required"
        with pytest.raises(ValidationError):
            TextField().clean(f"{typed}\r\n{typed}")


def test_lines_are_counted_as_the_browser_counts():
    text = "\r\n".join(["x" * 79] * 50)
    assert TextField(max_length=50 * 80 - 1).clean(text) == text.replace("\r\n", "\n")
    with pytest.raises(ValidationError):
        TextField(max_length=50 * 80 - 2).clean(text)


def test_a_line_is_stored_on_one_line():
    assert LineField().clean("Nguyễn\u00a0Văn\u200b  An\n") == "Nguyễn Văn An"


# -- keyboards of phones


def test_phones_and_user_names_bring_their_keyboard():
    for form, name, field in FIELDS:
        if isinstance(field, fields.PhoneField):
            assert field.widget.attrs.get("type") == "tel" or field.widget.input_type == "tel", f"{form}.{name}"
        if name == "username":
            assert field.widget.attrs["autocapitalize"] == "none"


def test_a_phone_on_file_is_shown_as_people_write_it():
    field = fields.PhoneField(required=False)
    assert field.prepare_value("+84900309881") == "0900 309 881"
    assert field.clean(field.prepare_value("+84900309881")) == "+84900309881"
    assert field.prepare_value("09-12") == "09-12"


def test_a_choice_that_is_open_says_so_in_words():
    dashed = [
        f"{form.__name__}.{name}"
        for form, name, field in FIELDS
        if (isinstance(field, forms.ModelChoiceField) and field.empty_label == "---------")
        or (isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
            and any(str(label).startswith("----") for _value, label in field.choices))
    ]  # fmt: skip
    assert dashed == []
