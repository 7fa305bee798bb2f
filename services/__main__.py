"""``python3 -m services start|stop|status|kill|pause|resume [NAME …] [--json]``; exit code 1 if one is not there."""

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict

from services import fleet
from services.places import Place, find_place
from services.service import Service, State
from services.trouble import ServiceError

TELL: dict[str, tuple[Callable[[Service], bool], str]] = {
    "kill": (lambda service: service.kill(), "Đã giết (killed)"),
    "pause": (lambda service: service.signal_all(signal.SIGSTOP), "Đã tạm ngưng (paused)"),
    "resume": (lambda service: service.signal_all(signal.SIGCONT), "Đã chạy tiếp (resumed)"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Reads the command line, does what it says; 0 done, 1 a service is not there, 2 nothing could be done."""
    parser = argparse.ArgumentParser(prog="python3 -m services", description="Dịch vụ thật của cấu hình đầy đủ.")
    parser.add_argument("what", choices=["start", "stop", "status", *TELL])
    parser.add_argument("name", nargs="*", help=", ".join(fleet.KINDS))
    parser.add_argument("--json", action="store_true", dest="as_json", help="một dòng cho chương trình đọc")
    asked = parser.parse_args(words)
    try:
        return run(find_place(), asked.what, asked.name, as_json=asked.as_json)
    except ServiceError as error:
        print(json.dumps({"error": str(error)}, ensure_ascii=False) if asked.as_json else error, file=sys.stderr)
        return 2


def run(place: Place, what: str, names: Sequence[str], *, as_json: bool) -> int:
    """One command; prints what came of it."""
    if what in {"start", "status"}:
        states = (fleet.start if what == "start" else fleet.status)(place, names)
        show_states(states, as_json=as_json)
        return 0 if all(state.answers and state.fits for state in states) else 1
    if what in TELL:
        if not names:
            raise ServiceError(f"{what}: cần tên dịch vụ (a name is needed): {', '.join(fleet.KINDS)}")
        done, said = fleet.tell(place, names, TELL[what][0]), TELL[what][1]
    else:
        done, said = fleet.stop(place, names), "Đã dừng (stopped)"
    if as_json:
        print(json.dumps({"done": done}))
    else:
        print(f"{said}: {', '.join(done) or 'không có gì đang chạy (nothing was running)'}")
    return 0 if done or what == "stop" else 1


def show_states(states: Sequence[State], *, as_json: bool) -> None:
    """The table of services, or the same as a line of JSON; what went wrong below it."""
    if as_json:
        print(json.dumps({"services": [asdict(state) for state in states]}, ensure_ascii=False))
        return
    rows = [("dịch vụ", "phiên bản", "địa chỉ", "giây", "pid")]
    for one in states:
        said = one.version or ("không trả lời" if one.pid else "không chạy")
        pid = str(one.pid) if one.pid else ("không phải của ta" if one.answers else "-")
        rows.append((one.name, said, one.address, f"{one.seconds:.1f}", pid))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for one in states:
        if one.trouble:
            print(one.trouble, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
