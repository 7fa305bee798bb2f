"""Photographs, a sound and a film for a transfer folder: the tables `phim-anh` and `ghi-am` with their files."""

import io
import math
import wave
from pathlib import Path
from random import Random
from typing import Any

from archive.recordings.cues import Cue, as_webvtt, clock
from vankho.synth.film import write_webm
from vankho.synth.lexicon import read_table
from vankho.synth.plan import plan_fonds
from vankho.synth.scenes import draw_scene
from vankho.synth.transfer import open_list

PICTURES = (
    "Identifier", "OrganId", "FileCatalog", "ArchivesNumber", "InforSign", "EventName", "ImageTitle", "Description",
    "Photographer", "PhotoPlace", "PhotoTime", "Colour", "FilmSize", "DocAttached", "Mode", "Format", "TypePic",
)  # fmt: skip
RECORDINGS = (
    "Identifier", "OrganId", "FileCatalog", "ArchivesNumber", "InforSign", "EventName", "MovieTitle", "Description",
    "Recorder", "RecordPlace", "RecordDate", "Language", "PlayTime", "Quality", "DocAttached", "Mode", "Format",
    "TypeMedia",
)  # fmt: skip
PICTURE, FILM = (1200, 800), (480, 270)
RATE = 16_000
NOTES = (392, 440, 523, 587, 659, 784)  # a scale of five tones
CATALOG = "10"
MADE = "Tệp mẫu do máy tạo để giới thiệu phần mềm, không phải tài liệu thật."


def write_recorded(out: Path, seed: int = 1) -> int:
    """Adds them to the folder that `write_transfer` wrote, for its first fonds; how many documents.

    The same seed gives the same bytes.
    """
    told, organ, rng = read_table("recorded"), plan_fonds(3, 60)[0].organ_id, Random(seed)
    own = {"Identifier": read_table("agencies")["archive"], "OrganId": organ, "Format": "Tốt", "Description": MADE}
    own["FileCatalog"] = CATALOG
    with (out / "phim-anh.csv").open("w", newline="", encoding="utf-8-sig") as sheet:
        writer = open_list(sheet, PICTURES)
        for one in told["picture"]:
            writer.writerow({**own, **_common(one), "ImageTitle": one["title"], "Photographer": one["author"],
                             "PhotoPlace": one["place"], "PhotoTime": one["date"], "Colour": one["colour"],
                             "FilmSize": "9x12", "TypePic": "02", "DocAttached": "Không"})  # fmt: skip
            picture = draw_scene(one["scene"], PICTURE, rng, hour=rng.uniform(7, 16), grey=one["colour"] == "02")
            picture.save(out / "data" / f"{organ}.{one['number']}.jpg", "JPEG", quality=82, dpi=(200, 200))
    with (out / "ghi-am.csv").open("w", newline="", encoding="utf-8-sig") as sheet:
        writer = open_list(sheet, RECORDINGS)
        for name, kind in (("sound", "01"), ("film", "02")):
            one = told[name]
            seconds = 3 * len(one["words"])
            body = write_sound(seconds) if name == "sound" else _write_film(seconds, rng)
            stem = f"{organ}.{one['number']}"
            (out / "data" / f"{stem}.{'wav' if name == 'sound' else 'webm'}").write_bytes(body)
            (out / "data" / f"{stem}.vtt").write_text(_captions(one["words"]), "utf-8")
            writer.writerow({**own, **_common(one), "MovieTitle": one["title"], "Recorder": one["author"],
                             "RecordPlace": one["place"], "RecordDate": one["date"], "Language": "Tiếng Việt",
                             "PlayTime": clock(seconds * 1000)[:8], "Quality": "Khá", "TypeMedia": kind,
                             "DocAttached": "Lời chép"})  # fmt: skip
    return len(told["picture"]) + 2


def _common(one: dict[str, Any]) -> dict[str, str]:
    return {
        "ArchivesNumber": one["number"],
        "InforSign": one["number"].replace("-", "."),
        "EventName": one["event"],
        "Mode": one.get("mode", "Không hạn chế"),
    }


def _captions(words: list[str]) -> str:
    text, cues, at = "\n".join(words), [], 0
    for n, one in enumerate(words):
        cues.append(Cue(n * 3000, n * 3000 + 2800, at, at + len(one)))
        at += len(one) + 1
    return as_webvtt(text, cues)


def write_sound(seconds: int) -> bytes:
    """A simple tune as WAV: one channel, eight bits, 16 kHz (128 kbit/s, what TT 05/2025/TT-BNV asks of sound)."""
    samples = bytearray()
    for n in range(seconds * 2):
        tone = NOTES[(n * 5 + n // 4 * 3) % len(NOTES)]
        for i in range(RATE // 2):
            fade = min(i / 400, 1) * math.exp(-3 * i / RATE)
            samples.append(round(127.5 + 90 * fade * math.sin(2 * math.pi * tone * i / RATE)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(bytes(samples))
    return file.getvalue()


def _write_film(seconds: int, rng: Random) -> bytes:
    """The river from morning to evening, two pictures a second."""
    start = rng.randint(0, 1 << 30)
    count = seconds * 2
    pictures = [draw_scene("bridge", FILM, Random(start), hour=5.5 + 13 * n / count) for n in range(count)]
    return write_webm(pictures, 500)
