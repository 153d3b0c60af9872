"""Compute a unit's report on a half-year or a year, write it to files, and with --issue freeze it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.checks import Tags
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.lib.language import official_language
from portal.lib.periods import Period, parse_period
from portal.models import Unit, User
from reports.services import build, canonical_json, issue_report, sha256_of, with_exact_figures
from reports.services.documents import render_report_docx, render_report_json, render_report_pdf, render_report_xlsx

_WRITERS = {
    "pdf": render_report_pdf,
    "docx": render_report_docx,
    "xlsx": render_report_xlsx,
    "json": render_report_json,
}


class RefusalError(Exception):
    """The command is refused, with sentences for whoever called it."""


class Command(BaseCommand):
    """The last line on stdout is one JSON object; exit 1 with reasons on stderr where it is refused."""

    help = (
        "Compute the report of a unit on a half-year or a year (version 0, nothing stored); "
        "--issue freezes it under the page's rules."
    )
    requires_system_checks = (Tags.translation,)  # what it prints must be Vietnamese; the others take long

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the design's contract."""
        parser.add_argument("period", help="2023-H1, 2023")
        parser.add_argument("--unit", required=True, metavar="CODE")
        for kind in _WRITERS:
            parser.add_argument(f"--{kind}", metavar="FILE", type=Path)
        parser.add_argument("--issue", action="store_true")
        parser.add_argument("--number", type=int, help="the document's number; proposed when not given")
        parser.add_argument("--reason", default="", help="why a new version replaces an issued one")
        parser.add_argument("--withhold", action="append", default=[], metavar="CELL", help="as a refusal names it")
        parser.add_argument("--as", dest="username", metavar="USER", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute, perhaps freeze, write the files, print the object."""
        with official_language():
            try:
                result = self._run(options)
            except RefusalError as refusal:
                self.stderr.write(str(refusal))
                sys.exit(1)
            except PermissionDenied:
                self.stderr.write(_("%(user)s may not do this for this unit.") % {"user": options["username"]})
                sys.exit(1)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                sys.exit(1)
        self.stdout.write(json.dumps(result, ensure_ascii=False, sort_keys=True))

    def _run(self, options: dict[str, Any]) -> dict[str, Any]:
        period, unit, actor = _period(options["period"]), _unit(options["unit"]), _actor(options["username"])
        if options["issue"]:
            if not options["username"]:
                raise RefusalError(_("A report is issued by a person: say who with --as."))
            given = {name: options[name] for name in ("number", "reason", "withhold")}
            report = issue_report(unit=unit, period=period, actor=actor, **given)
            payload, sha256, stored = dict(report.payload), report.sha256, report.content_of
        else:
            payload, stored = with_exact_figures(build(unit, period)), None
            sha256 = sha256_of(canonical_json(payload))
        for kind, writer in _WRITERS.items():
            if options[kind]:
                content = stored(kind) if stored else writer(payload, sha256)
                _write(options[kind], content)
        return dict(payload, sha256=sha256)


def _period(code: str) -> Period:
    try:
        return parse_period(code)
    except ValueError:
        raise RefusalError(
            _("%(code)s: a half-year is written like 2023-H1 or 2023-H2, a year like 2023.") % {"code": code}
        )


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code.strip().upper()).first()
    if unit is None:
        raise RefusalError(_("%(code)s: no unit has this code.") % {"code": code})
    return unit


def _actor(username: str) -> User:
    if not username:
        actor = User.objects.system()
    else:
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise RefusalError(_("%(name)s: there is no such account, or it has been ended.") % {"name": username})
        actor = found
    actor.source = "command"
    return actor


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise RefusalError(_("%(path)s: the file cannot be written (%(why)s).") % {"path": path, "why": error.strerror})
