"""A report of thirty pages as PDF/UA beside plain WeasyPrint on the same HTML: a city's half-year, said over again."""

from __future__ import annotations

import argparse
import io
import random
import re
from functools import partial

import pikepdf
import throwaway
from django.conf import settings
from weasyprint import HTML

from portal.lib import pdf
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Unit, User
from reports.services import build, documents, with_exact_figures
from scholarships.services.lists import plan_rows
from scholarships.services.taking import take_in

BAR = 1.2
PAGES = 30
HALF = HalfYear.parse("2023-H1")
DISTRICTS = ["HB", "NQ", "LC", "KA", "HA", "DS", "DK", "AD", "AL", "BLV", "CH", "KT", "TN", "TL", "VB"]


def fill() -> None:
    """Take in a list for each district."""
    pick = random.Random(1)  # noqa: S311 - made-up rows, the same each run
    for unit in Unit.objects.filter(code__in=DISTRICTS):
        rows = [
            {
                "full_name": f"Nguyễn Văn An {chr(65 + number % 26)}", "birth": Birth(2005 + number // 26, None, None),
                "kind": pick.choice(("scholarship", "award", "support")), "amount": pick.choice((300_000, 500_000)),
                "given_on": HALF.first_day, "circumstance_code": pick.choice(("poor", "merit")),
            }
            for number in range(100)
        ]  # fmt: skip
        system = User.objects.system()
        take_in(plan=plan_rows(unit=unit, half=HALF, rows=rows, actor=system), state="paid", actor=system)


def report_html() -> str:
    """Return the HTML of the city's report, as it is handed to the renderer."""
    caught: list[str] = []
    theirs = documents.render_pdf
    documents.render_pdf = lambda html, **_: caught.append(html) or b""
    try:
        documents.render_report_pdf(with_exact_figures(build(Unit.objects.get(code="HP"), HALF)))
    finally:
        documents.render_pdf = theirs
    return caught[0]


def lengthen(html: str) -> str:
    """Return the document with its body so often that it has thirty pages or more."""
    pages = count_pages(tagged_pdf(html))
    parts = re.fullmatch(r"(?s)(.*<body[^>]*>)(.*)(</body>.*)", html)
    assert parts is not None
    return parts[1] + parts[2] * -(-PAGES // pages) + parts[3]


def count_pages(content: bytes) -> int:
    """Return how many pages a PDF has."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def tagged_pdf(html: str) -> bytes:
    """Return what the portal makes."""
    return pdf.render_pdf(html, title="Báo cáo", base_url=settings.SITE_URL)


def plain_pdf(html: str) -> bytes:
    """Return what WeasyPrint makes by itself: no tags, a font configuration for each document."""
    base = f"{settings.SITE_URL}/"
    fetcher = pdf.ProjectFiles(base, pdf._project_folders())
    result: bytes = HTML(string=html, base_url=base, url_fetcher=fetcher).write_pdf()
    return result


def tagged_by_itself(html: str) -> bytes:
    """Return what WeasyPrint makes by itself of what the document needs: the tags of PDF/UA-1."""
    base = f"{settings.SITE_URL}/"
    fetcher = pdf.ProjectFiles(base, pdf._project_folders())
    result: bytes = HTML(string=html, base_url=base, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    with throwaway.own_database(units=True):
        fill()
        html = lengthen(report_html())
    tagged, plain = tagged_pdf(html), plain_pdf(html)
    works = {"ours": tagged_pdf, "plain": plain_pdf, "with tags": tagged_by_itself}
    taken = throwaway.alternate(repeat, **{name: partial(work, html) for name, work in works.items()})
    sizes = f"{len(tagged) // 1024} KB and {len(plain) // 1024} KB"
    told = ", ".join(f"{name} {1000 * value:.0f} ms" for name, value in taken.items())
    print(f"{count_pages(tagged)} pages: {told} ({sizes})")
    print(f"       our PDF/UA / WeasyPrint's own PDF/UA: {taken['ours'] / taken['with tags']:.2f}")
    throwaway.judge("PDF/UA / plain WeasyPrint", taken["ours"] / taken["plain"], BAR, at_most=True)


if __name__ == "__main__":
    main()
