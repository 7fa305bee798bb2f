"""The optional packages for words and entities (`make install-language`): imported whole, or missed in one sentence."""

import importlib
import logging
from types import ModuleType


class LanguagePackageMissingError(RuntimeError):
    """A package of the extra "language" is not installed; says in Vietnamese and English what to do."""

    def __init__(self, package: str) -> None:
        self.vi = f"Chưa cài gói {package}; hãy chạy `make install-language`."
        self.en = f"The package {package} is not installed; run `make install-language`."
        super().__init__(f"{self.vi} / {self.en}")


def language_package(package: str) -> ModuleType:
    """The package, imported; raises LanguagePackageMissingError.

    underthesea sets up the root logger when it is imported: its handlers and level are put back.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError:
        raise LanguagePackageMissingError(package) from None
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
