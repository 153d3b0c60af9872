"""Every address of the site; the apps' own addresses are strings here, so that no import points upward."""

from django.conf import settings
from django.urls import include, path
from django.views.static import serve

from portal.views import health

urlpatterns = [
    # public
    path("", include("news.urls")),
    path("", include("scholarships.urls")),
    path("", include("members.urls")),
    path("", include("reports.urls")),
    # the ground floor: accounts, administration, search, health
    path("tai-khoan/", include("allauth.account.urls")),
    path("tai-khoan/", include("allauth.mfa.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media"),
]
