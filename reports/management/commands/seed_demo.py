"""Fill an empty database with the demo: units of 2023 and of today, the cast, lists, a report issued, stories."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from news.models import Article
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from reports.management.demo import money, stories, titles, tree
from reports.models import Report
from reports.services import draft_article_from_report, issue_report
from scholarships.models import Fund


class Command(BaseCommand):
    """`seed_demo [--empty]`: already there, nothing changes."""

    help = "Fill the database with the demo; --empty leaves out members, disbursements and articles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--empty", action="store_true", help="only units, accounts, programmes and funds")

    def handle(self, *args: Any, **options: Any) -> None:
        """Plant what is missing, each part in one transaction; the last line is one JSON object."""
        if settings.IS_PRODUCTION:
            raise CommandError("The demo is never put into a real installation (SITE_URL begins with https).")
        done = []
        if not Unit.objects.filter(code="HP").exists():
            self._part("units, accounts, funds, programmes", self._ground)
            done.append("ground")
        if not options["empty"]:
            if not Report.objects.exists():
                self._part("lists of 2023 and of this year", self._facts)
                done.append("facts")
            if not Article.objects.filter(figures=[]).exists():
                self._part("stories", self._stories)
                done.append("stories")
        self.stdout.write(json.dumps({"seeded": done, "empty": options["empty"]}))

    def _part(self, name: str, work: Any) -> None:
        self.stderr.write(f"Demo: {name} ...")
        with transaction.atomic():
            work()

    def _ground(self) -> None:
        units = tree.plant_tree()
        people = tree.seat_the_cast(units)
        tree.describe_the_site(people["administrator"])
        server = User.objects.system()  # what two persons would decide together, the command sets up itself
        funds = money.open_funds(units, server)
        money.set_up_programmes(units, funds, server)
        titles.record_criteria(server)
        tree.count_the_people(units["HP"], server)

    def _facts(self) -> None:
        units = {unit.code: unit for unit in Unit.objects.all()}
        people = {user.username: user for user in User.objects.all()}
        people["clerk"] = people[tree.CLERK[0]]
        funds = {fund.unit.code: fund for fund in Fund.objects.select_related("unit")}
        money.record_gifts(funds, people["approver"], User.objects.system())
        money.tell_the_issued_half(units, people)
        report = issue_report(unit=units["HP"], period=money.ISSUED, actor=people["leader"])
        titles.register_the_titles(units, people)
        current = HalfYear.containing(timezone.localdate())
        money.tell_the_reported_half(current.previous(), units, people)
        money.tell_the_current_half(current, units, people)
        self.report = report

    def _stories(self) -> None:
        people = {user.username: user for user in User.objects.all()}
        city = Unit.objects.get(code="HP")
        stories.tell_the_stories(unit=city, writer=people["contributor"], editor=people["editor"])
        report = Report.objects.filter(unit=city, period=money.ISSUED.code).latest_versions().first()
        if report is not None:
            draft_article_from_report(report=report, actor=people["leader"])
