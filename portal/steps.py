"""State machines as tables: which step leads from which state to which, and who may take it. Pure: knows no model.

A machine stands beside its model. The service asks it under lock, the page's buttons come from it, and a test compares
the database's trigger with it by trying every pair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.permissions import Permission


@dataclass(frozen=True)
class Step:
    """One step: its verb, the states it leads from and to, and the rights of which one is needed.

    `other_person`: nobody takes it on what they made themselves. `by_command`: only for what a command on the server
    took in, which has no page.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    permissions: tuple[Permission, ...] = ()
    other_person: bool = False
    by_command: bool = False


class Machine:
    """The steps of one kind of row."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps

    def allows(self, verb: str, state: str) -> bool:
        """Whether a row in the state can take the step; a verb that no step has raises."""
        named = [step for step in self.steps if step.verb == verb]
        if not named:
            raise KeyError(verb)
        return any(state in step.sources for step in named)

    def pairs(self, *, by_command: bool = False) -> set[tuple[str, str]]:
        """Return every (from, to), with those of rows by command when asked."""
        return {
            (source, step.target)
            for step in self.steps
            if by_command or not step.by_command
            for source in step.sources
            if source != step.target
        }

    def open_to(self, state: str, may: Callable[[Permission], bool], *, is_maker: bool = False) -> frozenset[str]:
        """Return the verbs that a person may take from the state; `may` answers for the row's unit."""
        return frozenset(
            step.verb
            for step in self.steps
            if state in step.sources
            and not step.by_command
            and not (is_maker and step.other_person)
            and any(may(permission) for permission in step.permissions)
        )

    def kept_from_maker(self, state: str, may: Callable[[Permission], bool]) -> frozenset[str]:
        """Return the verbs that another person with the same rights could take, but not whoever made the row."""
        return self.open_to(state, may) - self.open_to(state, may, is_maker=True)
