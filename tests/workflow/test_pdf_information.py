"""The information that a PDF carries, read without a library of PDFs."""

import io
import json
import random

import pytest
from matplotlib import pyplot as plt

from origin.pdf_information import pdf_information


def saved(**texts: str) -> bytes:
    """Return a PDF by matplotlib with these texts in its information."""
    figure, stream = plt.figure(figsize=(1, 1)), io.BytesIO()
    figure.savefig(stream, format="pdf", metadata={**texts, "CreationDate": None})
    plt.close(figure)
    return stream.getvalue()


def by_hand(dictionary: bytes) -> bytes:
    return b"%PDF-1.4\n7 0 obj\n" + dictionary + b"\nendobj\ntrailer\n<< /Info 7 0 R >>\n%%EOF\n"


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "(balanced) and ) unbalanced ((",
        "back\\slash, at the end \\",
        "quotes \" and ', >> and << and /Info 1 0 R and % no comment",
        "h + α V ReLU(W h), ‖h‖, 𝒩",
        "lines\nand\ttabs",
        json.dumps({"key": "(\\" * 500, "more": ["é"] * 2000}, ensure_ascii=True),
    ],
)
def test_texts_come_back_from_a_pdf_as_they_were(text: str):
    assert pdf_information(saved(Title="t", Subject=text, Author="(a"))["Subject"] == text


def test_random_texts_of_awkward_characters_come_back_from_a_pdf():
    draw = random.Random(20190211)
    for _ in range(12):
        texts = {
            key: "".join(draw.choices("()\\\n\r\"'<>/%é 7n", k=draw.randint(0, 60)))
            for key in ("Title", "Subject", "Author", "Keywords")
        }
        found = pdf_information(saved(**texts))
        assert {key: found[key] for key in texts} == texts


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (rb"<< /Subject (a \(b\) (c (d)) \\) >>", "a (b) (c (d)) \\"),
        (rb"<</Subject(\101\7\1010 \x)/Title(t)>>", "A\x07A0 x"),
        (b"<< /Subject (one \\\r\ntwo\r\nthree) >>", "one two\nthree"),
        (b"<< /Subject <48 65 6C6c 6F2> >>", "Hello "),
        (b"<< /Subject <FEFF03B1> >>", "α"),
        (b"<< /Subject (\xef\xbb\xbf\xce\xb1) >>", "α"),
        (b"<< /Piece << /Subject (inner) >> % (Subject)\n/Subject (outer) >>", "outer"),
        (b"<< /Title 3 /Kids [1 0 R] /Subject (last) >>", "last"),
    ],
)
def test_every_form_of_a_string_that_pdf_allows_is_read(written: bytes, text: str):
    assert pdf_information(by_hand(written))["Subject"] == text


def test_of_a_pdf_that_was_changed_later_the_newer_information_counts():
    newer = by_hand(b"<< /Subject (old) >>") + b"7 0 obj\n<< /Subject (new) >>\nendobj\n%%EOF\n"
    assert pdf_information(newer)["Subject"] == "new"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n%%EOF",
        b"%PDF-1.4\ntrailer << /Info 7 0 R >>",
        by_hand(b"<< /Subject (no end"),
        by_hand(b"<< /Subject (no end) "),
    ],
)
def test_a_pdf_without_information_that_can_be_read_is_refused(content: bytes):
    with pytest.raises(ValueError, match="PDF"):
        pdf_information(content)
