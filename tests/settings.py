"""The settings of the tests: those of a demo, but for what would only make them slow or leave traces."""

from portal.settings import *  # noqa: F403 - the tests change settings, they do not choose them
from portal.settings import STORAGES, TASKS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one is slow on purpose
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True  # each of the tests' clients would read all files' sizes
TASKS = {"default": TASKS["default"] | {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
UPLOAD_PATIENCE = 60.0  # a page waits for a workbook however busy the machine of the tests is
PICTURE_PATIENCE = PICTURES_PATIENCE = 120.0
READS_WRITTEN_EVERY = 0  # tests say themselves when counts are written
