"""A configured Tika server as the reader of office files: bytes go there, text comes back, nothing else.

No name, address or header of the data is sent, no redirect followed, nothing of its metadata taken, no OCR done there.
Requests, answers and waiting are bounded (Tika's own limits are its operator's: config/tika.xml).
"""

import json
import threading
import time
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from archive.extras import UnusableSettingError
from indexer.extraction.errors import ExtractionError, TextWaitsError
from indexer.extraction.office import OfficeText

REQUEST_LIMIT = 100 * 1024 * 1024
"""Most bytes of a file that is sent."""

TEXT_LIMIT = 10_000_000
"""Most characters of text that are asked for (about 4,000 pages); Tika stops there and says so."""

ANSWER_LIMIT = 64 * 1024 * 1024
"""Most bytes of an answer that are read."""

REST = 10.0  # seconds without a try after nobody answered
_CHUNK = 1 << 16
_BUSY = {401, 403, 404, 429, 502, 504}  # of the server or the way to it, not of the file


class Tika:
    """Reads office files through the server at ``url``; for all threads of a process."""

    def __init__(
        self,
        url: str,
        *,
        connect: float = 3.0,
        answer: float = 110.0,
        comeback: float = 15.0,
        request_limit: int = REQUEST_LIMIT,
        answer_limit: int = ANSWER_LIMIT,
        text_limit: int = TEXT_LIMIT,
    ) -> None:
        """``connect``, ``answer`` and ``comeback`` (of a server that is gone) are seconds to wait.

        UnusableSettingError for anything but http:// and https://.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UnusableSettingError("VANKHO_TIKA_URL: phải có dạng http://máy:cổng hoặc https://…")
        self._path = (
            f"{parts.path.rstrip('/')}/rmeta/body"  # the body alone: "text" begins with the title that the file claims
        )
        kind = urllib3.HTTPSConnectionPool if parts.scheme == "https" else urllib3.HTTPConnectionPool
        self._pool = kind(parts.hostname, parts.port, maxsize=4, timeout=urllib3.Timeout(connect=connect, read=answer))
        self._headers = {
            "Accept": "application/json",
            "Content-Type": "application/octet-stream",
            "writeLimit": str(text_limit),
            "X-Tika-OCRskipOcr": "true",
            "X-Tika-PDFOcrStrategy": "no_ocr",
        }
        if parts.username:
            told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers |= urllib3.make_headers(basic_auth=told)
        self._patience, self._request_limit, self._answer_limit = answer, request_limit, answer_limit
        self._lock = threading.Lock()
        self._comeback = comeback
        self._rests_until, self._slow, self._down = float("-inf"), False, False

    def read(self, data: bytes, name: str) -> OfficeText:
        """The text of a file; ``name`` is for messages only.

        Raises TextWaitsError if Tika is out of reach or too slow, ExtractionError if the file is too large or cannot
        be read.
        """
        if len(data) > self._request_limit:
            raise ExtractionError(
                f"Tệp «{name}» quá lớn để lấy chữ bằng Tika: {len(data):,} byte, tối đa {self._request_limit:,}."
            )
        if time.monotonic() < self._rests_until:
            raise self._wait(name, "không kết nối được")
        status, body = self._ask(data, name)
        if status in _BUSY:
            raise self._wait(name, f"trả lời mã {status}")
        if status != 200:
            raise ExtractionError(f"Tika không đọc được tệp «{name}»: hỏng hoặc có mật khẩu (mã {status}).")
        return _read_answer(body, name)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.close()

    def _ask(self, data: bytes, name: str) -> tuple[int, bytes]:
        """Status and body.  Asks a second time if the line broke, and waits a little for a server that starts anew."""
        until = time.monotonic() + (0.0 if self._down else self._comeback)
        broken = 0
        while True:
            try:
                status, body = self._put(data, name)
                if status != 503:
                    self._down = self._slow = False
                    return status, body
                why = "trả lời mã 503"
            except ReadTimeoutError as error:
                self._rest(always=False)
                raise self._wait(name, f"không trả lời trong {self._patience:g} giây") from error
            except SSLError as error:
                self._rest(always=True)
                raise self._wait(name, "không xác minh được chứng thư") from error
            except (NewConnectionError, ConnectTimeoutError):
                why = "không kết nối được"
            except (HTTPError, OSError):
                why, broken = "ngắt kết nối giữa chừng", broken + 1
                if broken == 1:
                    continue
            if broken > 1 or time.monotonic() >= until:
                self._rest(always=broken < 2)  # a file that broke it twice says little of the next
                raise self._wait(name, why)
            time.sleep(0.25)

    def _put(self, data: bytes, name: str) -> tuple[int, bytes]:
        until = time.monotonic() + self._patience
        response = self._pool.urlopen(
            "PUT", self._path, body=data, headers=self._headers,
            retries=False, redirect=False, preload_content=False, decode_content=False,
        )  # fmt: skip
        whole, parts, size = False, [], 0
        try:
            while part := response.read1(_CHUNK):  # what is there: a slow answer must not hide its slowness
                size += len(part)
                if size > self._answer_limit:
                    raise ExtractionError(
                        f"Tika trả về hơn {self._answer_limit:,} byte cho tệp «{name}»: dừng đọc, không lấy chữ."
                    )
                if time.monotonic() > until:
                    raise ReadTimeoutError(self._pool, self._path, "slow")
                parts.append(part)
            whole = True
        finally:
            if not whole:
                response.close()  # what is left of it must not reach the next request
            response.release_conn()
        return response.status, b"".join(parts)

    def _rest(self, *, always: bool) -> None:
        """No more tries for a while: where nobody listens, or for the second slow answer in a row."""
        with self._lock:
            if always or self._slow:
                self._rests_until = time.monotonic() + REST
            self._slow, self._down = not always, always

    def _wait(self, name: str, why: str) -> TextWaitsError:
        return TextWaitsError(
            f"Chưa lấy được chữ của tệp «{name}»: Tika {why}. Nhận lại gói này khi Tika chạy thì chữ được lấy thêm."
        )


def _read_answer(body: bytes, name: str) -> OfficeText:
    """The text of the file and of what is embedded in it, in Tika's order."""
    try:
        told: Any = json.loads(body)
        parts = [part for part in told if isinstance(part, dict)]
    except (ValueError, TypeError, RecursionError) as error:
        raise ExtractionError(f"Tika trả lời về tệp «{name}» không đúng dạng; không lấy được chữ.") from error
    text = "\n".join(str(part.get("X-TIKA:content") or "") for part in parts)
    exceptions = {key: str(value) for part in parts[:1] for key, value in part.items() if ":EXCEPTION:" in key}
    cut = any("write_limit_reached" in key for part in parts for key in part)
    if not cut and not text.strip() and any("container_exception" in key for key in exceptions):
        locked = any("Encrypted" in value for value in exceptions.values())
        why = "có mật khẩu" if locked else "hỏng hoặc không đúng định dạng"
        raise ExtractionError(f"Tika không đọc được tệp «{name}»: {why}.")
    return OfficeText(text, cut=cut, broken=not cut and any("container_exception" in key for key in exceptions))


@lru_cache(maxsize=4)
def open_tika(url: str, comeback: float) -> Tika:
    """The one client of this process for that address."""
    return Tika(url, comeback=comeback)
