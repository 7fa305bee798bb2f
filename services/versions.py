"""The one place that pins the services: ``make services``, docker-compose.yml, Dockerfile and tests agree with it."""

#: What each service must say it is: the whole version, or its beginning where Debian brings it.
VERSIONS = {"opensearch": "3.6.0", "postgres": "15", "redis": "7", "tika": "3.3.2"}

#: Maven Central: coordinates, the file's name, and its SHA-256 (computed from the file that was tried).
ARTIFACTS = {
    "opensearch": (
        f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSIONS['opensearch']}:zip",
        f"opensearch-{VERSIONS['opensearch']}.zip",
        "a91faa1dc1cadc78cb278b4f63847e19e1627a4e9de698e14e7efc14ee37b286",
    ),
    "tika": (
        f"org.apache.tika:tika-server-standard:{VERSIONS['tika']}:jar",
        f"tika-server-standard-{VERSIONS['tika']}.jar",
        "cdbe7fde72583dec8528f9c0ed962cacb7f6624f9900b1f733df638410f77540",
    ),
    # no service: the judge of PDF/A that tests run
    "verapdf": (
        "org.verapdf.apps:greenfield-apps:1.28.2:jar",
        "greenfield-apps-1.28.2.jar",
        "687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6",
    ),
}

#: OpenSearch 3 runs on nothing older; Tika is content with less.
JAVA = 21

#: Loopback ports; ``VANKHO_SERVICES_PORT_OFFSET`` is added to each.
PORTS = {"opensearch": 19200, "postgres": 15432, "redis": 16379, "tika": 19998}
TRANSPORT_PORT = 19300


def fits(name: str, said: str) -> bool:
    """Whether what a service says of itself is the pinned version: ``15`` fits ``15.20``, never ``150``."""
    pinned = VERSIONS[name].split(".")
    return said.split()[0].split(".")[: len(pinned)] == pinned if said else False
