"""Captions (reStructuredText) and pages (Markdown) as HTML."""

import re
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

from docutils.core import publish_doctree, publish_parts
from docutils.utils import SystemMessage
from jinja2 import StrictUndefined, Template, TemplateError
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from study.errors import UserError

# A warning is an error, and neither files nor a user's own settings of docutils play a part.
_DOCUTILS = {
    "halt_level": 2,
    "report_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
}
#: A tag, which stays as it is; an exponent; a letter (or an activation, act) and its index.
_FORMULA = re.compile(
    r"<[^>]*>|\^(\([^()]*\)|[^\W\d_](?!\w))|(?<![\w&])([^\W\d_]|act)_(\{[^{}]+\}|in|out|[^\W_])(?!\w)"
)


def caption(source: str, config: Mapping[str, Any], where: str) -> tuple[Markup, str]:
    """Return a figure's caption as HTML, and its first sentence as plain text.

    Args:
        source: reStructuredText, a template that finds the configuration in `snakemake.config`.
        where: the file, for messages.

    Raises:
        UserError: it is no valid template, or no valid reStructuredText.
    """
    try:
        template = Template(source, undefined=StrictUndefined)
        text = template.render(snakemake={"config": config})
        html = publish_parts(text, writer="html5", settings_overrides=_DOCUTILS)["body"]
        flat = re.sub(r"(?:\\ )?:(sub|sup):`([^`]+)`(?:\\ )?", _on_the_line, text)
        plain = publish_doctree(flat, settings_overrides=_DOCUTILS).astext()
    except (TemplateError, SystemMessage) as error:
        raise UserError(f"{where} cannot be rendered: {error}") from None
    return typeset(Markup(html)), first_sentence(" ".join(plain.split()))


def typeset(text: str) -> Markup:
    """Return text as HTML in which exponents, L^(−β), are raised and indices, h_L, lowered."""

    def raise_or_lower(found: re.Match[str]) -> str:
        exponent, base, index = found.groups()
        if base:
            return f"{base}<sub>{index.strip('{}')}</sub>"
        return found[0] if exponent is None else f"<sup>{exponent.strip('()')}</sup>"

    return Markup(_FORMULA.sub(raise_or_lower, str(escape(text))))


def _on_the_line(found: re.Match[str]) -> str:
    """Return a subscript or superscript as plain text has it: h_k, h_(k+1), L^(−β)."""
    sign, text = "_" if found[1] == "sub" else "^", found[2]
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"


def first_sentence(text: str) -> str:
    """Return a text up to the first full stop that a new sentence follows."""
    return re.split(r"(?<=[^A-Z]\.)\s+(?=[A-Z(“])", text, maxsplit=1)[0]


def markdown(text: str, page: str, figures: Mapping[str, Collection[str]]) -> Markup:
    """Return Markdown as HTML in the style of the pages.

    Headings get the anchor <page>/<heading>. Of the links those remain that lead into the web or to another
    page; names of figures in code style become links to them.

    Args:
        figures: paper ↦ its figures. Below a heading "<paper>: …" a figure needs no paper.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens, paper, columns, row = parser.parse(text), "", [], iter(())
    for before, token in pairwise(tokens):
        if token.type == "thead_open":
            columns = []
        if token.type == "tr_open":
            row = iter(columns)
        if token.type != "inline":
            continue
        if before.type == "th_open":
            columns.append(token.content)
        if before.type == "td_open":
            # On a phone a row is a card, in which each cell says what it is.
            before.attrSet("data-label", next(row))
        if before.type == "heading_open":
            before.attrSet("id", f"{page}/{anchor(token.content)}")
            start = token.content.partition(":")[0]
            paper = start if start in figures else paper
        token.children = _linked(token.children or [], figures, paper)
    return typeset(Markup(parser.renderer.render(tokens, parser.options, {})))


def anchor(heading: str) -> str:
    """Return a heading in small letters, digits and hyphens."""
    return re.sub(r"\W+", "-", heading.lower()).strip("-")


def _linked(
    children: list[Token], figures: Mapping[str, Collection[str]], paper: str
) -> list[Token]:
    found: list[Token] = []
    kept = [True]
    for token in children:
        if token.type == "link_open":
            target = _target(str(token.attrGet("href")))
            token.attrSet("href", target)
            kept.append(bool(target))
        if token.type not in ("link_open", "link_close") or kept[-1]:
            target = _figure(token.content, figures, paper) if token.type == "code_inline" else ""
            opened = [Token("link_open", "a", 1, attrs={"href": target})] if target else []
            found += [*opened, token, *(Token("link_close", "a", -1) for _ in opened)]
        if token.type == "link_close":
            kept.pop()
    return found


def _target(href: str) -> str:
    """Return where a link of a Markdown file leads among the pages; "" if to none of them."""
    page = re.fullmatch(r"(\w+)\.md", href)
    return f"{page[1].lower()}.html" if page else href if href.startswith("https://") else ""


def _figure(name: str, figures: Mapping[str, Collection[str]], paper: str) -> str:
    start, _, rest = name.partition("_")
    if rest in figures.get(start, ()):
        paper, name = start, rest
    return f"{paper}.html#{paper}/{name}" if name in figures.get(paper, ()) else ""
