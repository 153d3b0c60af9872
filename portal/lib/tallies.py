"""Counting in memory what is too small to be written one by one: bounded, and nothing of whom it came from is kept."""

from __future__ import annotations

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
logger = logging.getLogger(__name__)


class Tally(Generic[Key]):
    """Counts by key that are handed to `write` together: some seconds after the first, sooner when they are many.

    `later` lets a function run after so many seconds. What could not be written is kept for the next time; beyond
    `most` keys nothing new is counted.
    """

    def __init__(
        self,
        write: Callable[[Mapping[Key, int]], object],
        *,
        later: Callable[[float, Callable[[], None]], object],
        every: float,
        most: int,
    ) -> None:
        self._write, self._later, self._every, self._most = write, later, every, most
        self._counts: Counter[Key] = Counter()
        self._is_awaited = False
        self._lock = Lock()

    def add(self, key: Key) -> None:
        """Count once more."""
        with self._lock:
            is_new = key not in self._counts
            if is_new and len(self._counts) >= self._most:
                return
            self._counts[key] += 1
            is_full = is_new and len(self._counts) == self._most
            is_first, self._is_awaited = not self._is_awaited, True
        if is_first or is_full:
            self._ask(0.0 if is_full else self._every)

    def flush(self) -> None:
        """Write what was counted."""
        with self._lock:
            counts, self._counts, self._is_awaited = self._counts, Counter(), False
        if not counts:
            return
        try:
            self._write(counts)
        except Exception:  # whatever it is: nobody waits for the answer, and the next time may do
            logger.warning("counts could not be written and are kept for the next time", exc_info=True)
            self._keep(counts)

    def _keep(self, counts: Mapping[Key, int]) -> None:
        with self._lock:
            for key, count in counts.items():
                if key in self._counts or len(self._counts) < self._most:
                    self._counts[key] += count
            is_first, self._is_awaited = not self._is_awaited, True
        if is_first:
            self._ask(self._every)

    def _ask(self, seconds: float) -> None:
        """Let it be written so much later; where no thread is to be had, the next count asks again."""
        try:
            self._later(seconds, self.flush)
        except RuntimeError:  # also at the end of the process, when none begins any more
            logger.warning("nobody writes the counts down now; the next one asks again", exc_info=True)
            with self._lock:
                self._is_awaited = False


class Lately:
    """How often the same came within the present stretch of time, known by hashes from which nobody can be found.

    With each stretch the salt is another and the hashes are forgotten. Of more than `most` the oldest go first.
    """

    def __init__(self, *, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._stretch, self._salt = -1, b""
        self._met: dict[bytes, int] = {}
        self._lock = Lock()

    def times(self, *parts: object) -> int:
        """Return how often these parts have come together, this time included."""
        with self._lock:
            stretch = int(self._clock() // self._seconds)
            if stretch != self._stretch:
                self._stretch, self._salt, self._met = stretch, secrets.token_bytes(32), {}
            said = "\x1f".join(map(str, parts)).encode("utf-8", "replace")
            key = blake2b(said, key=self._salt, digest_size=8).digest()
            self._met[key] = times = self._met.pop(key, 0) + 1
            if len(self._met) > self._most:
                del self._met[next(iter(self._met))]
        return times
