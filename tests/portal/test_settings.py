"""The settings know nothing of the tests, and the tests' own are chosen by name."""

import os
import subprocess
import sys

from django.conf import settings


def test_the_presence_of_pytest_changes_nothing(tmp_path):
    """A shell with the developers' packages must not write passwords with a fast hash."""
    program = (
        "import pytest; from django.conf import settings;"
        "print(settings.PASSWORD_HASHERS[0], settings.CACHES['default']['BACKEND'], settings.TASKS['default']['BACKEND'])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_DATA": str(tmp_path), "DEBUG": "0"}
    shown = subprocess.run([sys.executable, "-c", program], env=environment, text=True, capture_output=True, check=True)
    assert shown.stdout.split() == [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.core.cache.backends.filebased.FileBasedCache",
        "django_tasks_db.DatabaseBackend",
    ]


def test_the_tests_have_settings_of_their_own():
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "tests.settings"
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.MD5PasswordHasher"]
