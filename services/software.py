"""The programs themselves: what Maven Central brings, and what the machine must have."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from services.places import Place
from services.trouble import ServiceError
from services.versions import ARTIFACTS, JAVA

_ROOM = 1 << 30  # bytes: what OpenSearch and Tika unpack to, doubled


def find_java() -> Path:
    """The home of a JDK that is new enough: ``OPENSEARCH_JAVA_HOME``, ``JAVA_HOME``, then /usr/lib/jvm."""
    if told := os.environ.get("OPENSEARCH_JAVA_HOME"):
        if java_version(Path(told)) < JAVA:
            raise ServiceError(f"OPENSEARCH_JAVA_HOME={told}: cần JDK {JAVA} trở lên (JDK >= {JAVA} is needed)")
        return Path(told)
    known = Path("/usr/lib/jvm")
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(known.iterdir()) if known.is_dir() else []
    fit = [home for home in homes if java_version(home) >= JAVA]
    if not fit:
        raise ServiceError(
            f"Không tìm thấy JDK {JAVA} trở lên (JDK >= {JAVA} not found): cài Temurin từ adoptium.net, "
            "rồi đặt OPENSEARCH_JAVA_HOME."
        )
    return fit[0]


def java_version(home: Path) -> int:
    """The main version of the JDK in that folder, read from its ``release`` file; 0 if there is none."""
    try:
        text = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', text, re.M)
    return int(found[1]) if found and (home / "bin" / "java").exists() else 0


def find_program(name: str, package: str, folders: tuple[str, ...] = ()) -> Path:
    """A program of this machine.  ServiceError with the line that installs it if it is not there."""
    path = os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
    if found := shutil.which(name, path=path):
        return Path(found)
    raise ServiceError(f"Thiếu {name} ({name} is not installed): apt-get install {package}")


def fetch(place: Place, name: str) -> Path:
    """The pinned artifact of a service, from Maven Central at the first call; its SHA-256 must be the pinned one."""
    artifact, file, digest = ARTIFACTS[name]
    target = place.software / file
    if target.exists():
        return target
    if place.free() < _ROOM:
        raise ServiceError(f"{place.home}: còn dưới 1 GB trống (less than 1 GB is free)")
    maven = find_program("mvn", "maven")
    with tempfile.TemporaryDirectory(dir=place.software) as folder:
        words = [str(maven), "-q", "-B", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
        done = subprocess.run(words, capture_output=True, text=True, cwd=folder, timeout=900, check=False)
        got = Path(folder) / file
        if done.returncode or not got.exists():
            said = (done.stdout + done.stderr).strip()[-800:]
            raise ServiceError(f"Maven không tải được {artifact} (could not be fetched):\n{said}")
        if (found := digest_of(got)) != digest:
            raise ServiceError(f"{file}: SHA-256 {found}, phải là {digest} (not the pinned file)")
        got.chmod(0o644)
        got.replace(target)
    return target


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def unpack(archive: Path, target: Path) -> Path:
    """The one folder inside a zip, unpacked to ``target`` whole or not at all; programs stay programs."""
    if target.exists():
        return target
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            path = Path(opened.extract(entry, folder))
            mode = (entry.external_attr >> 16) & 0o777
            path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
        (inner,) = Path(folder).iterdir()
        inner.chmod(0o755)
        inner.replace(target)
    return target
