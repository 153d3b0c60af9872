"""Every address of the site; the apps' own addresses are strings here, so that no import points upward."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from portal import addresses  # noqa: F401 - brings the converters
from portal.views import (
    accounts,
    files,
    founding,
    health,
    kept,
    media,
    proposals,
    reorganisations,
    search,
    session,
    site,
    unit_facts,
    units,
)

urlpatterns = [
    # public
    path("", include("news.urls")),
    path("", include("scholarships.urls")),
    path("", include("members.urls")),
    path("", include("intakes.urls")),
    path("", include("reports.urls")),
    # the ground floor: accounts, administration, search, health
    path("tai-khoan/kich-hoat/", accounts.account_activate, name="account_activate"),
    # Of django-allauth only what has a page of ours: its others would be a second door (sign-up, links by mail).
    path("tai-khoan/login/", sign_in.login, name="account_login"),
    path("tai-khoan/logout/", sign_in.logout, name="account_logout"),
    path("tai-khoan/inactive/", sign_in.account_inactive, name="account_inactive"),
    path("tai-khoan/reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("tai-khoan/password/change/", sign_in.password_change, name="account_change_password"),
    path("tai-khoan/password/set/", sign_in.password_set, name="account_set_password"),
    path("tai-khoan/password/reset/", accounts.account_reset_password, name="account_reset_password"),
    path("tai-khoan/2fa/", second_factor.index, name="mfa_index"),
    path("tai-khoan/2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("tai-khoan/2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("tai-khoan/2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("tai-khoan/2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("tai-khoan/2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "tai-khoan/2fa/recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "tai-khoan/2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path(
        "ngon-ngu/", csrf_exempt(set_language), name="set_language"
    ),  # public pages carry no token, so that they can be cached
    # /lam-viec/quan-tri/
    path("lam-viec/quan-tri/tai-khoan/", accounts.account_list, name="account_list"),
    path("lam-viec/quan-tri/tai-khoan/them/", accounts.account_create, name="account_create"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/sua/", accounts.account_update, name="account_update"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/thoi-viec/", accounts.account_leave, name="account_leave"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/o-lai/", accounts.account_stay, name="account_stay"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/hieu-luc/", accounts.account_activity, name="account_activity"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/ma/", accounts.account_code, name="account_code"),
    path("lam-viec/quan-tri/tai-khoan/<int:pk>/phan-cong/", accounts.posting_create, name="posting_create"),
    path("lam-viec/quan-tri/phan-cong/<int:pk>/ket-thuc/", accounts.posting_end, name="posting_end"),
    path("lam-viec/quan-tri/don-vi/", units.unit_list, name="unit_list"),
    path("lam-viec/quan-tri/don-vi/them/", units.unit_create, name="unit_create"),
    path("lam-viec/don-vi/", founding.unit_tree, name="unit_tree"),
    path("lam-viec/don-vi/thanh-lap/", founding.unit_found, name="unit_found"),
    path("lam-viec/don-vi/<code:code>/thoi-thanh-lap/", founding.unit_unfound, name="unit_unfound"),
    path("lam-viec/don-vi/tim/<str:permission>/", units.unit_suggest, name="unit_suggest"),
    path("lam-viec/quan-tri/don-vi/<code:code>/", units.unit_detail, name="unit_detail"),
    path("lam-viec/quan-tri/don-vi/<code:code>/sua/", units.unit_update, name="unit_update"),
    path("lam-viec/quan-tri/don-vi/<code:code>/phan-chi-hoi/", reorganisations.unit_assign, name="unit_assign"),
    path("lam-viec/quan-tri/don-vi/<code:code>/lien-he/", unit_facts.unit_facts, name="unit_facts"),
    path("lam-viec/quan-tri/don-vi/<code:code>/sua-ten-sai/", unit_facts.unit_correct, name="unit_correct"),
    path("lam-viec/quan-tri/don-vi/<code:code>/bo/", unit_facts.unit_remove, name="unit_remove"),
    path("lam-viec/quan-tri/don-vi/<code:code>/dan-so/", unit_facts.unit_count, name="unit_count"),
    path("lam-viec/quan-tri/cap/", unit_facts.level_list, name="level_list"),
    path("lam-viec/quan-tri/cap/them/", unit_facts.level_create, name="level_create"),
    path("lam-viec/quan-tri/cap/<slug:slug>/", unit_facts.level_update, name="level_update"),
    path("lam-viec/quan-tri/sap-xep/", reorganisations.reorganisation_list, name="reorganisation_list"),
    path("lam-viec/quan-tri/sap-xep/moi/", reorganisations.reorganisation_create, name="reorganisation_create"),
    path("lam-viec/quan-tri/sap-xep/<int:pk>/", reorganisations.reorganisation_detail, name="reorganisation_detail"),
    path("lam-viec/quan-tri/sap-xep/<int:pk>/huy/", reorganisations.reorganisation_undo, name="reorganisation_undo"),
    path("lam-viec/quan-tri/trang-web/", site.site_update, name="site_update"),
    path("lam-viec/quan-tri/nhat-ky/", site.audit_list, name="audit_list"),
    path("lam-viec/con-dang-nhap/", session.session_state, name="session_state"),
    path("lam-viec/tep-xuat/<int:pk>/", files.file_wait, name="file_wait"),
    path("lam-viec/tep-xuat/<int:pk>/luu/", files.file_save, name="file_save"),
    path("lam-viec/tep-xuat/<int:pk>/lam-lai/", files.file_again, name="file_again"),
    path("lam-viec/tep-xuat/<int:pk>/bo/", files.file_drop, name="file_drop"),
    path("lam-viec/tiep-tuc/<int:pk>/", kept.kept_input, name="kept_input"),
    path("lam-viec/de-nghi/", proposals.proposal_list, name="proposal_list"),
    path("lam-viec/de-nghi/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("lam-viec/de-nghi/<int:pk>/dong-y/", proposals.proposal_accept, name="proposal_accept"),
    path("lam-viec/de-nghi/<int:pk>/tu-choi/", proposals.proposal_refuse, name="proposal_refuse"),
    path("lam-viec/de-nghi/<int:pk>/rut/", proposals.proposal_withdraw, name="proposal_withdraw"),
    path("tim-kiem/", search.search, name="search"),
    path("tim-kiem/goi-y/", search.search_suggest, name="search_suggest"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("media/site/<path:path>", media.media, name="media"),
]
