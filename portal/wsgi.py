"""The WSGI entry point, used by granian."""

import os

from django.core.wsgi import get_wsgi_application

from portal import database, settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
if not settings.DATABASE_URL:
    database.ensure_running(database.cluster_under(settings.PORTAL_DATA))

application = get_wsgi_application()
