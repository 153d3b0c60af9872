"""A browser for the stories: Debian's Chromium, driven by playwright against a live server."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from portal.models import User

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--metrics-recording-only",
]  # fmt: skip
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(config, items):
    """Without a browser the stories are left out with one loud line; CI does not accept that."""
    stories = [item for item in items if "/e2e/" in str(item.path)]
    for item in stories:
        item.add_marker(pytest.mark.e2e)
    if stories and CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.exit(
                "Chromium is missing: the browser stories must run here (apt-get install chromium).", returncode=4
            )
        for item in stories:
            item.add_marker(
                pytest.mark.skip(reason="NO CHROMIUM: browser stories not run (sudo apt-get install chromium)")
            )


@pytest.fixture(scope="session")
def browser():
    session = sync_playwright()
    try:
        driver = session.__enter__()
    except Exception as error:  # playwright has no class of its own for a driver that does not start
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NO DRIVER: browser stories not run (sudo apt-get install libatomic1): {error}")
    running = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield running
    running.close()
    session.__exit__(None, None, None)


def give_session(context, username: str, url: str) -> None:
    """Let this person be signed in from now on in the browser, whoever was before."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


@pytest.fixture
def page_of(browser, live_server):
    """Return a page of a fresh browser: signed in through the sign-in form when a password is given, else by a session.

    Only what is about signing in pays for the form.
    """
    contexts = []

    def open_page(username: str | None = None, *, password: str = "", width: int = 1280, height: int = 900):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", base_url=live_server.url, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        problems = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.problems = problems
        if username and not password:
            give_session(context, username, live_server.url)
        elif username:
            page.goto("/tai-khoan/login/")
            page.fill("input[name=login]", username)
            page.fill("input[name=password]", password)
            page.click("main form button[type=submit]")
            page.wait_for_url("**/lam-viec/**")
        return page

    yield open_page
    for context in contexts:
        context.close()
