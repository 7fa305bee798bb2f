"""Places of the demonstration: old communes in their districts, and the communes they became on 01/7/2025."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from vankho.synth.lexicon import CONFIG

MERGER = date(2025, 7, 1)
NGHIA_BINH = (date(1976, 2, 15), date(1989, 6, 30))
# 12/12/2013: these communes left huyện Sơn Tịnh for thành phố Quảng Ngãi.
SON_TINH_TO_CITY = date(2013, 12, 12)


@dataclass(frozen=True, slots=True)
class Commune:
    """One old commune: name (`xã Tịnh Khê`), district until 30/6/2025, the unit that took it in, that unit's parts."""

    name: str
    district: str
    successor: str
    parts: tuple[str, ...]
    kon_tum: bool

    def called(self, day: date) -> str:
        """Name of the commune-level unit here on `day`."""
        return self.successor if day >= MERGER else self.name

    def lies_in(self, day: date) -> str:
        """What the commune lies in on `day`: its district, or the province once there are no districts."""
        if day >= MERGER:
            return "tỉnh Quảng Ngãi"
        if self.district == "thành phố Quảng Ngãi":
            if "Tịnh" in self.name and day < SON_TINH_TO_CITY:
                return "huyện Sơn Tịnh"
            return self.district if day >= date(2005, 8, 26) else "thị xã Quảng Ngãi"
        if self.district == "thị xã Đức Phổ" and day < date(2020, 2, 1):
            return "huyện Đức Phổ"
        return self.district

    def full(self, day: date) -> str:
        """Commune with what it lies in, as documents of `day` write it."""
        return f"{self.called(day)}, {self.lies_in(day)}"

    def merged_from(self) -> str:
        """The old communes as one phrase: `các xã Tịnh Kỳ, Tịnh Châu`."""
        kinds = {part.rsplit(" ", len(part.split(" ")) - 1)[0] for part in self.parts}
        if kinds == {"xã"} and len(self.parts) > 1:
            return "các xã " + ", ".join(part.removeprefix("xã ") for part in self.parts)
        return ", ".join(self.parts)


def name_province(day: date, *, kon_tum: bool = False) -> str:
    """Name of the province on `day`: Nghĩa Bình 1976-1989, Gia Lai - Kon Tum to 1991, one province from 01/7/2025."""
    if kon_tum and day < MERGER:
        return "tỉnh Gia Lai - Kon Tum" if date(1976, 2, 15) <= day < date(1991, 10, 1) else "tỉnh Kon Tum"
    return "tỉnh Nghĩa Bình" if NGHIA_BINH[0] <= day <= NGHIA_BINH[1] else "tỉnh Quảng Ngãi"


@cache
def list_communes() -> tuple[Commune, ...]:
    """Every old commune of Quảng Ngãi and Kon Tum in the order of the codes."""
    found = []
    for line in (CONFIG / "communes.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        code, unit, district, old = (part.strip() for part in line.split("|"))
        names = tuple(n if n[0].islower() else f"xã {n}" for n in (x.strip() for x in old.split(",")) if n) or (unit,)
        found += [Commune(name, district, unit, names, code.startswith("23")) for name in names]
    return tuple(found)


@cache
def list_communes_of(district: str) -> tuple[Commune, ...]:
    """The old communes that ever lay in `district` (huyện Sơn Tịnh before 2013 included)."""
    before = date(2000, 1, 1)
    return tuple(c for c in list_communes() if district in (c.district, c.lies_in(before)))


@cache
def list_districts(*, kon_tum: bool) -> tuple[str, ...]:
    """District-level units until 30/6/2025, in the order of the codes."""
    return tuple(dict.fromkeys(c.district for c in list_communes() if c.kon_tum == kon_tum))
