"""What taking in a list would do, before it does it: every row decided, with the sentence for each refused one."""

from __future__ import annotations
