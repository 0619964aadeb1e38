"""A sheet of SVG: text, cards, badges, lines and bars in the few colours of the pictures.

It must not know what is drawn. A sheet has its own light ground, so it reads the same on light and dark pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.sax.saxutils import escape

Tone = Literal["bad", "warn", "good", "plain", "cause"]

WIDTH: Final = 960
MARGIN: Final = 28
INK: Final = "#1f2328"
QUIET: Final = "#59636e"
RULE: Final = "#d0d7de"
STROKE: Final[dict[Tone, str]] = {
    "bad": "#b3261e",
    "warn": "#9a6700",
    "good": "#1a7f37",
    "plain": "#68717b",
    "cause": "#0b57d0",
}
FILL: Final[dict[Tone, str]] = {
    "bad": "#fff4f3",
    "warn": "#fff9e8",
    "good": "#f0fbf3",
    "plain": "#f6f8fa",
    "cause": "#f1f6ff",
}
FONTS: Final = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
WIDE: Final = 0x2E80  # from here on characters are as wide as high
CAPITAL: Final = 0.69
SMALL: Final = 0.57
UNIT: Final = re.compile(r"(?:[!-~]+|.)[,。、;:)》”]*")


def width_of(text: str, size: float) -> float:
    """About the width in any of the fonts, rather too wide than too narrow."""
    return sum(
        size * (1 if ord(each) >= WIDE or each in "〔〕“”—" else CAPITAL if each.isupper() else SMALL) for each in text
    )


def wrapped(text: str, width: float, size: float) -> Iterator[str]:
    """Lines that break between Chinese characters and words, never within a number or before a closing mark."""
    line = ""
    for each in UNIT.findall(text):
        if line and width_of(line + each, size) > width:
            yield line.rstrip()
            line = each.lstrip()
        else:
            line += each
    yield line


@dataclass
class Canvas:
    title: str
    about: str
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 14,
        *,
        fill: str = INK,
        bold: bool = False,
        anchor: Literal["start", "middle", "end"] = "start",
    ) -> None:
        weight = ' font-weight="600"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{weight}{place}>{escape(text)}</text>'
        )

    def lines(
        self, x: float, y: float, text: str, width: float, size: float = 13, *, fill: str = QUIET, bold: bool = False
    ) -> float:
        """A wrapped text from the base line `y` on; the base line after it."""
        for each in wrapped(text, width, size):
            self.text(x, y, each, size, fill=fill, bold=bold)
            y += size * 1.45
        return y

    def card(self, x: float, y: float, width: float, height: float, tone: Tone, *, dashed: bool = False) -> None:
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" fill="{FILL[tone]}" '
            f'stroke="{STROKE[tone]}" stroke-width="1.5"{dash}/>'
        )

    def badge(self, x: float, y: float, text: str, tone: Tone, *, size: float = 12, end: bool = False) -> float:
        """A word on its colour with the base line `y`, from `x` on (or up to it); its width."""
        width = width_of(text, size) + 16
        left = x - width if end else x
        self.parts.append(
            f'<rect x="{left:g}" y="{y - size - 2:g}" width="{width:g}" height="{size + 9:g}" rx="{size / 2 + 4:g}" '
            f'fill="{STROKE[tone]}"/>'
        )
        self.text(left + width / 2, y, text, size, fill="#ffffff", bold=True, anchor="middle")
        return width

    def line(self, path: str, tone: Tone, *, dashed: bool = False, arrow: bool = True) -> None:
        dash = ' stroke-dasharray="6 4"' if dashed else ""
        head = f' marker-end="url(#{tone})"' if arrow else ""
        self.parts.append(f'<path d="{path}" fill="none" stroke="{STROKE[tone]}" stroke-width="2"{dash}{head}/>')

    def bar(self, x: float, y: float, width: float, tone: Tone, *, height: float = 10) -> None:
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{height / 2:g}" '
            f'fill="{STROKE[tone]}"/>'
        )

    def rule(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.parts.append(f'<path d="M{x:g} {y:g}L{to_x:g} {to_y:g}" stroke="{RULE}" stroke-width="1"/>')

    def header(self, question: str, english: str, day: str = "") -> float:
        """Question in both languages and the day it is asked for; the base line below."""
        self.text(MARGIN, 42, question, 19, bold=True)
        if day:
            self.text(WIDTH - MARGIN, 42, f"asOf {day}", 14, fill=STROKE["cause"], bold=True, anchor="end")
        self.text(MARGIN, 64, english, 13, fill=QUIET)
        return 84

    def finished(self, height: float) -> str:
        heads = "\n".join(
            f'<marker id="{tone}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6" markerHeight="6" orient="auto">'
            f'<path d="M0 0L10 5L0 10z" fill="{stroke}"/></marker>'
            for tone, stroke in STROKE.items()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
            f'font-family="{FONTS}">\n'
            f"<title>{escape(self.title)}</title>\n<desc>{escape(self.about)}</desc>\n<defs>\n{heads}\n</defs>\n"
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:g}" rx="12" fill="#ffffff" '
            f'stroke="{RULE}"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )
