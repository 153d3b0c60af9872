"""Addresses of the news app."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from news.views import (
    article,
    categories,
    documents,
    feeds,
    files,
    inserting,
    leading,
    letters,
    library,
    newsroom,
    public,
    reads,
    rechecking,
    review,
    tags,
    writing,
)


class AsciiSlug(StringConverter):
    """A part of an address as `slugify` makes it."""

    regex = "[a-z0-9-]+"


register_converter(AsciiSlug, "ascii")
ARTICLE = "tin-tuc/<ascii:category>/<ascii:slug>-<int:pk>/"

urlpatterns = [
    # public
    path("", public.home, name="home"),
    path("gioi-thieu/", public.about, name="about"),
    path("tin-tuc/", public.article_list, name="article_list"),
    path("tin-tuc/<ascii:category>/", public.category_detail, name="category_detail"),
    path("tin-tuc/<ascii:category>/rss/", feeds.category_rss, name="category_rss"),
    path("tin-tuc/<ascii:category>/atom/", feeds.category_atom, name="category_atom"),
    path("chu-de/", tags.tag_index, name="tag_index"),
    path("chu-de/<ascii:slug>/", tags.tag_detail, name="tag_detail"),
    path("chu-de/<ascii:slug>/rss/", feeds.tag_rss, name="tag_rss"),
    path("chu-de/<ascii:slug>/atom/", feeds.tag_atom, name="tag_atom"),
    path("van-ban/", documents.document_list, name="document_list"),
    path("van-ban/<int:pk>/", documents.document_detail, name="document_detail"),
    path("van-ban/<int:pk>/tep/", documents.document_file, name="document_file"),
    path(ARTICLE, article.article_detail, name="article_detail"),
    path(f"{ARTICLE}qr.svg", article.article_qr_svg, name="article_qr_svg"),
    path(f"{ARTICLE}qr.png", article.article_qr_png, name="article_qr_png"),
    path(f"{ARTICLE}ban-in.pdf", article.article_pdf, name="article_pdf"),
    path("t/<int:pk>/", article.article_short, name="article_short"),  # typed or scanned with a slash
    path("t/<int:pk>", article.article_short, name="article_short"),
    path("da-doc/", reads.read_count, name="read_count"),  # told by the article's script
    path("lien-he/", letters.contact, name="contact"),
    path("bao-loi/<int:pk>/", letters.article_report, name="article_report"),
    path("media/photos/<path:path>", files.photo_file, name="photo_file"),
    path("tep-dinh-kem/<int:pk>/", files.attachment_file, name="attachment_file"),
    path("xem-ban-thao/<str:key>/", letters.draft_shared, name="draft_shared"),
    path("rss/", feeds.rss, name="rss"),
    path("atom/", feeds.atom, name="atom"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", feeds.sitemap_part, name="sitemap_part"),
    path("sitemap-tin-moi.xml", feeds.news_sitemap, name="news_sitemap"),
    path("sitemap-tin-moi-<int:part>.xml", feeds.news_sitemap_part, name="news_sitemap_part"),
    path("robots.txt", feeds.robots, name="robots"),
    # the newsroom
    path("lam-viec/tin-tuc/", newsroom.newsroom_list, name="newsroom_list"),
    path("lam-viec/tin-tuc/cho-duyet/", review.review_list, name="review_list"),
    path("lam-viec/tin-tuc/xem-lai/", rechecking.recheck_list, name="recheck_list"),
    path("lam-viec/tin-tuc/<int:pk>/xem-lai/", rechecking.article_recheck, name="article_recheck"),
    path("lam-viec/van-ban/<int:pk>/xem-lai/", rechecking.document_recheck, name="document_recheck"),
    path("lam-viec/trang-chu/", leading.lead_list, name="lead_list"),
    path("lam-viec/trang-chu/<int:number>/", leading.lead_update, name="lead_update"),
    path("lam-viec/tin-tuc/viet/", writing.newsroom_create, name="newsroom_create"),
    path("lam-viec/tin-tuc/dan/", writing.newsroom_paste, name="newsroom_paste"),
    path("lam-viec/tin-tuc/giu/", writing.newsroom_autosave, name="newsroom_autosave"),
    path("lam-viec/tin-tuc/bo-ban-do/", writing.unsaved_drop, name="unsaved_drop"),
    path("lam-viec/tin-tuc/anh/", writing.newsroom_photo, name="newsroom_photo"),
    path("lam-viec/tin-tuc/tep/", inserting.newsroom_file, name="newsroom_file"),
    path("lam-viec/tin-tuc/video/", inserting.newsroom_video, name="newsroom_video"),
    path("lam-viec/tin-tuc/lien-ket/", inserting.newsroom_link, name="newsroom_link"),
    path("lam-viec/tin-tuc/<int:pk>/", writing.newsroom_update, name="newsroom_update"),
    path("lam-viec/tin-tuc/<int:pk>/xem-truoc/", newsroom.newsroom_preview, name="newsroom_preview"),
    path("lam-viec/tin-tuc/<int:pk>/dang/", newsroom.newsroom_publish, name="newsroom_publish"),
    path("lam-viec/tin-tuc/<int:pk>/sua-nhanh/", newsroom.newsroom_mend, name="newsroom_mend"),
    path("lam-viec/tin-tuc/<int:pk>/go/", newsroom.newsroom_withdraw, name="newsroom_withdraw"),
    path("lam-viec/tin-tuc/<int:pk>/thay-bang/", newsroom.newsroom_replace, name="newsroom_replace"),
    path("lam-viec/tin-tuc/<int:pk>/gui-duyet/", review.newsroom_submit, name="newsroom_submit"),
    path("lam-viec/tin-tuc/<int:pk>/duyet/", review.newsroom_review, name="newsroom_review"),
    path("lam-viec/tin-tuc/<int:pk>/lich-su/", newsroom.newsroom_history, name="newsroom_history"),
    path("lam-viec/tin-tuc/<int:pk>/lich-su/<int:number>/", newsroom.newsroom_restore, name="newsroom_restore"),
    path("lam-viec/tin-tuc/<int:pk>/chia-se/", letters.newsroom_share, name="newsroom_share"),
    path("lam-viec/tin-tuc/<int:pk>/chia-se/<int:number>/", letters.newsroom_unshare, name="newsroom_unshare"),
    path("lam-viec/thu-ban-doc/", letters.note_list, name="note_list"),
    path("lam-viec/thu-ban-doc/<int:pk>/", letters.note_detail, name="note_detail"),
    path("lam-viec/kho-anh/", library.photo_list, name="photo_list"),
    path("lam-viec/kho-anh/tim/", library.photo_find, name="photo_find"),
    path("lam-viec/kho-anh/<int:pk>/", library.photo_update, name="photo_update"),
    path("lam-viec/kho-anh/<int:pk>/thay/", library.photo_replace, name="photo_replace"),
    path("lam-viec/van-ban/", documents.document_manage, name="document_manage"),
    path("lam-viec/van-ban/them/", documents.document_create, name="document_create"),
    path("lam-viec/van-ban/<int:pk>/", documents.document_update, name="document_update"),
    path("lam-viec/van-ban/<int:pk>/go/", documents.document_withdraw, name="document_withdraw"),
    path("lam-viec/the/", tags.tag_list, name="tag_list"),
    path("lam-viec/the/<ascii:slug>/", tags.tag_update, name="tag_update"),
    path("lam-viec/chuyen-muc/", categories.category_list, name="category_list"),
    path("lam-viec/chuyen-muc/<ascii:slug>/", categories.category_update, name="category_update"),
]
