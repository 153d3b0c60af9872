"""Every address of the site; the apps' own addresses are strings here, so that no import points upward."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from portal.views import accounts, health, media, search, site, units

urlpatterns = [
    # public
    path("", include("news.urls")),
    path("", include("scholarships.urls")),
    path("", include("members.urls")),
    path("", include("reports.urls")),
    # the ground floor: accounts, administration, search, health
    path("tai-khoan/kich-hoat/", accounts.account_activate, name="account_activate"),
    path("tai-khoan/", include("allauth.account.urls")),
    path("tai-khoan/", include("allauth.mfa.urls")),
    path(
        "ngon-ngu/", csrf_exempt(set_language), name="set_language"
    ),  # public pages carry no token, so that they can be cached
    # /lam-viec/quan-tri/
    path("lam-viec/quan-tri/tai-khoan/", accounts.account_list, name="account_list"),
    path("lam-viec/quan-tri/tai-khoan/them/", accounts.account_create, name="account_create"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/sua/", accounts.account_update, name="account_update"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/hieu-luc/", accounts.account_activity, name="account_activity"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/ma/", accounts.account_code, name="account_code"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/phan-cong/", accounts.posting_create, name="posting_create"),
    path("lam-viec/quan-tri/phan-cong/<int:pk>/ket-thuc/", accounts.posting_end, name="posting_end"),
    path("lam-viec/quan-tri/don-vi/", units.unit_list, name="unit_list"),
    path("lam-viec/quan-tri/don-vi/them/", units.unit_create, name="unit_create"),
    path("lam-viec/quan-tri/don-vi/<str:code>/", units.unit_detail, name="unit_detail"),
    path("lam-viec/quan-tri/don-vi/<str:code>/sua/", units.unit_update, name="unit_update"),
    path("lam-viec/quan-tri/trang-web/", site.site_update, name="site_update"),
    path("lam-viec/quan-tri/nhat-ky/", site.audit_list, name="audit_list"),
    path("tim-kiem/", search.search, name="search"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/<path:path>", media.media, name="media"),
]
