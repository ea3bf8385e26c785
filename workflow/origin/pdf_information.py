"""The texts in the information of a PDF file: title, subject and the like.

Enough of ISO 32000-1 to read what an uncompressed information dictionary says (7.3.4 strings,
7.5.5 trailer, 7.9.2 text strings, 14.3.3 information): that of the files that matplotlib writes, and
of those that other programs passed on without packing it.
"""

import re

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_TOKEN = re.compile(
    rb"(?P<name>/[^\s()<>\[\]{}/%]*)|(?P<open><<)|(?P<close>>>)|<(?P<hex>[0-9A-Fa-f\s]*)>"
    rb"|(?P<literal>\()|(?P<comment>%[^\r\n]*)|(?P<other>[^\s()<>\[\]{}/%]+|[\[\]{}])"
)
#: What a literal string is made of: escapes, ends of lines, parentheses, everything else.
_PIECE = re.compile(
    rb"\\(?P<octal>[0-7]{1,3})|\\(?P<continued>\r\n|\r|\n)|\\(?P<escaped>.)|(?P<newline>\r\n|\r)"
    rb"|(?P<open>\()|(?P<close>\))|(?P<plain>[^\\()\r]+)",
    re.DOTALL,
)


def _literal(content: bytes, start: int) -> tuple[bytes, int]:
    """Return the string whose opening parenthesis stands before `start`, and where it ends.

    Raises:
        ValueError: it does not end.
    """
    parts: list[bytes] = []
    depth, position = 1, start
    while match := _PIECE.match(content, position):
        position = match.end()
        if match["octal"]:
            parts.append(bytes([int(match["octal"], 8) & 0xFF]))
        elif match["escaped"]:
            parts.append(_ESCAPES.get(match["escaped"], match["escaped"]))
        elif match["newline"]:
            parts.append(b"\n")
        elif not match["continued"]:
            depth += bool(match["open"]) - bool(match["close"])
            if not depth:
                return b"".join(parts), position
            parts.append(match[0])
    raise ValueError("a string of the PDF does not end")


def _text(content: bytes) -> str:
    """Return a text string decoded: UTF-16 or UTF-8 if it is marked so, else as in Latin-1."""
    if content.startswith(b"\xfe\xff"):
        return content[2:].decode("utf-16-be")
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:].decode("utf-8")
    return content.decode("latin-1")


def _dictionary(content: bytes, start: int) -> dict[str, str]:
    """Return the texts of the dictionary that begins at or after `start`."""
    texts: dict[str, str] = {}
    name, depth, position = "", 0, start
    while match := _TOKEN.search(content, position):
        position, value = match.end(), None
        if match["open"] or match["close"]:
            depth += 1 if match["open"] else -1
            if depth <= 0:
                return texts
        elif match["name"]:
            name = match["name"][1:].decode("latin-1")
        elif match["literal"]:
            value, position = _literal(content, position)
        elif match["hex"] is not None:
            digits = re.sub(rb"\s", b"", match["hex"]).decode()
            value = bytes.fromhex(digits + "0" * (len(digits) % 2))
        if value is not None and depth == 1:
            texts[name] = _text(value)
    raise ValueError("a dictionary of the PDF does not end")


def pdf_information(content: bytes) -> dict[str, str]:
    """Return key ↦ text of the information of a PDF file, such as "Title" and "Subject".

    Raises:
        ValueError: it has none that can be read: it is packed, damaged or missing.
    """
    references = re.findall(rb"/Info\s+(\d+)\s+(\d+)\s+R", content)
    if not references:
        raise ValueError("the PDF has no information, or is not complete")
    number, generation = references[-1]
    objects = list(re.finditer(rb"(?<!\d)%s\s+%s\s+obj\b" % (number, generation), content))
    if not objects:
        raise ValueError("the information of the PDF is packed or missing")
    # A file that was changed later has both states, the newer one last.
    return _dictionary(content, objects[-1].end())
