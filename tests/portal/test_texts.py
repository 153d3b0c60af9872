"""A text that is too long for its column is refused with a sentence, and nothing of it is cut without a word."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from members.models import Member
from members.services.members import add_member, update_member
from news.models import ArticleRevision, Category, Photo
from news.services import add_photo, create_article, describe_photo
from news.services.categories import create_category
from portal.lib.periods import HalfYear
from portal.models import UnitVersion, User
from portal.services.accounts import create_account
from portal.services.search import keep_search_entry
from portal.services.texts import fitting, longest, shorten_file_name
from portal.services.units import create_unit
from scholarships.models import Batch, Disbursement, Donation, Fund, Programme
from scholarships.services.batches import add_disbursement, create_batch, update_disbursement
from scholarships.services.donations import record_donation
from scholarships.services.funds import open_fund
from scholarships.services.programmes import create_programme
from tests import factories
from tests.news.conftest import picture

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2023, 5, 4)
WORDS = "Trường Trung học cơ sở Lê Chân " * 20  # 620 letters


def cut_to(model, field: str, more: int = 0) -> str:
    """A text of just as many letters as the column takes, or of some more."""
    return WORDS[: longest(model, field) + more - 1] + "."


@pytest.fixture
def world(tree, site_profile):
    """Return a function for each place where a text is typed: it stores the text and returns what was stored."""
    unit, system = tree["HP"], factories.make_system_account()
    half = HalfYear.containing(DAY)
    fund = factories.make_fund(unit, opening=100_000_000)
    programmes = factories.make_programmes(unit)
    member = add_member(unit=unit, full_name="Lê Văn An", joined_on=DAY, actor=system)
    section = Category.objects.create(name="Tin", slug="tin", position=1)
    photo = add_photo(file=picture((20, 20)), actor=system)
    batch = create_batch(unit=unit, half=half, mode=Batch.Mode.HANDED_OUT, actor=system)
    given = {"programme": programmes["scholarship"], "amount": 500_000, "given_on": DAY, "actor": system}
    row = add_disbursement(batch=batch, full_name="Lê Văn Bé", birth=None, **given)
    article = {"category": section, "unit": unit, "title": "Trao quà", "lead": "", "body": "<p>a</p>", "actor": system}

    def new_row(**values):
        name = "Lê Thị " + "".join(filter(str.isalpha, *values))  # somebody else for each field
        return add_disbursement(batch=batch, full_name=name, birth=None, **given, **values)

    return {
        (Member, "occupation"): lambda text: update_member(member=member, occupation=text, actor=system).occupation,
        (Member, "address"): lambda text: add_member(
            unit=unit, full_name="Lê Thị Bình", joined_on=DAY, address=text, actor=system
        ).address,
        (Photo, "caption"): lambda text: describe_photo(
            photo=photo, caption=text, alt="", credit="", actor=system
        ).caption,
        (Photo, "alt"): lambda text: add_photo(file=picture((30, 20)), alt=text, actor=system).alt,
        (Photo, "credit"): lambda text: add_photo(file=picture((30, 30)), credit=text, actor=system).credit,
        (Disbursement, "school"): lambda text: new_row(school=text).school,
        (Disbursement, "school_class"): lambda text: new_row(school_class=text).school_class,
        (Disbursement, "circumstance_text"): lambda text: new_row(circumstance_text=text).circumstance_text,
        (Disbursement, "note"): lambda text: update_disbursement(row=row, note=text, actor=system).note,
        (Disbursement, "repeat_reason"): lambda text: new_row(repeat_reason=text).repeat_reason,
        (Batch, "title"): lambda text: create_batch(
            unit=unit, half=half, mode=Batch.Mode.HANDED_OUT, title=text, actor=system
        ).title,
        (Fund, "name"): lambda text: open_fund(unit=unit, name=text, opened_on=DAY, is_main=False, actor=system).name,
        (Donation, "donor_name"): lambda text: record_donation(
            fund=fund, donor_name=text, source=Donation.Source.values[0], amount=1, received_on=DAY, confirmed=True, actor=system
        ).donor_name,
        (Programme, "name"): lambda text: create_programme(
            unit=unit, name=text, kind=Programme.Kind.AWARD, actor=system
        ).name,
        (Category, "description"): lambda text: create_category(
            name="Mục mới", description=text, actor=system
        ).description,
        (UnitVersion, "name"): lambda text: (
            create_unit(
                code="MOI", name=text, level=factories.make_level(), parent=unit, since=DAY, actor=system
            ).name_on(DAY)
        ),
        (ArticleRevision, "byline"): lambda text: (
            create_article(**article, byline=text).revisions.get().byline
        ),
        (ArticleRevision, "source"): lambda text: (
            create_article(**article, source=text).revisions.get().source
        ),
    }  # fmt: skip


def test_what_fits_is_kept_whole_and_one_letter_more_is_refused_at_its_field(world):
    for (model, field), store in world.items():
        with pytest.raises(ValidationError) as refusal:
            store(cut_to(model, field, more=1))
        assert list(refusal.value.message_dict) == [field], (model, field)
        assert f"{longest(model, field) + 1} ký tự" in refusal.value.message_dict[field][0]
        assert store(cut_to(model, field)) == cut_to(model, field)


def test_letters_are_counted_after_odd_spaces_are_gone(db):
    assert fitting(Member, "address", "a" + " " * 500 + "b\u200b") == "a b"
    assert fitting(Member, "address", None) == ""


def test_a_text_that_no_service_has_measured_is_a_sentence_too(tree):
    with pytest.raises(ValidationError) as refusal:
        create_account(
            username="le.an", full_name=WORDS, phone=None, email="", unit=tree["HP"],
            actor=factories.make_system_account(),
        )  # fmt: skip
    assert "quá dài" in str(refusal.value)
    assert not User.objects.filter(username="le.an").exists()


def test_names_that_nobody_typed_here_say_that_letters_are_left_out(db):
    name = "Danh sách học sinh nhận học bổng " * 10 + ".xlsx"
    shown = shorten_file_name(name, 200)
    assert (len(shown), shown[:30], shown[-5:], "…" in shown) == (200, name[:30], ".xlsx", True)
    assert shorten_file_name("a.xlsx", 200) == "a.xlsx"
    entry = keep_search_entry(
        kind="article", ref="news.article:1", title=WORDS, text="", link="/", visible_from=dt.datetime.now(dt.UTC)
    )
    assert (len(entry.title) <= 300, entry.title[-1]) == (True, "…")


# A slice that only shows, counts or makes a key: nothing that a person wrote is stored shorter by it.
REASONS = {
    "news/services/markup.py: BLANKS.sub(' ', node.attributes.get('title', '')).strip()[:LONGEST_VIDEO_TITLE]": "the field of the editor takes no more: only markup that something else wrote is cut",
    "portal/services/texts.py: text[:_SHOWN]": "the beginning of a text in the sentence that refuses it",
    "portal/models/person.py: sort_key(full_name)[:_LONGEST_SORT_KEY]": "a key; the name itself is kept whole",
    "members/services/members.py: search_key(name)[:longest(Member, 'search_text')]": "a key; the name is kept whole",
    "intakes/models.py: found.select_related('uploaded_by').defer('content', 'cells', 'reading')[:MOST_WAITING]": "rows",
    "portal/services/kept.py: KeptInput.objects.filter(person=actor).order_by('-id').values_list('pk', flat=True)"
    "[:MOST_KEPT]": "forms, each whole",
    "reports/services/leading.py: ranked[:MOST_RANKED]": "units in a ranking",
    "reports/services/leading.py: ranked[-MOST_RANKED:]": "units in a ranking",
    "reports/services/leading.py: wide[:MOST_GAPS]": "units named on a page",
    "reports/services/leading.py: points[:MOST_POINTS]": "sentences, each whole",
    "reports/services/desk.py: list(dict.fromkeys(latest))[:MOST_LAST]": "lists named on a page",
    "reports/services/desk.py: BatchEvent.objects.filter(actor=user).order_by('-id').values_list('batch_id', flat=True)"
    "[:50]": "events looked at",
    "intakes/services/plans.py: digest.hexdigest()[:32]": "a digest",
    "intakes/services/bulk_repairs.py: sorted(found, key=lambda group: -len(group.cells))[:MOST_GROUPS]": "groups",
    "scholarships/services/lists.py: plan.changed[:MOST_GONE]": "rows",
    "intakes/services/bulk_repairs.py: hashlib.sha256(self.topic.encode()).hexdigest()[:12]": "a digest",
    "scholarships/services/plan.py: hashlib.sha256(f'{super().token}{lost}'.encode()).hexdigest()[:32]": "a digest",
    "scholarships/services/lists.py: reading.rows[:50]": "rows looked at for their half-year",
    "scholarships/services/lists.py: [row['id'] for row in plan.gone][:MOST_GONE]": "rows",
    "scholarships/services/findings.py: rows.order_by('-amount', 'id')[:LARGEST]": "rows to look at",
    "scholarships/services/findings.py: self.batch.disbursements.standing().order_by(lot, 'pk').values_list('pk', flat=True)[:SAMPLE]": "rows to look at",
    "reports/services/documents.py: items[:_MOST_BARS]": "bars of a chart, whose caption says how many there are",
    "portal/services/places.py: places[:MOST_PLACES]": "places on a page",
    "portal/services/reorganising.py: units[:MOST_NAMES]": "units named in a line that says how many there are",
    "reports/services/narrative.py: units[:_MOST_EXAMPLES]": "examples of units",
    "reports/services/lagging.py: find_fallen(figures, before)[:_MOST_NAMED]": "units that the public sentence names",
    "reports/services/narrative.py: ranked[:_MOST_TEXTS]": "texts to choose the quoted ones from",
    "news/services/markup.py: re.sub('[^0-9]', '', node.attributes['data-photo'])[:18]": "the number of a photo",
    "reports/services/waiting.py: decided_lately(user)[:MOST_TOLD]": "proposals named on a page",
    "members/services/twins.py: found.order_by('pk')[:MOST_LOOKED_AT]": "namesakes looked at",
    "members/services/twins.py: alike[:MOST_SHOWN]": "namesakes proposed on a page",
    "reports/services/waiting.py: joins_told_to(user)[:MOST_TOLD]": "joinings named on a page",
    "reports/services/waiting.py: moves_told_to(user)[:MOST_TOLD]": "moves named on a page",
    "members/services/history.py: member.changes.select_related('made_by')[:MOST_SHOWN]": "changes shown on a page",
    "members/models/member.py: search_key(text).split()[:12]": "words that are looked for",
    "reports/services/waiting.py: running_out(user)[:MOST_TOLD]": "proposals named on a page",
    "scholarships/services/places.py: people[:_MOST_SAID]": "rows named in a refusal that says how many more there are",
    "scholarships/services/bank_reading.py: sheet.rows[:_PROBED]": "rows in which the headings are sought",
    "scholarships/services/bank_reading.py: problems[:10]": "rows named in a refusal; the next ones are named when these are mended",
}


def bounds_of(node: ast.Slice) -> list[ast.expr]:
    return [bound.operand if isinstance(bound, ast.UnaryOp) else bound for bound in (node.lower, node.upper) if bound]


def is_length(bound: ast.expr) -> bool:
    """Whether a slice to this bound could cut a text to a column's length: few signs are no column's."""
    if isinstance(bound, ast.Constant):
        return bound.value >= 10
    if isinstance(bound, ast.Call):
        return ast.unparse(bound.func) == "longest"
    return (isinstance(bound, ast.Name) and bound.id.isupper()) or ast.unparse(bound).endswith(".max_length")


def test_no_service_cuts_a_text():
    found = set()
    for app in ("portal", "intakes", "members", "scholarships", "reports", "news"):
        for path in (ROOT / app).rglob("*.py"):
            if not {"services", "models", "tasks", "commands"} & {*path.parts, path.stem}:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                sliced = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
                if sliced and any(map(is_length, bounds_of(node.slice))):
                    found.add(f"{path.relative_to(ROOT)}: {ast.unparse(node)}")
    assert found - set(REASONS) == set()
    assert set(REASONS) - found == set(), "reasons for what is gone"
