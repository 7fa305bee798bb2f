"""Tika server from Maven Central, with the configuration that we ship: bytes only, few endpoints, limits."""

from pathlib import Path

from services.service import Service
from services.software import fetch, find_java
from services.web import get

CONFIG = Path(__file__).resolve().parents[1] / "config" / "tika.xml"


class Tika(Service):
    """A watching process and a second one that reads the files, started anew when a file is too much for it."""

    name = "tika"

    @property
    def address(self) -> str:
        """What goes into VANKHO_TIKA_URL."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> tuple[list[str], dict[str, str]]:
        """Copies our configuration to where the service's user reads it (a clone may lie in a closed folder)."""
        java = find_java()
        jar = fetch(self.place, self.name)
        config = self.write_config("tika.xml", CONFIG.read_text("utf-8"))
        own = self.place.folder(self.name, "tmp")
        environment = {
            "PATH": f"{java}/bin:/usr/bin:/bin",  # the second process is whatever java stands first
            "JAVA_TOOL_OPTIONS": f"-Djava.io.tmpdir={own} -Djava.awt.headless=true",
        }
        words = [str(java / "bin" / "java"), "-Xmx128m", "-jar", str(jar)]
        return [*words, "-c", str(config), "-h", "127.0.0.1", "-p", str(self.port)], environment

    def ask(self) -> str:
        """The number in ``Apache Tika 3.3.2`` of ``/version``."""
        said = get(self.port, "/version").strip()
        if not said.startswith("Apache Tika "):
            raise OSError(f"/version: {said[:60]}")
        return said.removeprefix("Apache Tika ")
