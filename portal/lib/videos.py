"""Videos of other hosts: the links people copy, where each is watched, and the player that a click brings in."""

from __future__ import annotations

import re
from typing import NamedTuple

_YOUTUBE = r"(?P<code>[\w-]{11})(?![\w-])"
_NUMBER = r"(?P<code>\d{4,12})(?!\w)"
_SHORT = r"(?P<code>x[a-z0-9]{4,9})(?!\w)"


class VideoHost(NamedTuple):
    """One host: its name in the text of an article, its label, the forms of its links, where it is watched, played."""

    name: str
    label: str
    links: tuple[str, ...]  # after "https://" and "www." or "m."; `code` is the video
    watch: str
    player: str


#: All hosts whose videos an article can hold; the pages may frame these players and nothing else.
HOSTS = (
    VideoHost(
        "youtube", "YouTube",
        (
            rf"youtube\.com/watch\?(?:[^#]*&)?v={_YOUTUBE}", rf"youtu\.be/{_YOUTUBE}",
            rf"youtube(?:-nocookie)?\.com/(?:shorts|embed|live|v)/{_YOUTUBE}",
        ),
        "https://www.youtube.com/watch?v=", "https://www.youtube-nocookie.com/embed/",
    ),
    VideoHost(
        "vimeo", "Vimeo", (rf"vimeo\.com/{_NUMBER}", rf"player\.vimeo\.com/video/{_NUMBER}"),
        "https://vimeo.com/", "https://player.vimeo.com/video/",
    ),
    VideoHost(
        "dailymotion", "Dailymotion", (rf"dailymotion\.com/(?:embed/)?video/{_SHORT}", rf"dai\.ly/{_SHORT}"),
        "https://www.dailymotion.com/video/", "https://geo.dailymotion.com/player.html?video=",
    ),
)  # fmt: skip
_CODES = {"youtube": r"[\w-]{11}", "vimeo": r"\d{4,12}", "dailymotion": r"x[a-z0-9]{4,9}"}
_HOST = re.compile(r"(?:https?:)?(?://)?(?:www\.|m\.)?", re.IGNORECASE)


class Video(NamedTuple):
    """One video, as an article keeps it: "youtube:dQw4w9WgXcQ"."""

    host: VideoHost
    code: str

    @property
    def key(self) -> str:
        """Return what the article keeps."""
        return f"{self.host.name}:{self.code}"

    @property
    def watch(self) -> str:
        """Return the address where it is watched."""
        return self.host.watch + self.code

    @property
    def player(self) -> str:
        """Return the address of its player."""
        return self.host.player + self.code


def players() -> list[str]:
    """Return the origins of all players, for the policy of what a page may frame."""
    return sorted({re.sub(r"(https://[^/]+).*", r"\1", host.player) for host in HOSTS})


def read_link(link: str) -> Video | None:
    """Return the video that a link leads to; None where it is of no host that is known here."""
    rest = _HOST.sub("", link.strip(), count=1)
    for host in HOSTS:
        for form in host.links:
            if found := re.match(form, rest, re.ASCII):
                return Video(host, found["code"])
    return None


def read_key(key: str) -> Video | None:
    """Return the video that an article keeps so; None where it is none."""
    name, _colon, code = key.partition(":")
    host = next((one for one in HOSTS if one.name == name), None)
    return Video(host, code) if host and re.fullmatch(_CODES[name], code, re.ASCII) else None
