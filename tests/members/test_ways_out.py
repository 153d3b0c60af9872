"""Every way by which a person's data leave the portal, walked by a stranger's unit and after the person was erased."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from itertools import product

import pytest
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from intakes.models import Intake
from members.models import MemberCard, TitleCertificate
from members.services.cards import print_card
from members.services.joining import approve_application, send_application
from members.services.personal import erase_member
from members.services.positions import add_position
from members.services.title_papers import print_certificate
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry
from portal.vocabulary import Role
from tests import factories
from tests.members.people import make_member
from tests.members.titles import bring_on, make_criteria, make_title, recognise
from tests.test_architecture import own_patterns

pytestmark = pytest.mark.django_db
NAME, PHONE, CARD, PLACE = "Vũ Quý Ngọc", "+84912345670", "KH-7734", "Ngõ 12 Hồ Sen"
#: What must not be read: the name in both writings, the phone in both, the number of the card, where somebody lives.
SECRETS = (NAME, "vu quy ngoc", "912345670", "0912 345 670", CARD, PLACE)
LISTS = ("member_list", "title_list", "application_list", "recipient_list")
DANGEROUS = ("=HYPERLINK(1)", "+84 912", "-1+2", "@SUM(A1)", "\t=1+1")


@pytest.fixture
def person(tree, officer_lechan, approver_lechan, site_profile):
    """Somebody of whom all is kept that can be: application, card, office, title with its certificate, a list."""
    application = send_application(
        unit=tree["LECHAN"], full_name=NAME, birth=Birth(1970), phone=PHONE, agreed=True, address=PLACE
    )
    member = approve_application(application=application, joined_on=dt.date(2026, 1, 5), actor=officer_lechan)
    member.card_number = CARD
    member.save(update_fields=["card_number"])
    print_card(member=member, actor=officer_lechan)
    add_position(member=member, unit=tree["LECHAN"], title="head", since=dt.date(2026, 2, 1), actor=officer_lechan)
    make_criteria()
    title = make_title(tree["LECHAN"], officer_lechan, NAME, model="citizen", place=PLACE, member=member)
    bring_on([title], officer_lechan)
    recognise([title], approver_lechan)
    print_certificate(title=title, actor=officer_lechan)
    Intake.objects.create(
        kind=Intake.Kind.MEMBERS, file_name="hoi-vien.csv", file_sha256="0" * 64, content=f"Họ và tên\n{NAME}\n".encode(),
        unit=tree["LECHAN"], uploaded_by=officer_lechan,
    )  # fmt: skip
    return member


def text_of(answer) -> str:
    """All that an answer carries: its headers (the name of a file), its text, what a workbook holds."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return f"{answer.headers}\n{content.decode('utf-8', 'replace')}"


def addresses(person) -> list[str]:
    """Every address of the project without arguments, and those of members, titles and uploads."""
    title, upload = person.learning_subjects.get().titles.get().pk, Intake.objects.values_list("pk", flat=True).first()
    found = []
    for pattern in own_patterns():
        names, app = list(pattern.pattern.regex.groupindex), pattern.callback.__module__.split(".")[0]
        of = upload if app == "intakes" else title if pattern.name.startswith("title_") else person.pk
        of = person.positions.get().pk if pattern.name == "position_end" else of
        values = {"pk": of, "other": person.pk, "code": "11383"}
        if not names or (app in {"members", "intakes"} and of and set(names) <= set(values)):
            found.append(reverse(pattern.name, kwargs={name: values[name] for name in names}))
    return found


def read_everything(client, person) -> dict[str, str]:
    """Ask every address, lists as files too and looking for the person; address -> what it carries."""
    read = {}
    for address in addresses(person):
        read[address] = text_of(client.get(address))
        if address in {reverse(name) for name in LISTS}:
            read |= {f"{address} {kind}": text_of(client.get(address, {"file": kind})) for kind in ("csv", "xlsx")}
            for typed in ("vu quy", "0912345670", CARD):  # what was typed stands on the page again
                read[f"{address} {typed}"] = text_of(client.get(address, {"q": typed})).replace(typed, "")
    return read


def told(read: dict[str, str]) -> dict[str, list[str]]:
    return {address: found for address, text in read.items() if (found := [one for one in SECRETS if one in text])}


def test_a_strangers_unit_learns_nothing_by_any_way(client_of, tree, person, officer_lechan, officer_ngoquyen):
    own = client_of(officer_lechan)
    for name, query in product(LISTS[:2], ({}, {"file": "csv"}, {"file": "xlsx"}, {"q": NAME})):
        assert told({name: text_of(own.get(reverse(name), query))}) != {}
    assert told(read_everything(client_of(officer_ngoquyen), person)) == {}
    title = person.learning_subjects.get().titles.get()
    for name, pk in (("card_print", person.pk), ("title_certificate", title.pk), ("title_decision", title.pk)):
        assert client_of(officer_ngoquyen).post(reverse(name, args=[pk])).status_code == 404
    auditor = factories.make_user("auditor.nq", role=Role.AUDITOR, unit=tree["NGOQUYEN"])
    assert told({"audit": text_of(client_of(auditor).get(reverse("audit_list")))}) == {}


def test_neither_payloads_of_tasks_nor_the_audit_ever_held_a_value(person):
    kept = [str(task.args_kwargs) for task in DBTaskResult.objects.all()]
    kept += [f"{entry.detail} {entry.fields}" for entry in AuditEntry.objects.all()]
    assert AuditEntry.objects.exists()
    assert told({"": "\n".join(kept)}) == {}


def test_an_erased_person_is_read_nowhere_any_more(client_of, person, officer_lechan, leader):
    code, certificate = MemberCard.objects.get().code, TitleCertificate.objects.get().code
    Intake.objects.all().delete()  # a list that nobody took in is erased after its days: tests of `intakes`
    erase_member(member=person, confirmed_name=NAME, actor=officer_lechan)
    assert told(read_everything(client_of(officer_lechan), person)) == {}
    city = client_of(leader)
    for name, query in product(LISTS[:2], ({}, {"file": "csv"}, {"file": "xlsx"}, {"q": "ngoc"})):
        assert told({name: text_of(city.get(reverse(name), query))}) == {}
    for shown in (code, certificate):
        assert told({"": text_of(client_of(None).get(reverse("report_verify", args=[shown])))}) == {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM members_membership WHERE member_id = %s", [person.pk])
        assert cursor.fetchone() == (1,)  # the sums stay


def test_no_cell_of_a_file_is_a_formula(client_of, tree, officer_lechan, site_profile):
    for number, text in enumerate(DANGEROUS):
        make_member(
            tree["LECHAN"], officer_lechan, full_name=f"Lê Văn {'ABCDE'[number]}n", occupation=text, address=text
        )
    client, page = client_of(officer_lechan), reverse("member_list")
    rows = csv.reader(io.StringIO(b"".join(client.get(page, {"file": "csv"}).streaming_content).decode("utf-8-sig")))
    assert [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell] == []
    answer = client.get(page, {"file": "xlsx"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells if str(cell.value or "")[:1] in {*"=+-@\t"}} == {"s"}  # text, no formula
