"""Packages that only the full profile needs: asked for where a setting wants them, never imported before."""

from importlib.util import find_spec


class UnusableSettingError(RuntimeError):
    """A setting that cannot be followed; the text is Vietnamese and names it."""


class MissingPackageError(UnusableSettingError):
    """A setting asks for a package of the full profile that is not installed."""

    def __init__(self, setting: str, package: str) -> None:
        super().__init__(f"{setting} cần gói “{package}” của cấu hình đầy đủ. Hãy chạy: make install-full")


def need(setting: str, *packages: str) -> None:
    """MissingPackageError for the first package (by import name) that the setting wants and that is not there."""
    for package in packages:
        if find_spec(package) is None:
            raise MissingPackageError(setting, package)
