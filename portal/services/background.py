"""Files for one person that take long: the worker makes them, with progress, and they are handed out for a day.

Which rows a file holds is asked by the rights of whoever asked, when it is made; when it is handed out the rights are
asked again. What is kept of it names people, so all of it goes as soon as somebody's data are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from portal import audit
from portal.models import AskedFile, FilePart, Unit, User
from portal.models.background import BackgroundFile
from portal.services.refusals import needs_nothing
from portal.services.versions import lock_row
from portal.vocabulary import AskedFileKind

#: Told how much is done; says whether to go on.
SayFar = Callable[[int], bool]
_PART = 4 * 1024 * 1024  # bytes
_OWN = "a file belongs to whoever asked for it; what it holds is asked by its kind, when it is made and handed out"


class FileMaker:
    """What an app says of one kind of file; named in its `AppConfig.files`."""

    #: Whether `content_of` may stay once the file is made, so that it can be made again: it holds ids alone.
    is_made_again = False

    def make(self, file: AskedFile, say_far: SayFar) -> Iterable[bytes]:
        """Yield the file's bytes; set `file.units` to the units of its rows. It ends early when `say_far` is false."""
        raise NotImplementedError

    def may_have(self, file: AskedFile, reader: User) -> bool:
        """Whether the reader still has the rights on everything that the file holds."""
        raise NotImplementedError


@lru_cache
def makers() -> dict[str, FileMaker]:
    """Return what makes each kind of file."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        found |= getattr(config, "files", {})
    return {str(kind): import_string(path)() for kind, path in found.items()}


@needs_nothing(_OWN)
def ask_for_file(
    *,
    kind: AskedFileKind,
    file_name: str,
    content_of: dict[str, Any],
    total: int,
    unit: Unit | None = None,
    actor: User,
) -> AskedFile:
    """Have a file made for the person; the one that is being made of the same content already, where there is one.

    Their earlier ones of the kind that hold a list are dropped: the new one takes their place.
    """
    own = AskedFile.objects.of(actor).filter(kind=kind).select_for_update()
    same = own.being_made().filter(content_of=content_of, file_name=file_name).order_by("-pk").first()
    if same is not None and same.is_waiting:
        return same
    if not makers()[kind].is_made_again:
        _drop(own.filter(gone_at__isnull=True))
    file = AskedFile.objects.create(
        kind=kind, asked_by=actor, unit=unit, content_of=content_of, file_name=file_name, total=total
    )
    transaction.on_commit(lambda: make_file.enqueue(file.pk))
    return file


@needs_nothing(_OWN)
def ask_again(*, file: AskedFile, version: str | None = None, actor: User) -> AskedFile:
    """Have a file made once more that failed or was left behind, or (papers) whose bytes are gone.

    ValidationError for one that is ready or being made, and for a list that is gone: it is saved anew from its page.
    """
    file = lock_row(AskedFile.objects.of(actor), file, version)
    if file.is_waiting or file.is_ready:
        raise ValidationError(_("This file is ready, or being made just now. Look again in a minute."), code="made")
    if not file.content_of:
        raise ValidationError(_("This file is gone. Save the list anew from its page."), code="gone")
    FilePart.objects.filter(file=file).delete()
    now = timezone.now()
    file.asked_at, file.moved_at, file.done, file.is_failed = now, now, 0, False
    file.finished_at = file.gone_at = None
    file.save()
    transaction.on_commit(lambda: make_file.enqueue(file.pk))
    return file


@needs_nothing(_OWN)
def give_up_file(*, file: AskedFile, actor: User) -> AskedFile:
    """Erase a file, ready or not; the worker stops at its next step."""
    _drop(AskedFile.objects.of(actor).filter(pk=file.pk, gone_at__isnull=True))
    file.refresh_from_db()
    return file


@needs_nothing(_OWN)
def hand_out_file(*, file: AskedFile, actor: User) -> AskedFile:
    """Write into the audit that the person takes the file.

    ValidationError when it is not ready, and with the code "rights" for whoever has no right on something in it any
    more: they get none of it, and whoever called erases it.
    """
    file = lock_row(AskedFile.objects.of(actor), file)
    if not file.is_ready:
        raise ValidationError(_("This file is not ready, or has been kept long enough."), code="not_ready")
    if not makers()[file.kind].may_have(file, actor):
        raise ValidationError(
            _("Your rights have changed since this file was made. It was erased; ask for it anew."), code="rights"
        )
    detail = {"kind": str(file.kind), "name": file.file_name, "rows": file.total}
    audit.record(actor=actor, action=audit.Action.FILE_EXPORT, target=file, unit=file.unit, detail=detail)
    return file


@needs_nothing("the list holds what the person may see, and nothing else; this only writes down that it is saved")
def note_export(*, kind: AskedFileKind, name: str, rows: int, actor: User) -> bool:
    """Write into the audit that a short list is saved at once."""
    audit.record(actor=actor, action=audit.Action.FILE_EXPORT, detail={"kind": str(kind), "name": name, "rows": rows})
    return True


def read_parts(file: AskedFile) -> Iterator[bytes]:
    """Yield the bytes of a file, a part at a time."""
    for number in range(file.parts.count()):
        yield bytes(file.parts.values_list("content", flat=True).get(number=number))


@needs_nothing("called by services that ask the right of their own act on a person whose data go")
def drop_files(*, actor: User) -> int:
    """Erase every file that may hold a person's data, ready or being made; return how many there were."""
    return _drop(AskedFile.objects.filter(gone_at__isnull=True))


@needs_nothing("a rule of time erases what is kept no longer")
def expire_files(*, actor: User) -> int:
    """Erase the bytes of files that have been kept long enough; return how many there were.

    And what a worker that was ended in the middle has left of files that were given up meanwhile. Files that are made
    for everybody who sees the same go with their rows.
    """
    for shared in BackgroundFile.__subclasses__():
        if shared is not AskedFile:
            shared._default_manager.filter(asked_at__lt=timezone.now() - shared.KEPT).delete()
    FilePart.objects.filter(file__gone_at__isnull=False).delete()
    return _drop(AskedFile.objects.outlived().filter(gone_at__isnull=True))


def _drop(files: Any) -> int:
    """Say first that they are gone, so that a worker who writes meanwhile throws its parts away, then erase them."""
    ids, now = list(files.values_list("pk", flat=True)), timezone.now()
    AskedFile.objects.filter(pk__in=ids, finished_at__isnull=True).update(finished_at=now)
    lists = [kind for kind, maker in makers().items() if not maker.is_made_again]
    AskedFile.objects.filter(pk__in=ids, kind__in=lists).update(content_of={})
    AskedFile.objects.filter(pk__in=ids).update(gone_at=now)
    FilePart.objects.filter(file__in=ids).delete()
    return len(ids)


@task()
def make_file(file_id: int) -> bool:
    """Make a file in the worker; it stops when it is given up meanwhile. Return whether it is ready.

    Done again, it does the same again.
    """
    expire_files(actor=User.objects.system())
    asked = AskedFile.objects.being_made().filter(pk=file_id)
    file = asked.select_related("asked_by", "unit").first()
    if file is None:
        return False
    maker, is_done = makers()[file.kind], False

    def say_far(done: int) -> bool:
        return asked.update(done=min(done, file.total), moved_at=timezone.now()) == 1

    try:
        file.parts.all().delete()
        for number, content in enumerate(_in_parts(maker.make(file, say_far))):
            FilePart.objects.create(file=file, number=number, content=content)
        is_done = file.parts.exists()  # of no bytes: nobody is left who could be on it
    finally:
        if not is_done:
            asked.update(is_failed=True)
            FilePart.objects.filter(file=file).delete()
    if not is_done:
        return False
    made: dict[str, Any] = {"finished_at": timezone.now(), "done": file.total, "units": file.units}
    if not maker.is_made_again:
        made["content_of"] = {}
    if asked.update(**made) == 1:
        return True
    FilePart.objects.filter(file_id=file_id, file__gone_at__isnull=False).delete()  # given up meanwhile
    return False


def _in_parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    part = bytearray()
    for piece in pieces:
        part += piece
        if len(part) >= _PART:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)
