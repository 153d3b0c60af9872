"""What a stranger needs to compute a report's figures and its hash anew from open data alone: the index and the lines.

The lines are printed on a page; a test runs exactly these against the site.
"""

from __future__ import annotations

import textwrap
from typing import Any

from django.utils import timezone

from portal.lib.language import official_language
from portal.lib.periods import HalfYear, Period, parse_period
from portal.models import Unit
from reports.figures.catalogue import DECLARED, INDICATORS, SHARES
from reports.models import Report
from reports.services.contents import define, name_period
from reports.services.open_books import halves_with_books
from reports.services.open_rows import halves_with_rows

HASH_LINES = textwrap.dedent(
    """
    curl -s {site}/du-lieu-mo/{half}/{unit}.json -o bao-cao.json
    jq -r .sha256 bao-cao.json
    jq -cSj 'del(.sha256)' bao-cao.json | sha256sum
    """
).strip()

SUM_LINES = textwrap.dedent(
    """
    curl -s {site}/du-lieu-mo/luot-trao-{half}.json -o luot-trao.json
    curl -s {site}/du-lieu-mo/gop-{half}.json -o gop.json
    jq --slurpfile gop gop.json 'map(select(.reversal != "{half}"))
      | length + ($gop[0]["disbursements.turns"] // 0),
        (map(.amount) | add) + ($gop[0]["disbursements.amount"] // 0)' luot-trao.json
    """
).strip()

#: Half-years are written so that they sort as text; "gộp" stands for what a row does not name.
PYTHON_LINES = textwrap.dedent(
    """
    import csv, io, json, urllib.request
    from collections import Counter

    SITE, PERIOD, UNIT = "{site}", "{half}", "{unit}"
    HALVES = [PERIOD] if "-" in PERIOD else [PERIOD + "-H1", PERIOD + "-H2"]  # of a year both

    def read(name):
        return urllib.request.urlopen(SITE + "/du-lieu-mo/" + name).read().decode("utf-8-sig")

    def table(name):
        return list(csv.DictReader(io.StringIO(read(name))))

    index, report = json.loads(read("muc-luc.json")), table(f"{{PERIOD}}/{{UNIT}}.csv")
    figures = [row for row in report if row["gia_tri"]]
    published = {{row["ma_chi_tieu"]: int(row["gia_tri"]) for row in figures if row["phan"] == "tổng"}}

    # 1. every total is the sum of its units, of the unit's own part and of the cells that are not published
    parts, own = Counter(), {{}}
    for row in figures:
        if row["phan"] != "tổng":
            parts[row["ma_chi_tieu"]] += int(row["gia_tri"])
        if row["phan"] == "phần riêng":
            own[row["ma_chi_tieu"]] = int(row["gia_tri"])
    found = {{code: own[code] if own.get(code) == total else parts[code] for code, total in published.items()}}

    # 2. what was given and what the funds hold is counted anew, row by row, for the whole association; of a year once
    # both its half-years are issued, since rows are public from then on
    if UNIT in index["whole"] and set(HALVES) <= set(index["rows"]):
        sums = Counter(json.loads(read(f"gop-{{PERIOD}}.json")))  # what no row and no book names
        for half in index["rows"]:
            for row in table(f"luot-trao-{{half}}.csv"):
                for what, value in (("turns", 1), ("amount", int(row["amount"] or 0))):
                    if half in HALVES and half != row["reversal"]:
                        sums[f"disbursements.{{what}}"] += value
                        sums[f"disbursements.{{what}}.{{row['source']}}"] += value
                        sums[f"disbursements.{{what}}.{{row['kind']}}"] += value
                        sums[f"disbursements.{{what}}.hardship"] += value * (row["hardship"] == "yes")
                    if row["reversal"] in HALVES and half != row["reversal"]:
                        sums[f"disbursements.recalled.{{what}}"] += value
        for half in index["books"]:
            for line in table(f"so-quy-{{half}}.csv") if half <= HALVES[-1] else []:
                amount, kind = int(line["amount"]), line["reverses"] or line["kind"]
                now = line["reverses_half"] in ("", half)  # not what an earlier half-year received or paid
                sums["funds.closing"] += amount
                if half < HALVES[0] or (kind == "opening" and now):
                    sums["funds.opening"] += amount
                elif kind == "payout":
                    sums["funds.spending" if now else "funds.recalled"] += -amount if now else amount
                elif kind in ("donation", "opening"):
                    sums["funds.income" if now else "funds.refunded"] += amount if now else -amount
                    if now and kind == "donation":
                        sums["funds.income." + line["giver"]] += amount
                else:
                    sums["funds." + kind] += abs(amount)
        counted = [code for code in published if code.startswith(("disbursements.", "funds."))]
        apart = [*index["declared"], *index["shares"], *(code for code in counted if "in_kind" in code)]
        found |= {{code: sums[code] for code in counted if code not in apart}}

    # 3. a share is made of two totals: in thousandths, or in đồng for each inhabitant
    for code, (part, whole, times) in index["shares"].items():
        if code in published:
            found[code] = (2 * times * published[part] + published[whole]) // (2 * published[whole])

    wrong = {{code: (total, found[code]) for code, total in published.items() if found[code] != total}}
    print(len(published), "số liệu,", len(wrong), "khác", wrong or "")
    """
).strip()


@official_language()
def list_open_data() -> dict[str, Any]:
    """Return the index of all files of open data, for programs, with the dictionary of indicators as it is today.

    What a report was counted by stands in its own file, frozen.
    """
    today = HalfYear.containing(timezone.localdate())
    roots = Unit.objects.filter(versions__parent__isnull=True).values_list("code", flat=True)
    reports = Report.objects.latest_versions().newest_first()
    return {
        "reports": [
            {**name_period(parse_period(period)), "unit": unit, "version": version, "sha256": sha256}
            for period, unit, version, sha256 in reports.values_list("period", "unit__code", "version", "sha256")
        ],
        "whole": sorted(set(roots)),
        "rows": [half.code for half in halves_with_rows()],
        "books": [half.code for half in halves_with_books()],
        "declared": sorted(one.code for one in DECLARED),
        "shares": {one.code: [*(one.share_of or ()), one.times] for one in SHARES},
        "indicators": {code: define(one, today) for code, one in INDICATORS.items()},
    }


def write_lines(site: str, period: Period, unit: str) -> dict[str, str]:
    """Return the lines for a report: {"hash", "sums", "python"}; `site` is the address without a path."""
    told = {"site": site, "half": period.code, "unit": unit}
    return {
        name: lines.format(**told)
        for name, lines in (("hash", HASH_LINES), ("sums", SUM_LINES), ("python", PYTHON_LINES))
    }
