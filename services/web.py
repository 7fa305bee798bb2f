"""GET on the loopback, for the services that speak HTTP."""

import http.client


def get(port: int, path: str, timeout: float = 3.0) -> str:
    """The body of an answer 200.  OSError for every other answer and for none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        body = answer.read(1 << 20).decode("utf-8", "replace")
    except http.client.HTTPException as error:
        raise OSError(f"{path}: {error!r}") from error
    finally:
        line.close()
    if answer.status != 200:
        raise OSError(f"{path}: HTTP {answer.status}")
    return body
