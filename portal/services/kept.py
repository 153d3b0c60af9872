"""Typed text outlives the session in which it was typed: kept on the server, for its writer, for two hours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core import signing

from portal.models import KeptInput, User
from portal.services.refusals import needs_nothing

MOST_KEPT = 5  # forms of one person at a time: tabs that were open
MOST_LETTERS = 1_000_000  # of one form
WAITING = "kept_input"  # in the session: what this browser may take back once its writer has signed in
_SALT = "portal.typed_by"
_LONGEST_OPEN = 3 * 24 * 60 * 60  # seconds that a page may have stood open


def sign_typist(person: User) -> str:
    """Return the hidden text by which a form says whose page it stood on."""
    return signing.dumps(person.pk, salt=_SALT)


def typist_of(signed: str) -> User | None:
    """Return whose page a form stood on; None when it does not say, or the page is days old."""
    try:
        pk = signing.loads(signed, salt=_SALT, max_age=_LONGEST_OPEN)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


@needs_nothing("whoever typed keeps their own text; it is shown to nobody else, whatever rights they hold")
def keep_input(
    *, actor: User, path: str, page: str, fields: Sequence[tuple[str, str]], saves: bool, had_files: bool
) -> KeptInput | bool:
    """Keep what a form held; False when it is too much to be kept. The oldest beyond five give way."""
    if len(json.dumps(fields, ensure_ascii=False)) > MOST_LETTERS or max(len(path), len(page)) > 500:
        return False
    KeptInput.objects.outlived().delete()
    kept = KeptInput.objects.create(
        person=actor, path=path, page=page, fields=[list(pair) for pair in fields], saves=saves, had_files=had_files
    )
    newest = KeptInput.objects.filter(person=actor).order_by("-id").values_list("pk", flat=True)[:MOST_KEPT]
    KeptInput.objects.filter(person=actor).exclude(pk__in=list(newest)).delete()
    return kept


def take_kept_input(person: User, pk: int) -> KeptInput | None:
    """Return what was kept for the person and forget it: from now on their page holds it."""
    kept = KeptInput.objects.of(person).filter(pk=pk).first()
    KeptInput.objects.filter(person=person, pk=pk).delete()
    return kept


def name_awaited(session: Mapping[str, Any]) -> str:
    """Return the user name of whoever has to sign in to go on with what this browser sent last; "" when nobody has."""
    waiting = KeptInput.objects.filter(pk__in=session.get(WAITING, [])).order_by("-id")
    return waiting.values_list("person__username", flat=True).first() or ""


def forget_kept_input(person: User) -> None:
    """Forget all that was kept for a person: they have signed out."""
    KeptInput.objects.filter(person=person).delete()
