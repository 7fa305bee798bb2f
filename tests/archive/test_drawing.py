"""Pages of PDF files drawn in a child: the same picture, and one that takes too long costs that page only."""

from collections.abc import Iterator

import pytest

from archive.drawing import TOO_SLOW, Drawer
from archive.images import THUMBNAIL_WIDTH, ImageError, derive, open_source


def pdf(content: bytes, resources: bytes = b"") -> bytes:
    """A PDF of one page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << " + resources + b" >> >>",
        b"<< /Length %d >>\nstream\n" % len(content) + content + b"\nendstream",
    ]
    body, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n"
    return body + head + table + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


SOUND = pdf(b"0.2 0.4 0.6 rg 100 100 300 300 re f")
SHADING = (
    b"/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Domain [0 1 0 1] /Matrix [595 0 0 842 0 0]"
    b" /Function << /FunctionType 2 /Domain [0 1] /C0 [0 0 0] /C1 [1 1 1] /N 3.7 >> >> >>"
)
SLOW = pdf(b"/S sh\n" * 20_000, SHADING.replace(b"/ShadingType 1", b"/ShadingType 2 /Coords [0 0 595 842]"))


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    made = Drawer(2)
    yield made
    made.close()


def test_the_same_picture_comes_from_the_child(drawer: Drawer) -> None:
    assert drawer.derive("a", lambda: SOUND, 0, THUMBNAIL_WIDTH) == derive(lambda: SOUND, "pdf", 0, THUMBNAIL_WIDTH)
    with pytest.raises(ImageError, match="không mở được trang 8"):
        drawer.derive("a", lambda: SOUND, 7, THUMBNAIL_WIDTH)
    with pytest.raises(ImageError, match="rỗng"):
        drawer.derive("b", lambda: b"", 0, THUMBNAIL_WIDTH)


def test_a_page_that_is_drawn_too_long_costs_that_page(drawer: Drawer) -> None:
    with open_source(lambda: SLOW, "pdf") as source:
        assert source.size(0) == (1240, 1755), "it opens at once"
    with pytest.raises(ImageError, match=TOO_SLOW):
        drawer.derive("slow", lambda: SLOW, 0, 1240)
    assert drawer.derive("sound", lambda: SOUND, 0, THUMBNAIL_WIDTH)

    def unread() -> bytes:
        raise AssertionError("it is not tried again")

    with pytest.raises(ImageError, match=TOO_SLOW):
        drawer.derive("slow", unread, 0, 1240)


def test_a_child_that_keeps_the_file_is_sent_it_once() -> None:
    sent = []

    def read() -> bytes:
        sent.append(1)
        return SOUND

    keeping = Drawer(keeps=True)
    try:
        pictures = {keeping.derive("a", read, 0, width) for width in (THUMBNAIL_WIDTH, THUMBNAIL_WIDTH, 720)}
        assert (len(pictures), len(sent)) == (2, 1)
        keeping.close()
        assert keeping.derive("a", read, 0, 720) in pictures
        assert len(sent) == 2
    finally:
        keeping.close()
