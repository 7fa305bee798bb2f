"""Markup of found text: whatever the text says, only our own tag is markup."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from search.highlight import snippet
from search.language import parse
from search.marking import mark

HOSTILE = st.text() | st.lists(
    st.sampled_from(
        ["<script>", "</mark>", "<mark>", "&lt;mark&gt;", "\ue000", "\x00", "'", '"', "{}", "%s", "{0}", "đất", " "]
    )
).map("".join)


def test_matches_are_marked_and_the_rest_is_escaped() -> None:
    assert mark([("<b> ", False), ("đất", True), (" & {}", False)]) == "&lt;b&gt; <mark>đất</mark> &amp; {}"


@given(st.lists(st.tuples(HOSTILE, st.booleans())))
def test_without_our_tags_it_is_the_escaped_text(parts: list[tuple[str, bool]]) -> None:
    html = str(mark(parts))
    assert html.count("<mark>") == html.count("</mark>") == sum(is_hit for _, is_hit in parts)
    assert html.replace("<mark>", "").replace("</mark>", "") == str(escape("".join(text for text, _ in parts)))


@given(HOSTILE, HOSTILE)
def test_a_snippet_of_hostile_text_is_harmless(before: str, behind: str) -> None:
    got = snippet(parse("ruộng"), f"{before} ruộng {behind}")
    assert got
    html = str(mark(got.parts))
    assert "<mark>ruộng</mark>" in html
    assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
