"""Bulk requests bounded by bytes, every item's outcome read: nothing that OpenSearch refuses is passed over."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import orjson
from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError

from search.document import Refusal
from search.engines.opensearch.client import explain
from search.engines.protocol import EngineError, NoIndexError

BULK_BYTES = 5_000_000
AT_ONCE = 2  # requests of one writer
MOST_BYTES = 90_000_000  # of one document: OpenSearch takes no request above 100 MB
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # before sending once more what a busy engine did not take
_BUSY = {429, 502, 503}
_TOLD = 300  # letters of a refusal's reason


@dataclass(frozen=True, slots=True)
class Operation:
    """A line or two of a bulk body: which record it belongs to, and its bytes with line ends."""

    owner: str
    lines: bytes


def writing(name: str, own: str, owner: str, version: int, body: dict[str, Any]) -> Operation:
    """Puts a document in, unless a higher version is there."""
    head = _head("index", name, own, version)
    return Operation(owner, head + orjson.dumps(body) + b"\n")


def deleting(name: str, own: str, owner: str, version: int) -> Operation:
    """Takes a document out, unless a higher version is there."""
    return Operation(owner, _head("delete", name, own, version))


def _head(action: str, name: str, own: str, version: int) -> bytes:
    told = {"_index": name, "_id": own, "version": version, "version_type": "external_gte"}
    return orjson.dumps({action: told}) + b"\n"


def send(client: OpenSearch, operations: Iterable[Operation]) -> list[Refusal]:
    """Sends all; returns the refused ones by owner.  EngineError if the engine itself cannot write.

    No document may be among them twice: parts go over AT_ONCE connections, while the next one is being made.
    """
    refused: dict[str, str] = {}
    under_way: deque[Future[dict[str, str]]] = deque()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bulk") as threads:
        for part in _parts(operations, refused):
            under_way.append(threads.submit(_send_part, client, part))
            if len(under_way) > AT_ONCE:  # the next one is ready when a connection is
                refused |= under_way.popleft().result()
        for one in under_way:
            refused |= one.result()
    return [Refusal(owner, reason) for owner, reason in refused.items()]


def _parts(operations: Iterable[Operation], refused: dict[str, str]) -> Iterator[list[Operation]]:
    part: list[Operation] = []
    size = 0
    for one in operations:
        if len(one.lines) > MOST_BYTES:
            refused[one.owner] = f"quá lớn cho một lần gửi (too large): {len(one.lines)} > {MOST_BYTES} byte"
            continue
        if part and size + len(one.lines) > BULK_BYTES:
            yield part
            part, size = [], 0
        part.append(one)
        size += len(one.lines)
    if part:
        yield part


def _send_part(client: OpenSearch, part: list[Operation]) -> dict[str, str]:
    refused: dict[str, str] = {}
    waiting = part
    for pause in (*PAUSES, None):
        busy = []
        for one, status, error in _outcomes(client, waiting):
            if status < 300 or status == 409 or (status == 404 and not error):
                continue  # in, or a higher version is there, or what is to go was not there
            if status in _BUSY and not _is_full(status, error):
                busy.append(one)
            elif status == 400:
                refused[one.owner] = _reason(error)
            else:
                raise _trouble(status, error)
        if not busy:
            return refused
        if pause is None:
            raise EngineError("OpenSearch quá tải, chưa nhận hết (too busy); sẽ thử lại")
        time.sleep(pause)
        waiting = busy
    return refused


def _outcomes(client: OpenSearch, part: list[Operation]) -> list[tuple[Operation, int, dict[str, Any]]]:
    body = b"".join(one.lines for one in part)
    try:
        answer = client.bulk(body=body, filter_path="errors,items.*.status,items.*.error")
    except TransportError as error:
        if error.status_code in _BUSY:
            return [(one, 429, {}) for one in part]
        raise explain(error) from error
    if not answer["errors"]:
        return []
    items = [next(iter(item.values())) for item in answer["items"]]
    if len(items) != len(part):
        raise EngineError(f"OpenSearch trả lời thiếu ({len(items)} of {len(part)} outcomes)")
    return [(one, int(item["status"]), item.get("error", {})) for one, item in zip(part, items, strict=True)]


def _is_full(status: int, error: dict[str, Any]) -> bool:
    """Whether the index is closed to writers for want of disk: OpenSearch says 429 there too, and no pause helps."""
    return status == 429 and "cluster_block" in str(error.get("type", ""))


def _reason(error: dict[str, Any]) -> str:
    # From "Preview of" on, OpenSearch quotes the document.
    told = str(error.get("reason", "")).split("Preview of")[0].strip()
    cause = str((error.get("caused_by") or {}).get("type", ""))
    return f"OpenSearch không nhận (refused): {error.get('type', '')}: {told[:_TOLD]} {cause}".strip()


def _trouble(status: int, error: dict[str, Any]) -> EngineError:
    kind = str(error.get("type", ""))
    if kind == "index_not_found_exception":
        return NoIndexError("chỉ mục đã bị xóa trong khi đang ghi (index gone while writing)")
    if "cluster_block" in kind:
        return EngineError("OpenSearch đang chỉ cho đọc, thường vì đĩa gần đầy (read-only)")
    return EngineError(f"OpenSearch báo lỗi {status} khi ghi ({kind})")
