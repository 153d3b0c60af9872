"""The lists of the members app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members.models import (
    FoundMembers,
    FoundTwins,
    LearningTitle,
    Member,
    Membership,
    MembershipApplication,
    Twins,
    holding_number,
    holding_words,
    words_of,
)
from members.services.twins import reasons_in_units
from portal.forms.fields import filter_by_unit
from portal.lib.vietnamese import format_phone, short_date
from portal.lists import Column, ListFilter, ListTable, Nothing, Source, choice, link, request_for, status, words
from portal.models import AskedFile, Unit, User
from portal.permissions import Permission
from portal.services.background import FileMaker, SayFar
from portal.vocabulary import ApplicationState, LearningModel, TitleState

_FIRST_YEAR = 2014  # of titles


class MemberFilter(ListFilter):
    """By name without accents, phone or card number; by a unit with all it covers; members or former ones."""

    q = words(_("Name (accents or not), phone or card number"))
    who = choice(
        _("Members"), [("left", _("former members")), ("all", _("members and former ones"))], every=_("members")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        """Begin with the units that the person may choose: those of today, and those that have ended as a group."""
        self.units = units
        super().__init__(*args, **kwargs)

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units."""
        self.fields["unit"] = filter_by_unit(
            self.units, permission=Permission.VIEW_MEMBERS, label=_("Unit"), every=_("all units")
        )
        self.order_fields(["q", "unit", "who"])

    def narrow(self, rows: Any) -> Any:
        """Show members of today unless former ones are asked for: whose last membership has ended."""
        rows = super().narrow(rows)
        return rows if "who" in self.chosen else rows.in_force(timezone.localdate())

    def narrow_who(self, rows: Any, value: str) -> Any:
        """People whose last membership has ended, or everybody by their last membership."""
        return rows.last_ended(timezone.localdate()) if value == "left" else rows.last_of_each()

    def narrow_q(self, rows: QuerySet[Membership], value: str) -> QuerySet[Membership]:
        """Phone and card number by their beginning, in any usual way of writing; names by their words."""
        number = holding_number(value)
        if number is not None:
            return rows.filter(member__in=Member.objects.found_by(number))
        return rows.filter(holding_words(words_of(value), "list_words"))

    def narrow_unit(self, rows: Any, value: Unit) -> Any:
        """The unit, everything under it, and what those succeeded: as far as a right on it reaches."""
        return rows.filter(unit__in=Unit.objects.reached_from(value))

    def found(self, rows: Any, units: list[int] | None, *, from_end: bool) -> FoundMembers | None:
        """Return what reads the pages of what was asked for of the units; None where that finds nobody at all."""
        asked = self.chosen
        typed = asked.get("q", "")
        if "unit" in asked:
            reached = set(Unit.objects.reached_from(asked["unit"]).order_by().values_list("pk", flat=True))
            units = sorted(reached if units is None else reached.intersection(units))
        number = holding_number(typed) if typed else None
        people = None if number is None else list(Member.objects.found_by(number))
        names = words_of(typed) if number is None else []
        if typed and number is None and not names:
            return None
        return FoundMembers(
            rows, timezone.localdate(), who=asked.get("who", ""), units=units, words=names, people=people,
            from_end=from_end,
        )  # fmt: skip


class MemberTable(ListTable):
    """Memberships of today, by the Vietnamese order of names."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.member.full_name, sort=("list_key", "member_id")),
        Column("birth", _("Born"), "code", value=lambda row: row.member.birth_text),
        Column("gender", _("Gender"), value=lambda row: row.member.get_gender_display(), on_screen=False),
        Column("unit_name", _("Unit"), value=lambda row: f"{row.unit_name} ({row.unit_code})"),
        Column("phone", _("Phone"), "code", value=lambda row: format_phone(row.member.phone), css="nowrap"),
        Column("card_number", _("Card number"), "code", value=lambda row: row.member.card_number, css="nowrap"),
        Column("occupation", _("Occupation"), value=lambda row: row.member.occupation),
        Column("address", _("Address"), value=lambda row: row.member.address, on_screen=False),
        Column("joined_on", _("Member since"), "date"),
    )
    order = ("list_key", "member_id")
    caption = _("Members")
    filters = MemberFilter
    file_name = "hoi-vien"
    nothing = Nothing(_("No member yet"), _("Send the workbook you have, or add the first member."))
    nothing_fits = Nothing(
        _("No one matches"), _("Try part of the name, without accents, the phone or the card number."), "search"
    )

    def __init__(self, request: HttpRequest, rows: Any, units: list[int] | None, covered: QuerySet[Unit]) -> None:
        """Begin with the rows of some units (None: of all); `covered` are those units with their names."""
        self.units, self.covered = units, covered
        super().__init__(request, rows)

    def make_filter(self, rows: Any) -> ListFilter:
        """Let the filter offer the units that were found already."""
        return MemberFilter(self.request.GET, rows=rows, user=self.user, units=self.covered)

    @classmethod
    def seen_by(cls, request: HttpRequest, user: User) -> Self:
        """Return the list of the members that the person may know."""
        today = timezone.localdate()
        named: Any = Unit.objects.covered_by(user, Permission.VIEW_MEMBERS).named_on(today).with_end(today)
        covered = named.order_by("code")
        all_units = user.may_at_root(Permission.VIEW_MEMBERS)  # then as many as there are: none is looked at here
        units = None if all_units else [unit.pk for unit in covered]
        rows = Membership.objects.of_people() if units is None else Membership.objects.of_people().of_units(units)
        return cls(request, rows.with_unit_name().with_unit_code().select_related("member"), units, covered)

    def source(self) -> Source | None:
        """Read the pages by the indexes of names; what finds nobody is an empty list."""
        asked: Any = self.filter
        return cast("Source | None", asked.found(self.all_rows, self.units, from_end=self.sorted_by[1]))

    def href(self, row: Membership) -> str:
        """Lead to the member."""
        return reverse("member_detail", args=[row.member_id])

    def show_name(self, row: Membership) -> str:
        """Link the name."""
        return link(self.href(row), row.member.full_name)

    def rows_to_save(self) -> Any:
        """Leave out who has taken their consent back: their data go nowhere any more."""
        return self.rows.with_consent()

    def show_unit_name(self, row: Any) -> str:
        """Name the unit; files add its code, by which they are read back."""
        return str(row.unit_name)


class TwinFilter(ListFilter):
    """By a unit with all it covers."""

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units whose members the person keeps."""
        today = timezone.localdate()
        units: Any = Unit.objects.covered_by(user, Permission.MANAGE_MEMBERS).named_on(today).with_end(today)
        self.fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.MANAGE_MEMBERS, label=_("Unit"), every=_("all units")
        )

    def narrow(self, rows: Any) -> Any:
        """Nothing to do: the pairs are read by the units that are asked for."""
        return rows


class TwinTable(ListTable):
    """Pairs of members who may be one person, by the Vietnamese order of names; both of units that the person keeps."""

    columns = (
        Column("name", _("Full name"), value=lambda row: row.one.member.full_name),
        Column("one", _("One entry"), value=lambda row: row.one.member.birth_text),
        Column("other", _("The other one"), value=lambda row: row.other.member.birth_text),
        Column("reasons", _("Why"), value=lambda row: ", ".join(reasons_in_units(row.one, row.other)).capitalize()),
    )
    caption = _("Members who may be entered twice")
    filters = TwinFilter
    nothing = Nothing(_("No one stands here twice"), _("No two members of one name wait to be judged."))
    nothing_fits = Nothing(_("No one stands here twice"), _("No two members of one name wait to be judged."))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, [])

    def source(self) -> Source:
        """Read the pairs of the units in the order of names."""
        units: list[int] | None = None
        if not self.user.may_at_root(Permission.MANAGE_MEMBERS):
            kept = Unit.objects.covered_by(self.user, Permission.MANAGE_MEMBERS)
            units = list(kept.order_by().values_list("pk", flat=True))
        asked = self.filter.chosen.get("unit")
        if asked is not None:
            reached = set(Unit.objects.reached_from(asked).order_by().values_list("pk", flat=True))
            units = sorted(reached if units is None else reached.intersection(units))
        return FoundTwins(units, timezone.localdate())

    def href(self, row: Twins) -> str:
        """Lead to the two side by side."""
        return reverse("member_compare", args=row.pk)

    def show_name(self, row: Twins) -> str:
        """Link the name to the comparison."""
        return link(self.href(row), row.one.member.full_name)

    def show_one(self, row: Twins) -> str:
        """Return what is known of the older entry."""
        return _entry(row.one)

    def show_other(self, row: Twins) -> str:
        """Return what is known of the newer one."""
        return _entry(row.other)


def _entry(row: Any) -> str:
    known = " · ".join(filter(None, (row.member.birth_text, format_phone(row.member.phone)))) or "–"
    return format_html('{}<br><span lang="vi">{}</span>, {}', known, row.unit_name, short_date(row.joined_on))


class MemberListFile(FileMaker):
    """The list of members as a file that the worker makes: what whoever asked may know of, when it is made."""

    def table(self, request: HttpRequest, user: User) -> MemberTable | TitleTable:
        """Return the list as the page of the address shows it."""
        return MemberTable.seen_by(request, user)

    def make(self, file: AskedFile, say_far: SayFar) -> Iterator[bytes]:
        """Yield the list as the page of the same address shows it.

        The units by which its rows were asked for are those that are compared when it is handed out: rights that fall
        away in between make a file that nobody gets.
        """
        asked, user = file.content_of, file.asked_by
        table = self.table(request_for(user, asked["query"]), user)
        file.units, file.total = table.units, table.count_to_save()
        table.say_far = say_far
        file.save(update_fields=["total"])
        yield from table.pieces_of_file(asked["ending"])

    def may_have(self, file: AskedFile, reader: User) -> bool:
        """Whether the reader may know the members of every unit in it still."""
        units = Membership.objects.units_seen_by(reader)
        return units is None or (file.units is not None and set(file.units) <= set(units))


class ApplicationFilter(ListFilter):
    """By state."""

    state = choice(_("State"), ApplicationState.choices, every=_("all states"))


class ApplicationTable(ListTable):
    """People who ask to join, the newest first; needs `with_unit_name`."""

    columns = (
        Column("full_name", _("Full name")),
        Column("birth", _("Born"), "code", value=lambda row: row.birth_text),
        Column("unit_name", _("Unit")),
        Column("sent_at", _("Sent"), "date"),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
    )
    order = ("-id",)
    caption = _("Applications to join")
    filters = ApplicationFilter
    nothing = Nothing(_("No application yet"), _("People send them from the page “Join” of the public site."))

    def href(self, row: MembershipApplication) -> str:
        """Lead to the application."""
        return reverse("application_approve", args=[row.pk])

    def show_full_name(self, row: MembershipApplication) -> str:
        """Link the name."""
        return link(self.href(row), row.full_name)


class TitleFilter(ListFilter):
    """By name without accents, a unit with all it covers, year, model and state."""

    q = words(_("Name (accents or not)"))
    year = choice(_("Year"), every=_("all years"))
    model = choice(_("Learning model"), LearningModel.choices, every=_("all models"))
    state = choice(_("State"), TitleState.choices, every=_("all states"))

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units of today, those that have ended as a group, and the years until the next one."""
        today = timezone.localdate()
        units: Any = Unit.objects.covered_by(user, Permission.VIEW_MEMBERS).named_on(today).with_end(today)
        self.fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.VIEW_MEMBERS, label=_("Unit"), every=_("all units")
        )
        self.fields["year"].choices = [(str(year), str(year)) for year in range(today.year + 1, _FIRST_YEAR - 1, -1)]  # type: ignore[attr-defined]  # a choice
        self.order_fields(["q", "unit", "year", "model", "state"])

    def narrow_q(self, rows: QuerySet[LearningTitle], value: str) -> QuerySet[LearningTitle]:
        """Names by their words."""
        return rows.filter(holding_words(words_of(value), "subject__search_text"))

    def narrow_unit(self, rows: Any, value: Unit) -> Any:
        """The unit, everything under it, and what those succeeded."""
        return rows.filter(unit__in=Unit.objects.reached_from(value))


class TitleTable(ListTable):
    """Titles, the last registered first; needs `with_unit_name`, `with_unit_code` and their subjects."""

    units: list[int] | None = None  # whose titles they are; of all

    columns = (
        Column("name", _("Name"), value=lambda row: row.subject.name),
        Column("place", _("Residential group, hamlet"), value=lambda row: row.subject.place),
        Column("model", _("Learning model"), value=lambda row: row.get_model_display()),
        Column("year", _("Title of the year"), "code", value=lambda row: str(row.year)),
        Column("unit_name", _("Unit"), value=lambda row: f"{row.unit_name} ({row.unit_code})"),
        Column("registered_on", _("Registered on"), "date", on_screen=False),
        Column("dossier_on", _("Dossier handed in on"), "date", on_screen=False),
        Column("assessed_on", _("Self-assessed on"), "date", on_screen=False),
        Column("own_score", _("Own score"), "int", on_screen=False),
        Column("evaluated_on", _("Evaluated on"), "date", on_screen=False),
        Column("score", _("Score"), "int"),
        Column("decision", _("Number of the decision")),
        Column("decided_on", _("Day of the decision"), "date", on_screen=False),
        Column("decided_by", _("Who has decided"), on_screen=False),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
    )
    order = ("-id",)
    caption = _("Learning titles")
    filters = TitleFilter
    file_name = "danh-hieu-hoc-tap"
    nothing = Nothing(_("No title yet"), _("Send the workbook of registrations, or register the first one."))
    nothing_fits = Nothing(_("No title matches"), _("Choose another year, model or state above."), "search")

    def href(self, row: LearningTitle) -> str:
        """Lead to the title."""
        return reverse("title_detail", args=[row.pk])

    def show_name(self, row: LearningTitle) -> str:
        """Link the name."""
        return link(self.href(row), row.subject.name)

    def show_unit_name(self, row: Any) -> str:
        """Name the unit; files add its code, by which they are read back."""
        return str(row.unit_name)

    def show_state(self, row: LearningTitle) -> str:
        """The state by colour, sign and word."""
        return status(TitleState(row.state).badge, row.get_state_display())

    @classmethod
    def seen_by(cls, request: HttpRequest, user: User) -> Self:
        """Return the list of the titles that the person may know."""
        units = Membership.objects.units_seen_by(user)
        rows = LearningTitle.objects.all() if units is None else LearningTitle.objects.filter(unit_id__in=units)
        table = cls(request, rows.select_related("subject").with_unit_name().with_unit_code())
        table.units = units
        return table


class TitleListFile(MemberListFile):
    """The list of titles, in the same way."""

    def table(self, request: HttpRequest, user: User) -> TitleTable:
        """Return the list as the page of the address shows it."""
        return TitleTable.seen_by(request, user)
