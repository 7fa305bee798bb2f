"""What a container of sound and film says of its tracks."""

from dataclasses import dataclass, field


class ContainerError(ValueError):
    """The bytes are not what they say; nothing of them can be trusted."""


@dataclass(slots=True)
class Track:
    """A track: `video` or `audio`, its codec as people call it, and its sizes (0: not told)."""

    kind: str
    codec: str = ""
    width: int = 0
    height: int = 0
    sample_rate: int = 0
    channels: int = 0


@dataclass(slots=True)
class Container:
    """A container: its name, its length in ms (None: not told), its tracks, and whether its end is cut off."""

    name: str
    milliseconds: int | None = None
    tracks: list[Track] = field(default_factory=list)
    cut: bool = False
