"""OpenSearch: the official minimal distribution, one node, no security module (tests put a TLS proxy before it)."""

import json
import os
from pathlib import Path

from services.service import Service
from services.software import fetch, find_java, unpack
from services.versions import VERSIONS
from services.web import get

HEAP = "2g"


class OpenSearch(Service):
    """One node on the loopback with a heap of 2 GB (``VANKHO_SERVICES_OPENSEARCH_HEAP``)."""

    name = "opensearch"

    @property
    def address(self) -> str:
        """What goes into VANKHO_OPENSEARCH_URL."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> tuple[list[str], dict[str, str]]:
        """Unpacks the distribution once, read-only for the node; its configuration and data are of this place."""
        java = find_java()
        archive = fetch(self.place, self.name)
        home = unpack(archive, self.place.software / f"opensearch-{VERSIONS[self.name]}")
        config = self.place.folder(self.name, "config")
        own = self.place.folder(self.name, "tmp")
        self.write_config("opensearch.yml", self.settings())
        self.write_config("log4j2.properties", _LOGGING)
        shipped = (home / "config" / "jvm.options").read_text("utf-8")
        self.write_config("jvm.options", _without_files(shipped, own))
        heap = os.environ.get("VANKHO_SERVICES_OPENSEARCH_HEAP") or HEAP
        environment = {
            "OPENSEARCH_JAVA_HOME": str(java),
            "OPENSEARCH_PATH_CONF": str(config),
            "OPENSEARCH_TMPDIR": str(own),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
            "HOSTNAME": "localhost",
        }
        return [str(home / "bin" / "opensearch")], environment

    def settings(self) -> str:
        """opensearch.yml; JSON is YAML, and needs no rules of quoting."""
        return json.dumps(
            {
                "cluster.name": "vankho-services",
                "node.name": "vankho-services-1",
                "discovery.type": "single-node",
                "network.host": "127.0.0.1",
                "http.port": self.port,
                "transport.port": self.place.transport_port,
                "path.data": str(self.place.folder(self.name, "data")),
                "path.logs": str(self.place.folder(self.name, "tmp")),
                "bootstrap.memory_lock": False,
                # an index that nobody created would have a guessed mapping
                "action.auto_create_index": False,
                # a machine for building is often over the 95 % at which OpenSearch makes every index read-only
                "cluster.routing.allocation.disk.threshold_enabled": False,
            },
            indent=1,
        )

    def ask(self) -> str:
        """``version.number`` of ``/``."""
        return str(json.loads(get(self.port, "/"))["version"]["number"])

    def ready(self) -> bool:
        """A cluster manager is elected, and the shards that were there are open again."""
        path = "/_cluster/health?timeout=2s&cluster_manager_timeout=2s&wait_for_no_initializing_shards=true"
        return json.loads(get(self.port, path, timeout=5))["status"] in {"green", "yellow"}


def _without_files(options: str, folder: Path) -> str:
    """The distribution's JVM options; what they would write beside the program goes to our folder, or nowhere."""
    kept = [line for line in options.splitlines() if "file=logs/" not in line and "-Xloggc" not in line]
    text = (
        "\n".join(kept)
        .replace("ErrorFile=logs/", f"ErrorFile={folder}/")
        .replace("HeapDumpPath=data", f"HeapDumpPath={folder}")
    )
    return text + "\n"


#: One log, on standard output: we write it to a file and show its end when the node does not come up.
_LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %marker%m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""
