"""Other names of a place find more, and never put a paper that only lists them before one that says what was asked."""

from search.criteria import Criteria
from tests.search.houses import ANYONE, House

LISTED = "thành lập xã Tịnh Khê trên cơ sở các xã Tịnh Kỳ, Tịnh Thiện, Tịnh Châu, Tịnh Long"


def test_a_list_of_all_names_is_worth_one(house: House) -> None:
    house.fonds("f", "Phông UBND huyện")
    for n in range(9):
        text = f"Họp về đất, giao việc khi {LISTED}. Xã Tịnh Kỳ, Tịnh Thiện, Tịnh Châu, Tịnh Long giao đất. {n}"
        house.record(f"list{n}", f"Về tổ chức bộ máy khi {LISTED}", text, under="f")
    for n in range(3):
        house.record(f"land{n}", "Về việc giao đất xây dựng khu dân cư tại xã Tịnh Khê", f"Giao đất {n}", under="f")
    house.record("other", "Về việc giao đất xây dựng nhà văn hóa tại xã Tịnh Châu", under="f")
    house.index()
    for q in ("giao đất Tịnh Khê", "giao đất xã Tịnh Khê", "giao dat xa tinh khe"):
        first = [one.id for one in house.gateway.search(ANYONE, Criteria(q=q, level=("document",), size=50)).hits]
        assert {one[:4] for one in first[:3]} == {"land"}, (q, first)
        assert "other" in first


def test_a_name_that_stands_whole_in_a_title_is_before_papers_that_have_its_words_apart(house: House) -> None:
    house.fonds("f", "Phông UBND huyện")
    for n in range(9):
        text = f"Ông Hồ Văn Phước họp với ông Nguyễn Hữu Trung. Hồ Văn Phước ký, Nguyễn Văn Trung ghi. {n}"
        house.record(f"apart{n}", "Kiểm tra thực địa, có Hồ Văn Phước và Nguyễn Trung", text, under="f")
    house.record("his", "Đơn của ông Nguyễn Văn Phước về lối đi chung", "Kính gửi Ủy ban nhân dân xã" * 30, under="f")
    house.index()
    for q in ("Nguyễn Văn Phước", "nguyen van phuoc"):
        first = [one.id for one in house.gateway.search(ANYONE, Criteria(q=q, level=("document",), size=50)).hits]
        assert first[0] == "his", (q, first)
        assert len(first) == 10
