"""Words by underthesea, behind our adapter: its traps closed, offsets ours."""

import ast
import importlib.util
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analyzers.segmenting
from analyzers.language_packages import LanguagePackageMissingError, language_package
from analyzers.normal import canon
from analyzers.segmenting import LONGEST_RUN, Segmenter, new_style

installed = pytest.mark.skipif(
    importlib.util.find_spec("underthesea") is None, reason="underthesea is not installed (make install-language)"
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def cut(segmenter: Segmenter, text: str) -> list[str]:
    return [word.text for word in segmenter.words(text)]


def test_a_missing_package_is_one_sentence() -> None:
    with pytest.raises(LanguagePackageMissingError, match="make install-language"):
        language_package("no_such_package_of_languages")


def test_tones_move_and_lengths_stay() -> None:
    assert new_style("Ủy ban HÒA giải thủy lợi, quý của mình; hoàn toàn") == (
        "Uỷ ban HOÀ giải thuỷ lợi, quý của mình; hoàn toàn"
    )


@given(st.text("aàáoòóeèuùúyỳỷhqtnHOÀ .", max_size=30))
def test_moving_tones_keeps_every_offset(text: str) -> None:
    text = canon(text)
    assert len(new_style(text)) == len(text)
    assert new_style(new_style(text)) == new_style(text)


def test_words_are_never_fixed() -> None:
    """What underthesea is once given as fixed words acts in every later call, in every thread."""
    tree = ast.parse(Path(analyzers.segmenting.__file__).read_text("utf-8"))
    named = {node.arg for call in ast.walk(tree) if isinstance(call, ast.Call) for node in call.keywords}
    assert "use_token_normalize" in named
    assert "fixed_words" not in named


@installed
def test_importing_it_leaves_the_root_logger_alone() -> None:
    before = list(logging.getLogger().handlers), logging.getLogger().level
    Segmenter()
    assert (logging.getLogger().handlers, logging.getLogger().level) == before


@installed
@pytest.mark.parametrize("spelling", ["Ủy ban nhân dân tỉnh", "Uỷ ban nhân dân tỉnh"])
def test_both_placements_of_the_tone_are_one_word(segmenter: Segmenter, spelling: str) -> None:
    assert cut(segmenter, spelling) == [spelling.removesuffix(" tỉnh"), "tỉnh"]


@installed
def test_document_numbers_are_whole(segmenter: Segmenter) -> None:
    assert "30/2020/NĐ-CP" in cut(segmenter, "Căn cứ 30/2020/NĐ-CP của Chính phủ")
    assert "2371/QĐ-UBND" in cut(segmenter, "Ban hành kèm theo 2371/QĐ-UBND của tỉnh")


@installed
@pytest.mark.parametrize("text", ["a." * 10_000, "1." * 10_000, "x" * 5_000, "ă" * (LONGEST_RUN + 1), "a b " * 5_000])
def test_long_runs_are_given_over_in_pieces(segmenter: Segmenter, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[str] = []
    real = segmenter._cut

    def recording(piece: str, **options: bool) -> list[str]:
        pieces.append(piece)
        return real(piece, **options)

    monkeypatch.setattr(segmenter, "_cut", recording)
    assert segmenter.words(text)
    assert max(map(len, pieces)) <= 1_000
    assert max(len(run) for piece in pieces for run in piece.split()) <= LONGEST_RUN


@installed
@given(
    st.text()
    | st.lists(st.sampled_from(["Ủy ban", "hòa", "1077/QĐ-UBND", "“", ".", "\n", "  ", "đất", "a" * 300])).map("".join)
)
def test_offsets_slice_the_text(text: str) -> None:
    text = canon(text)
    end = 0
    for word in Segmenter().words(text):
        assert end <= word.start < word.end
        assert text[word.start : word.end] == word.text
        end = word.end
