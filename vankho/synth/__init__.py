"""The demonstration archive: a believable province of 1945-2026 as a transfer folder. Everything is invented."""

from vankho.synth.transfer import Summary, write_transfer

__all__ = ["Summary", "write_transfer"]
