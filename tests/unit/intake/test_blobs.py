"""Files written as text, in every disguise that was thought of, and honest texts that look a little like them."""

import base64
import gzip
import html
import io
import random
import zipfile
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.intake.blobs import carries_a_file

NOISE = random.Random(7).randbytes(90)
FILES = {
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + NOISE,
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + NOISE,
    "gif": b"GIF89a" + NOISE,
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + NOISE,
    "mp4": b"\x00\x00\x00\x20ftypisom" + NOISE,
    "rar": b"Rar!\x1a\x07\x01\x00" + NOISE,
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + NOISE,
    "pdf": b"%PDF-1.7\n%\xe2\xe3" + NOISE,
    "gzip": gzip.compress(NOISE),
    "bzip2": b"BZh91AY&SY" + NOISE,
    "xz": b"\xfd7zXZ\x00\x00\x04" + NOISE,
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE,
}


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", FILES["jpeg"])
    return file.getvalue()


FILES["zip"] = zipped()


def b64(content):
    return base64.b64encode(content).decode()


WRITINGS = {
    "base64": b64,
    "a short beginning": lambda c: b64(c[:24]),
    "urlsafe": lambda c: base64.urlsafe_b64encode(c).decode().rstrip("="),
    "in lines": lambda c: base64.encodebytes(c).decode(),
    "in lines of eight": lambda c: "\n".join(b64(c)[i : i + 8] for i in range(0, 96, 8)),
    "spaced out": lambda c: " ".join(b64(c)),
    "zero width": lambda c: "\u200b".join(b64(c)),
    "full width": lambda c: "".join(chr(ord(x) + 0xFEE0) if "!" <= x <= "~" else x for x in b64(c)),
    "syllables between": lambda c: "가".join(b64(c)),
    "base64 of base64": lambda c: b64(b64(c[:40]).encode()),
    "base64 three times": lambda c: b64(b64(b64(c[:30]).encode()).encode()),
    "base64 of hex": lambda c: b64(c[:30].hex().encode()),
    "hex": lambda c: c[:20].hex(),
    "hex in upper case with colons": lambda c: c[:20].hex(":").upper(),
    "hex with blanks": lambda c: c.hex(" "),
    "percent": lambda c: quote(b64(c), safe=""),
    "percent of bytes": lambda c: "".join(f"%{byte:02X}" for byte in c),
    "entities": lambda c: "".join(f"&#{ord(x)};" for x in b64(c)),
    "escapes": lambda c: "".join(f"\\x{byte:02x}" for byte in c[:40]),
    "numbers": lambda c: ", ".join(str(byte) for byte in c),
    "base85": lambda c: base64.b85encode(c * 2).decode(),
    "data URI": lambda c: f"data:image/png;base64,{b64(c)}",
    "spaced data URI": lambda c: f"d a t a : image / png ; base64 , {b64(c)[:8]}",
    "data URI without a type": lambda c: f"data:;base64,{b64(c)[:8]}",
    "escaped data URI": lambda c: html.escape(quote(f"data:image/jpeg,{b64(c)[:8]}", safe="")),
    "a mail's part": lambda c: (
        f"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n\n{b64(c)[:10]}"
    ),
    "glued to a word": lambda c: f"사진입니다:x{b64(c)}",
    "uuencode": lambda c: f"begin 644 a.jpg\n{b64(c)[:10]}",
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("kind", FILES)
def test_files_in_every_writing(kind, writing):
    text = WRITINGS[writing](FILES[kind])
    assert carries_a_file(text)
    assert carries_a_file(f"이것 좀 봐 주세요\n{text}\n부탁드립니다")


HONEST = [
    "",
    "학교에서 가정통신문으로 피해 사실을 알렸고 상담을 안내했습니다.",
    "어제, 3학년 때 찍은 사진이 10, 20, 30명 있는 방에 돌았습니다. 2026, 8, 1, 12, 30",
    "The school told parents in a letter and named a person to talk to; I kept the data: dates, rooms, times.",
    "https://news.example.org/article/20260801/1234567?category=society&page=2",
    "https://example.org/%ED%95%99%EA%B5%90/%EC%95%88%EB%82%B4/%EA%B3%B5%EC%A7%80%EC%82%AC%ED%95%AD",
    "ㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠㅠ 무서워요!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
    "-" * 100,
    "사건번호 2026-12345678-00012 문서번호 제2026-1234호, 접수 20260801123456789",
    "파일은 PDF 와 PNG 로 가지고 있고 zip 으로 묶어 경찰에 냈습니다. JPG 12장입니다.",
    "aGVsbG8gd29ybGQgaGVsbG8=",
    "internationalisation counterrevolutionaries/electroencephalographically",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_texts_pass(text):
    assert not carries_a_file(text)


@given(
    st.text(
        alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.sampled_from(" .,!?\n"),
        max_size=2000,
    )
)
def test_korean_prose_passes(text):
    assert not carries_a_file(text)


@given(st.text(max_size=2000))
def test_nothing_breaks_it(text):
    assert carries_a_file(text) in {True, False}
