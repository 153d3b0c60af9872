"""The WSGI entry point, used by granian."""

import os

from django.core.wsgi import get_wsgi_application

from portal import checks, database, settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
if not settings.DATABASE_URL:
    try:
        database.ensure_running(database.cluster_under(settings.PORTAL_DATA))
    except database.EmbeddedDatabaseError as error:
        raise SystemExit(str(error)) from None

application = get_wsgi_application()
checks.refuse_to_start()
