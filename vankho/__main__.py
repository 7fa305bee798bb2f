"""``python -m vankho``."""

from vankho.command import main

main()
