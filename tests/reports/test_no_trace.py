"""A sum of money that is withheld stands nowhere in what anybody may download: no page, no file, no hidden cell."""

import io
import re
import zipfile

import pypdfium2
import pytest
from django.urls import reverse

from portal.lib.periods import Year
from portal.vocabulary import ReportFileKind
from reports.models import Report, ReportFile
from reports.services import issue_report, mark_missing
from reports.services.publication import ToldError
from tests import factories
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1 = Year(2023).halves[0]
AWARD, SUPPORT, SCHOLARSHIP = 313_131, 171_717, 500_500
SHOWN = 40 * SCHOLARSHIP  # of both districts together
HIDDEN = [4 * AWARD, 9 * AWARD, 6 * SUPPORT, 11 * SUPPORT]  # of each


def read(content):
    """The text of a file with all that it carries: parts of an archive, pages and description of a PDF."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    if content[:4] == b"%PDF":
        document = pypdfium2.PdfDocument(content)
        pages = [page.get_textpage().get_text_range() for page in document]
        return " ".join((*pages, *document.get_metadata_dict().values()))
    return content.decode("utf-8")


def find_numbers(content):
    """Every number of six digits and more, however it is grouped: once as it stands in files, once as in prose."""
    text = read(content)
    plain = set(re.findall(r"\d{6,}", text))
    return plain | {re.sub(r"\D", "", one) for one in re.findall(r"\d{1,3}(?:[.,\s\u00a0\u202f]\d{3})+", text)}


@pytest.fixture
def issued(tree, site_profile, leader, approver):
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {}
    for code, awards, supports in (("LC", 4, 6), ("NQ", 9, 11)):
        given = (("scholarship", 20, SCHOLARSHIP), ("award", awards, AWARD), ("support", supports, SUPPORT))
        for number, (kind, count, amount) in enumerate(given):
            rows.give(
                tree, code, count=count, kinds=(kind,), amount=amount, step=0, source="direct", start=100 * number
            )
        mark_missing(unit=tree[code], half=H1, reason="Không gửi số liệu.", actor=approver)
    with pytest.raises(ToldError) as refused:  # all amounts of a kind are alike
        issue_report(unit=tree["HP"], period=H1, actor=leader)
    issue_report(unit=tree["HP"], period=H1, withhold=refused.value.cells, actor=leader)
    return Report.objects.get()


def test_no_withheld_sum_stands_in_any_page_or_file(issued, client):
    withheld = issued.payload["withheld"]
    for code in ("LC", "NQ"):
        assert {f"disbursements.amount.{kind}" for kind in ("award", "support")} <= set(withheld[code]), withheld
    told = {str(kind): bytes(file.content) for kind in ReportFileKind for file in ReportFile.objects.filter(kind=kind)}
    for address in (
        "/", "/bao-cao/", "/bao-cao/2023-H1/HP/", f"/xac-minh/{issued.code}/", "/du-lieu-mo/", "/du-lieu-mo/muc-luc.json",
        "/du-lieu-mo/2023-H1/HP.json", "/du-lieu-mo/2023-H1/HP.csv", "/du-lieu-mo/gop-2023-H1.json",
        "/du-lieu-mo/luot-trao-2023-H1.csv", "/du-lieu-mo/tu-kiem-tra/", reverse("transparency"), "/tim-kiem/?q=khuyến+học",
    ):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200, address
        told[address] = page.getvalue()
    numbers = {name: find_numbers(content) for name, content in told.items()}
    for name in ("pdf", "docx", "xlsx", "csv", "json", "/bao-cao/2023-H1/HP/"):
        assert str(SHOWN) in numbers[name], name
    hidden = {str(one) for one in HIDDEN}
    assert {name: found & hidden for name, found in numbers.items() if found & hidden} == {}
