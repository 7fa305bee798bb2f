"""What the command line shows while it works."""

import pytest

from vankho.output import ProgressLine


@pytest.mark.parametrize(("done", "end"), [(500, "10.0 giây, còn 30"), (0, "10.0 giây"), (2000, "10.0 giây")])
def test_the_line_of_progress_tells_the_time_left(done: int, end: str) -> None:
    assert ProgressLine._text("index", done, 2000, 10.0).endswith(end)
