"""What the commands that take lists in have in common: arguments, who acts, what they print and when they refuse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from intakes.reading.columns.tables import Column
from intakes.reading.files.sheets import Workbook
from intakes.reading.rows.results import Reading
from intakes.reading.writing import write_errors
from intakes.services.files import read_file
from intakes.services.kinds import ListKind
from intakes.services.plans import Asked, RowError, sentences_by_row
from intakes.services.questions import check_answers
from intakes.services.remembered import choices_of, layout_of, remember
from portal.lib.vietnamese import fold, normalize
from portal.models import Unit, User
from portal.services.refusals import ConflictError, guarded
from portal.vocabulary import ProgrammeKind

COUNTED = (*ProgrammeKind.values, "thousand", "million")


class ListCommand(BaseCommand):
    """A command that reads a workbook; exit 0 also with refused rows, 1 when the file or the command is refused."""

    kind: ListKind[Any, Any]

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what every such command understands."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", action="append", default=[], metavar="HEADER=FIELD", help="settles what a column means"
        )
        parser.add_argument(
            "--answer", action="append", default=[], metavar="ID=CHOICE", help="answers a question about the file"
        )
        parser.add_argument("--dry-run", action="store_true", help="writes nothing")
        parser.add_argument(
            "--as", dest="username", default="", metavar="USER", help="act as this person, with that person's rights"
        )
        parser.add_argument(
            "--errors", type=Path, metavar="OUT.xlsx", help="writes the refused rows with a column of reasons"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; every refusal is one CommandError."""
        try:
            self.run(options)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except ConflictError as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(_("%(user)s may not do this for this unit.") % {"user": options["username"]}) from error

    def run(self, options: dict[str, Any]) -> None:
        """Read, decide, take in, print."""
        asked = self.ask(options)
        if not asked.actor.may(self.kind.permission, asked.unit):
            raise PermissionDenied
        content, mapping, kind = self.content(options), self.mapping(options), self.kind
        cells, reading = read_file(content, options["file"].name, kind.schema, mapping=mapping)
        asked = replace(
            asked, file_name=options["file"].name, file_sha256=hashlib.sha256(content).hexdigest(),
            answers=self.answers(options),
        )  # fmt: skip
        with guarded():
            plan = kind.plan(reading, asked) if options["dry_run"] else kind.plan_locked(reading, asked)
            self.demand_mapped(mapping, plan.columns)
            plan.demand_unblocked()
            check_answers(asked.answers, plan.questions, plan.knows_answer)
            if not options["dry_run"]:
                plan.demand_answered()
                self.take_in(plan, options)
                self.remember(plan, reading)
        self.write_refused(options, cells, reading, plan.errors)
        self.report(plan)
        self.conclude(plan.counts | plan.said_as_json())

    def ask(self, options: dict[str, Any]) -> Asked:
        """Return for whom the list is decided: the actor, the unit and what else this kind of list asks."""
        raise NotImplementedError

    def take_in(self, plan: Any, options: dict[str, Any]) -> None:
        """Write the plan's new rows."""
        self.kind.take_in(plan, actor=plan.asked.actor)

    def remember(self, plan: Any, reading: Reading) -> None:
        """Keep the answers for the unit's next file like this."""
        if plan.asked.unit is not None and plan.asked.answers:
            layout, choices = layout_of(reading), choices_of(plan)
            remember(unit=plan.asked.unit, kind=self.kind.code, layout=layout, choices=choices, by=plan.asked.actor)

    def report(self, plan: Any) -> None:
        """Say in lines for people how the file was read, and what is asked."""
        self.stdout.write(plan.summary)
        for column in plan.columns:
            if column.field:
                self.stdout.write(f"  {column.letter} “{column.header}” = {column.field} ({column.reason})")
        for message in [note.message for note in plan.notes] + [caution.message for caution in plan.cautions]:
            self.stdout.write(f"  {message}")
        for question in plan.open_questions:
            self.stdout.write(f"  ? {question.message}")

    def actor(self, options: dict[str, Any]) -> User:
        """The person named by --as, else the account of the server itself."""
        username = options["username"]
        if not username:
            user = User.objects.system()
        else:
            found = User.objects.filter(username=username, is_active=True).first()
            if found is None:
                raise CommandError(_("There is no account “%(name)s”.") % {"name": username})
            user = found
        user.source = "command"
        return user

    def content(self, options: dict[str, Any]) -> bytes:
        """The bytes of the file."""
        try:
            content: bytes = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(
                _("The file %(file)s cannot be read: %(reason)s") % {"file": options["file"], "reason": error.strerror}
            ) from error
        return content

    def answers(self, options: dict[str, Any]) -> dict[str, str]:
        """What --answer says: question -> choice."""
        answers = {}
        for text in options["answer"]:
            name, mark, choice = text.partition("=")
            if not mark or not name.strip() or not choice.strip():
                raise CommandError(_("--answer “%(text)s”: write ID=CHOICE, as a dry run lists them.") % {"text": text})
            answers[name.strip()] = choice.strip()
        return answers

    def mapping(self, options: dict[str, Any]) -> dict[str, str]:
        """What --map settles, heading -> field; an unknown field is refused."""
        mapping = {}
        fields = {field.name for field in self.kind.schema.fields} | {"ignore"}
        for text in options["map"]:
            header, mark, name = text.rpartition("=")
            base, _point, extra = name.strip().replace(":", ".").partition(".")
            if not mark or not header.strip() or base not in fields or (extra and extra not in COUNTED):
                raise CommandError(
                    _("--map “%(text)s”: write HEADER=FIELD with one of the fields %(fields)s.")
                    % {"text": text, "fields": ", ".join(sorted(fields))}
                )
            mapping[header.strip()] = name.strip()
        return mapping

    def demand_mapped(self, mapping: Mapping[str, str], columns: Sequence[Column]) -> None:
        """Refuse a --map for a column that is not there."""
        there = {_key(column.header) for column in columns} | {_key(column.letter) for column in columns}
        there |= {_key(part) for column in columns for part in column.header.split(" / ")}
        for header in mapping:
            if columns and _key(header) not in there:
                names = ", ".join(column.header for column in columns)
                raise CommandError(
                    _("--map: no column is headed “%(header)s”. The columns are: %(names)s.")
                    % {"header": header, "names": names}
                )

    def write_refused(
        self, options: dict[str, Any], cells: Workbook, reading: Reading, errors: Sequence[RowError]
    ) -> None:
        """Write the refused rows where --errors says, if there are any."""
        if options["errors"] and errors:
            options["errors"].write_bytes(write_errors(cells, reading, sentences_by_row(errors)))

    def conclude(self, outcome: dict[str, Any]) -> None:
        """Print the outcome as the last line on stdout."""
        self.stdout.write(json.dumps(outcome, ensure_ascii=False))


def unit_coded(code: str) -> Unit:
    """The unit of this code; CommandError when there is none."""
    unit = Unit.objects.filter(code__iexact=code.strip()).first()
    if unit is None:
        raise CommandError(_("There is no unit with the code “%(code)s”.") % {"code": code})
    return unit


def _key(text: str) -> str:
    return fold(normalize(text))
