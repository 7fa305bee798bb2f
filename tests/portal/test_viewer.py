"""The page viewer: images for every screen, hits as a list, turned and large images, all pages, keys."""

import hashlib
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.boxes import Rect
from archive.settings import ROOT
from portal.doubts import Doubts, mark_doubts
from portal.hits import flowing
from portal.marking import read_region, ticks
from search.highlight import Hit
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

DIGITAL, CONDITIONAL = "document:H48.P1.1.001", "document:H48.P1.1.004"


def test_the_image_comes_in_the_size_of_the_screen(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}").text
    offered = re.search(r'srcset="([^"]+)"', page)
    assert offered
    sizes = dict(part.split(" ")[::-1] for part in offered[1].split(", "))
    assert set(sizes) == {"720w", "1240w"}
    data = {width: client.get(address).data for width, address in sizes.items()}
    assert len(data["720w"]) < len(data["1240w"])
    assert 'width="1240" height="1754"' in page  # the place is kept before the image is there


def test_hits_are_a_list_that_leads_to_each(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t").text
    listed = re.search(r'<ol class="hits".*?</ol>', page, re.S)
    assert listed
    links = re.findall(r'href="([^"]+)"', listed[0])
    assert [link.rpartition("cho=")[2] for link in links] == ["1", "2"]
    assert "Quyết định <mark>giao đất</mark> xây dựng" in listed[0]
    second = client.get(links[1].replace("&amp;", "&")).text
    now = re.search(r'<rect class="hit now"[^>]*>', second)
    assert now
    assert 'y="260"' in now[0]
    further = client.get(f"/van-ban/{own}?q=giao+%C4%91%E1%BA%A5t&tu-cho=2").text
    assert '<ol class="hits" start="2">' in further
    assert "&lt;i&gt;" in page


def test_the_list_of_hits_is_the_part_that_is_looked_at(
    small: Small, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred at a time: who looks at the 750th is not shown the first."""
    monkeypatch.setattr("portal.reading.LISTED", 1)
    second = client.get(f"/van-ban/{small.ids[DIGITAL]}?q=giao+%C4%91%E1%BA%A5t&cho=2").text
    listed = second.partition('<ol class="hits" start="2">')[2].partition("</ol>")[0]
    assert listed.count("<li>") == 1
    assert 'aria-current="true"' in listed
    assert '<details class="fold-list flush" open>' not in second


def test_an_image_is_turned_and_large_without_script(small: Small, client: FlaskClient) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}"
    assert 'viewBox="0 0 1754 1240"' in client.get(f"{address}?xoay=90&q=giao").text
    assert 'viewBox="0 0 1754 1240"' not in client.get(f"{address}?xoay=45").text
    assert "/anh/2480.webp" in client.get(f"{address}?co=lon").text
    for region in ("vung=100,200,300,80", "xywh=100,200,300,80", "xywh=pixel:100,200,300,80"):
        shown = client.get(f"{address}?{region}").text
        assert '<rect class="region" x="100" y="200" width="300" height="80"/>' in shown
        assert f"http://localhost{address}?xywh=100%2C200%2C300%2C80" in shown  # the one address to give to others
    kept = re.findall(r'data-key="[rz]"[^>]*href="([^"]+)"', shown)
    assert [link.count("xywh=100%2C200%2C300%2C80") for link in kept] == [1, 1]  # turned and large, it stays
    assert "xywh" not in "".join(re.findall(r'rel="next"[^>]*href="([^"]+)"', shown))
    assert client.get(re.findall(r'href="(/iiif/[^"]+)"', shown)[0]).mimetype == "image/jpeg"


def test_a_region_is_chosen_by_lines_shares_or_two_corners(small: Small, client: FlaskClient) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}"
    page = client.get(f"{address}?q=giao").text
    offered = re.search(r'data-key="v"[^>]*href="([^"#]+)', page)
    assert offered
    chooser = client.get(offered[1].replace("&amp;", "&")).text
    assert chooser.count('<option value="2">2. Điều 1. Giao đất tại xã Tịnh Khê') == 2
    assert '<input type="hidden" name="q" value="giao">' in chooser
    two = client.get(f"{address}?chon-vung=1&q=giao&tu-dong=2&den-dong=1")
    assert two.location.endswith("#anh")
    assert client.get(two.location).text.count('<rect class="region"') == 1
    share = client.get(f"{address}?chon-vung=1&trai=10&tren=20&rong=50&cao=12,5")
    assert share.location == f"{address}?xywh=124%2C351%2C620%2C219#anh"
    first = client.get(f"{address}?chon-vung=1&goc.x=28&goc.y=56").text
    assert '<input type="hidden" name="chon-vung" value="124,248">' in first
    second = client.get(f"{address}?chon-vung=124,248&goc.x=56&goc.y=28")
    assert second.location == f"{address}?xywh=124%2C124%2C124%2C124#anh"
    for wrong in ("tu-dong=99", "trai=10&tren=20&rong=0&cao=5", "trai=x"):
        assert "Chưa chọn được vùng" in client.get(f"{address}?chon-vung=1&{wrong}").text
    assert client.get(f"/van-ban/{small.ids[CONDITIONAL]}?chon-vung=1&trai=1&tren=1&rong=9&cao=9").status_code == 200
    assert "chon-vung" not in client.get(f"/van-ban/{small.ids['document:H48.P1.1.002']}").text  # it has no image


def test_all_pages_are_small_images_that_wait(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}/trang").text
    assert page.count('loading="lazy"') == 2
    assert client.get(f"/van-ban/{own}/trang?den=99&q=giao").location == f"/van-ban/{own}/trang/2?q=giao"
    assert client.get(f"/van-ban/{small.ids[CONDITIONAL]}/trang").status_code == 404


def test_all_pages_tell_where_the_words_are_and_keep_them(small: Small, client: FlaskClient) -> None:
    own, asked = f"/van-ban/{small.ids[DIGITAL]}", "?q=giao+%C4%91%E1%BA%A5t"
    page = client.get(f"{own}/trang{asked}").text
    sheets = re.findall(r"<li><a href=\"([^\"]+)\".*?</li>", page.partition('<ol class="sheets')[2], re.S)
    assert sheets == [f"{own}{asked}", f"{own}/trang/2{asked}"]
    assert "2 chỗ" in page.partition(f'href="{sheets[0]}"')[2].partition("</li>")[0]
    assert '<input type="hidden" name="q" value="giao đất">' in page  # going to a page by its number keeps them, too
    assert "<b>2 chỗ khớp</b> ở 1 trang" in page
    assert "chưa được đóng" in client.get(f"{own}/trang?q=%22giao").text


def test_a_page_number_that_is_none_is_told(small: Small, client: FlaskClient) -> None:
    page = client.get(f"/van-ban/{small.ids[DIGITAL]}/trang?den=ba&q=giao").text
    assert "“ba” không phải là số trang, từ 1 đến 2." in page
    assert 'name="den" value="ba"' in page


def test_words_that_the_machine_doubts_are_shown_when_asked(small: Small, client: FlaskClient) -> None:
    address = f"/van-ban/{small.ids[DIGITAL]}"
    plain = client.get(f"{address}?q=t%E1%BB%8Bnh").text
    assert "do-tin=1" in plain
    assert "<u class" not in plain
    assert 'class="doubt' not in plain
    asked = client.get(f"{address}?q=t%E1%BB%8Bnh&do-tin=1").text
    assert 'xây <u class="some">dựng</u> khu' in asked
    assert '<mark><u class="much">Tịnh</u></mark> Khê &lt;i&gt;' in asked
    assert '<rect class="doubt much" x="640" y="260" width="80" height="40"/>' in asked
    assert "Máy ngờ 1 từ, ngờ nhiều 1 từ, trong 18 từ" in asked
    assert f'href="{address}/trang/2?q=t%E1%BB%8Bnh&amp;do-tin=1"' in asked  # turning the page keeps it
    paper = client.get(f"/van-ban/{small.ids['document:H48.P1.1.002']}?do-tin=1").text
    assert "Máy ngờ" not in paper


def test_doubts_and_hits_may_overlap_in_any_way() -> None:
    doubts = Doubts(("much", "", "some", "some"))
    found = mark_doubts("a<b cd\nefg hi", [Hit(2, 9, 0, 2), Hit(11, 12, 3, 3)], doubts)
    assert found == (
        '<u class="much">a&lt;</u><mark><u class="much">b</u> cd\n<u class="some">ef</u></mark><u class="some">g</u> '
        '<mark><u class="some">h</u></mark><u class="some">i</u>'
    )


def test_the_zoom_is_offered_where_an_image_is_shown(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    page = client.get(f"/van-ban/{own}/trang/2").text
    assert f'data-zoom="/iiif/3/{own}/2"' in page
    assert "data-zooms" in page
    assert "openseadragon.min.js" not in re.sub(r'data-script="[^"]*"', "", page)  # only when it is asked for
    for other in (f"/van-ban/{small.ids['document:H48.P1.1.002']}", f"/van-ban/{own}?co=lon"):
        assert "data-zoom" not in client.get(other).text


def test_openseadragon_is_the_published_one() -> None:
    """Version and checksums of the package as its authors published it (docs/decisions/0040)."""
    folder = ROOT / "static" / "openseadragon"
    assert {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir()} == {
        "openseadragon.min.js": "14d587cd3ee7c4861f1a41077ce642029364a21029956ba635bd8fb1202cf9ad",
        "LICENSE.txt": "17da96b26ac706d2cbd06d4555dedb43026782f4943faf0156fe7acf89454228",
    }
    assert (folder / "openseadragon.min.js").read_text("utf-8").startswith("//! openseadragon 6.1.1\n")


def test_ticks_and_regions() -> None:
    assert ticks({}, [1, 2]) == ""
    assert ticks({2: 4}, [1, 2]) == "M500.0 10v-10h400.0v10z"
    assert read_region("10,20,5000,30", (100, 100)) == Rect(10, 20, 90, 30)
    for wrong in ("", "1,2,3", "1,2,3,x", "200,0,5,5", "1,2,0,5", "-1,2,3,4", "1,2,3,99999999"):
        assert read_region(wrong, (100, 100)) is None, wrong


def test_a_page_that_is_not_open_bears_the_agencys_name(
    small: Small, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    """TT 05/2025/TT-BNV Article 37: on every page that is read."""
    assert 'class="xs dim agency"' not in client.get(f"/van-ban/{small.ids[DIGITAL]}/trang/1").text
    text = as_person("lan").get(f"/van-ban/{small.ids[CONDITIONAL]}/trang/1").text
    assert text.count('class="xs dim agency"') == 1


def test_a_sentence_goes_on_over_the_ends_of_its_lines() -> None:
    page = "QUYẾT ĐỊNH\nĐiều 1. Giao 1.045 m² đất tại xã Tịnh\nđể xây dựng khu dân cư kèm theo;\nkhông đổi\na) thửa 1\n"
    assert flowing(page) == page.replace("Tịnh\nđể", "Tịnh để")  # as long as it was: places of words stay
    assert flowing("") == ""


def test_the_question_stays_in_the_box_of_every_page_of_a_record(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    for path in ("", "/trang/2", "/trang"):
        page = client.get(f"/van-ban/{own}{path}?q=giao+đất").text
        assert 'id="q" name="q" type="search" value="giao đất"' in page, path
        assert 'id="q" name="q" type="search" value=""' in client.get(f"/van-ban/{own}{path}").text
