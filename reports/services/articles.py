"""A draft article made from a report in one click: it reads like the association's own review and keeps its figures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from news.models import Article, Category
from news.services import create_article, recheck_today
from news.services.articles import ArticleFigure
from news.services.photos import add_photo
from portal import audit
from portal.lib.periods import HalfYear, Period
from portal.lib.vietnamese import approximate, approximate_money, format_int, format_money
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs
from reports.figures import FigureSet
from reports.models import MeetingPhoto, Report, ReportArticle
from reports.services.agenda import meeting_of, say_meeting
from reports.services.narrative import giving_sentence, plan_paragraphs, topup_sentence
from reports.services.wording import about, area_word, name_review

TITLE = "Đẩy mạnh công tác khuyến học, khuyến tài, xây dựng xã hội học tập"
PHOTO_PLACE = '<figure data-photo=""></figure>'
_PHOTO_PLACES = 3


@needs(Permission.WRITE_ARTICLE, Permission.ISSUE_REPORT, on="report.unit")
def draft_article_from_report(*, report: Report, category: Category | None = None, actor: User) -> Article:
    """Make the draft and return it; a report has one, so a second call returns the first one's article."""
    Report.objects.select_for_update().only("pk").get(pk=report.pk)
    known = ReportArticle.objects.filter(report=report).select_related("article").first()
    if known is not None:
        return known.article
    category = category or Category.objects.order_by("position", "pk").first()
    if category is None:
        raise ValidationError(_("There is no category yet to put the article in."))
    figures, key = _read_figures(report), f"report-{report.pk}"
    photos = [
        add_photo(file=io.BytesIO(bytes(one.content)), name=f"{n}.jpg", caption=one.caption, form_key=key, actor=actor)
        for n, one in enumerate(_photos_of(report), 1)
    ]
    article = create_article(
        category=category,
        unit=report.unit,
        title=TITLE,
        lead=article_lead(report),
        body=article_body(figures, [photo.pk for photo in photos]),
        form_key=key if photos else "",
        byline="",
        source=report.payload["head"]["association"],
        figures=article_figures(report),
        actor=actor,
    )
    ReportArticle.objects.create(report=report, article=article, created_by=actor)
    audit.record(
        actor=actor,
        action=audit.Action.REPORT_DRAFT_ARTICLE,
        target=report,
        unit=report.unit,
        detail={"article": article.pk},
    )
    return article


@needs(Permission.ISSUE_REPORT, on="report.unit")
def recheck_articles_of(*, report: Report, actor: User) -> int:
    """Let editors look again at the articles that tell an earlier or revoked version's figures; return how many."""
    told = ReportArticle.objects.filter(report__unit=report.unit, report__period=report.period)
    told = told if report.state == Report.State.REVOKED else told.exclude(report=report)
    return sum(recheck_today(article=one.article, actor=actor) for one in told.select_related("article__unit"))


def article_lead(report: Report) -> str:
    """Return the lead: who held the review, on what and for which half-years."""
    period = report.period_value
    after = period.next()
    this = _drop_year(period) if period.year == after.year else period.label
    lead = (
        f"{report.payload['head']['association'] or report.payload['unit_name']} vừa tổ chức Hội nghị "
        f"{name_review(period)} công tác khuyến học, "
        f"khuyến tài, xây dựng xã hội học tập trong {this}, triển khai nhiệm vụ {after.label}."
    )
    meeting = meeting_of(report.unit, period)
    return f"{lead} {say_meeting(meeting)}." if meeting else lead


def _photos_of(report: Report) -> list[MeetingPhoto]:
    return list(MeetingPhoto.objects.filter(meeting__unit=report.unit, meeting__period=report.period))


def article_body(figures: FigureSet, photos: Sequence[int] = ()) -> str:
    """Return the text as HTML: what was done, the meeting's photos, the tasks ahead, the closing mark.

    Without photos there are places for them.
    """
    done = " ".join(_tell_done(figures))
    ahead = _tell_ahead(figures)
    places = [f'<figure data-photo="{photo}"></figure>' for photo in photos] or [PHOTO_PLACE] * _PHOTO_PLACES
    return "\n".join([f"<p>{escape(done, quote=False)}</p>", *places, f"<p>{escape(ahead, quote=False)}</p>"])


def article_figures(report: Report) -> list[ArticleFigure]:
    """Return the figures that the text tells, each as it is said and exactly, with the place that proves it."""
    figures = report.payload["figures"]
    public = reverse("report_public", args=[report.period, report.unit.code])
    link = f"{settings.SITE_URL}{public}?version={report.version}"  # a newer one may have other figures
    told = []
    for code, label in (("members.new", "hội viên mới"), ("disbursements.turns", "lượt học bổng, khen thưởng, hỗ trợ")):
        if figures.get(code, 0) > 0:
            told.append((label, approximate(figures[code]).text, format_int(figures[code])))
    if figures.get("disbursements.amount", 0) > 0:
        amount = figures["disbursements.amount"]
        told.append(("số tiền đã trao", approximate_money(amount).text, format_money(amount)))
    hardship = figures.get("disbursements.turns.hardship", 0)
    if 0 < hardship < figures.get("disbursements.turns", 0):
        told.append(("lượt có hoàn cảnh khó khăn", format_int(hardship), format_int(hardship)))
    return [{"label": label, "said": said, "exact": exact, "link": link} for label, said, exact in told]


def _read_figures(report: Report) -> FigureSet:
    """Return the figures that the report froze, in the shape in which the narrative reads them."""
    payload = report.payload
    period = report.period_value
    return FigureSet(
        unit=report.unit,
        unit_name=payload["unit_name"],
        period=period,
        tree_date=period.last_day,
        figures=payload["figures"],
        by_unit=payload["by_unit"],
        own=payload["own"],
        names={code: payload["units"][code] for code in payload["order"]},
        reporting=payload["reporting"],
        is_alone=payload.get("alone", False),
    )


def _drop_year(period: Period) -> str:
    """Return "6 tháng đầu năm"; a year keeps its own."""
    return period.label.removesuffix(f" năm {period.year}") + " năm" if isinstance(period, HalfYear) else period.label


def _tell_done(figures: FigureSet) -> list[str]:
    numbers, period, area = figures.figures, figures.period, area_word(figures)
    sentences = [
        (
            f"Trong {_drop_year(period)}, các cấp Hội Khuyến học trên địa bàn {area} tiếp tục đẩy mạnh "
            "các hình thức tuyên truyền nâng cao "
            "nhận thức cán bộ, đảng viên và các tầng lớp nhân dân về chủ trương, chính sách của Đảng, "
            "nhà nước đối với giáo dục và "
            "khuyến học."
        )
    ]
    if numbers.get("training.classes"):
        sentences.append(
            "Bên cạnh đó, tăng cường tập huấn, hướng dẫn cơ sở triển khai việc đăng ký, thiết lập hồ "
            "sơ đánh giá công nhận các mô hình "
            f"học tập năm {period.year}, tự đánh giá mức độ thực hiện Bộ tiêu chí “Công dân học tập”."
        )
    if numbers.get("members.new", 0) > 0:
        sentences.append(
            "Công tác phát triển tổ chức Hội và hội viên được quan tâm, "
            f"phát triển mới {about(numbers['members.new'], 'hội viên')}."
        )
    topup = topup_sentence(figures)
    if topup:
        sentences.append(f"{topup}.")
    giving = giving_sentence(figures)
    if giving:
        sentences.append(f"Các cấp Hội cũng tổ chức {giving}.")
    return sentences


def _tell_ahead(figures: FigureSet) -> str:
    first, second, third = (
        text[:1].lower() + text[1:].removesuffix(".") for text in plan_paragraphs(area_word(figures))
    )
    after = _drop_year(figures.period.next())
    return f"Để hoàn thành nhiệm vụ {after}, Hội {first}. Đồng thời, {second}. Ngoài ra, {third}./."
