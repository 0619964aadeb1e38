"""The picture of an example: each measure as a walk from the cause to the party, drawn as cards in a row.

It must not know how the measures were found.
"""

from __future__ import annotations

from collections.abc import Sequence

from docs.pictures.canvas import MARGIN, QUIET, STROKE, WIDTH, Canvas, Tone, width_of
from graph.codes import Certainty
from graph.findings import Measure, PathStep
from graph.words import words

CARD, HIGH, GAP = 150, 44, 150
TONES: dict[Certainty, Tone] = {Certainty.POTENTIAL: "warn"}


def drawn(name: str, title: str, english: str, day: str, measures: Sequence[Measure]) -> str:
    canvas = Canvas(f"{name} {title}", f"{english}: an example, each measure with its path.")
    canvas.text(MARGIN, 38, f"{name}  {title}", 16, bold=True)
    canvas.text(WIDTH - MARGIN, 38, f"asOf {day}", 13, fill=STROKE["cause"], bold=True, anchor="end")
    canvas.text(MARGIN, 58, english, 12, fill=QUIET)
    y = 78.0
    for each in measures:
        y = _walk(canvas, each, y)
    return canvas.finished(y + 8)


def _walk(canvas: Canvas, measure: Measure, y: float) -> float:
    tone = TONES.get(measure.certainty, "bad")
    x = float(MARGIN)
    _card(canvas, x, y, measure.path[0].start, "cause")
    for place, step in enumerate(measure.path, start=1):
        last = place == len(measure.path)
        _arrow(canvas, x + CARD, y, step, tone if last else "plain")
        x += CARD + GAP
        _card(canvas, x, y, step.end, tone if last else "plain")
    until = measure.until or words(measure.end).zh
    told = f"{measure.definition.title.zh} · {words(measure.certainty).zh} · {measure.start} 至 {until}"
    canvas.text(MARGIN, y + HIGH + 20, told, 13, fill=STROKE[tone], bold=True)
    return y + HIGH + 40


def _card(canvas: Canvas, x: float, y: float, text: str, tone: Tone) -> None:
    canvas.card(x, y, CARD, HIGH, tone)
    canvas.text(x + CARD / 2, y + 27, text, 14, bold=True, anchor="middle")


def _arrow(canvas: Canvas, x: float, y: float, step: PathStep, tone: Tone) -> None:
    canvas.line(f"M{x:g} {y + HIGH / 2:g}H{x + GAP - 3:g}", tone)
    code = step.post or step.capacity or step.relation
    label = words(code).zh
    label = label if width_of(label, 11) < GAP - 10 else words(step.relation).zh
    canvas.text(x + GAP / 2, y + HIGH / 2 - 6, label, 11, fill=QUIET, anchor="middle")
