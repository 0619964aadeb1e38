"""One function for each picture of the README: from the answer to its query to a sheet of SVG.

It must not know how the answer was asked; what stands in a picture stands in the answer, but ids: they differ from home
to home, and neither order nor name anything here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from docs.pictures.canvas import INK, MARGIN, QUIET, STROKE, WIDTH, Canvas, Tone, width_of, wrapped
from graph.codes import Certainty, CheckOutcome, MatchKind, PostKind
from graph.words import words

Answer = Mapping[str, Any]
INDENT: Final = 44
DAY: Final = re.compile(r'asOf: "([0-9-]{10})"')
OUTCOME: Final[dict[str, Tone]] = {
    CheckOutcome.PROHIBITED: "bad",
    CheckOutcome.RESTRICTED: "warn",
    CheckOutcome.NEEDS_FINDING: "warn",
    CheckOutcome.NOTHING_FOUND: "good",
}


def both(code: CheckOutcome | Certainty) -> str:
    return f"{words(code).zh} {code.value}"


def term(value: Answer) -> str:
    return f"{value['from'] or '…'} 至 {value['until'] or '今'}"


def named(node: Answer) -> str:
    return str(node.get("name") or node.get("documentNumber") or node.get("summary"))


def statute(measure: Answer) -> str:
    return ";".join(dict.fromkeys(f"《{each['document']}》{each['article']}" for each in measure["basis"]))


# Who is reached: a tree of the paths


@dataclass
class Branch:
    """A node of the tree of paths, by the step that leads to it."""

    title: str
    proves: str = ""
    own: bool = False  # the party the cause is about
    lines: list[tuple[Tone, str, str]] = field(default_factory=list)  # colour, head, detail
    children: dict[str, Branch] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        return any(tone == "bad" for tone, _, _ in self.lines)

    @property
    def leads(self) -> bool:
        """Whether somebody behind it is reached."""
        return self.reached or any(each.leads for each in self.children.values())


def planted(root: Branch, path: list[Answer]) -> Branch:
    """The branch a path leads to; it grows what is missing."""
    place = root
    for step in path:
        grown = Branch(named(step["end"]), step["proves"], step["relation"] == "ABOUT")
        place = place.children.setdefault(step["end"]["id"], grown)
    return place


def reach(data: Answer, days: Sequence[str]) -> str:
    found = data["reach"]
    root = Branch(f"{found['record']['documentNumber']}", f"{found['record']['decidedOn']} 行政处罚 / penalty")
    for each in found["measures"]:
        head = f"{each['rule']['id']}  {each['definition']['title']}"
        detail = f"{words(Certainty(each['certainty'])).zh} · {term(each)} · {statute(each)}"
        planted(root, each["path"]).lines.append(("bad", head, detail))
    missed: dict[tuple[int, str], list[str]] = {}
    places: dict[int, Branch] = {}
    for each in found["considered"]:
        place = planted(root, each["path"])
        places[id(place)] = place
        missed.setdefault((id(place), each["explanation"]), []).append(each["rule"]["id"])
    for (place_id, explanation), rules in missed.items():
        places[place_id].lines.append(("plain", f"{'、'.join(rules)}  未适用 / considered", explanation))
    canvas = Canvas(
        "处罚及于谁 / who is reached by a penalty", "The measures and the rules considered, along their paths."
    )
    y = canvas.header(
        "这一处罚及于谁,不及于谁?", "Who is reached by this penalty, through which path, and who is not?", days[0]
    )
    bottom = _branch(canvas, root, MARGIN, y, "cause")
    canvas.text(
        MARGIN,
        bottom + 14,
        "红色实线:及于其人,附路径、条文、期间 / reached · 灰色虚线:曾考虑而未适用,附未满足的条件 / considered",
        12,
        fill=QUIET,
    )
    return canvas.finished(bottom + 34)


def _branch(canvas: Canvas, branch: Branch, x: float, y: float, tone: Tone) -> float:
    """Draws a branch with what grows on it; the y below."""
    width = WIDTH - MARGIN - x
    lines = [
        (colour, head, list(wrapped(detail, width - 46, 12)))
        for colour, head, detail in sorted(branch.lines, key=lambda each: each[0])
    ]
    height = 40 + sum(24 + 18 * len(detail) for _, _, detail in lines) + (4 if lines else 0)
    canvas.card(x, y, width, height, tone, dashed=tone == "plain" and not branch.leads)
    canvas.text(x + 16, y + 26, branch.title, 15, bold=True)
    canvas.text(x + 28 + width_of(branch.title, 15), y + 26, branch.proves, 12, fill=QUIET)
    if branch.lines and (branch.reached or not branch.own):
        word = "及于 reached" if branch.reached else "未及于 not reached"
        canvas.badge(x + width - 14, y + 26, word, "bad" if branch.reached else "plain", end=True)
    at = y + 52
    for colour, head, detail in lines:
        canvas.parts.append(f'<circle cx="{x + 22:g}" cy="{at - 4:g}" r="4" fill="{STROKE[colour]}"/>')
        canvas.text(x + 34, at, head, 13, fill=STROKE[colour], bold=True)
        for each in detail:
            at += 18
            canvas.text(x + 34, at, each, 12, fill=QUIET)
        at += 24
    below = y + height + 14
    # Those reached first, then by name: ids would order differently in every home.
    for child in sorted(branch.children.values(), key=lambda each: (not each.leads, each.title, each.proves)):
        way: Tone = "bad" if child.leads else "plain"
        down = x + (24 if child.leads else 12)
        canvas.line(f"M{down:g} {y + height:g}V{below + 22:g}H{x + INDENT - 2:g}", way, dashed=not child.leads)
        below = _branch(canvas, child, x + INDENT, below, "bad" if child.reached else "plain")
    return below


# May I appoint him: a verdict with its reasons


def check(data: Answer, days: Sequence[str]) -> str:
    found = data["check"]
    outcome = CheckOutcome(found["outcome"])
    canvas = Canvas(
        "任职核查 / a check before an appointment", "The outcome with measures, missing findings, near misses."
    )
    y = canvas.header(
        "今天可以任命此人吗?受何约束,依据何条,到何时?",
        "May I appoint this person today? What binds him, under which article, until when?",
        days[0],
    )
    subject = found["subject"]["name"]
    canvas.card(MARGIN, y, WIDTH - 2 * MARGIN, 52, OUTCOME[outcome])
    canvas.text(MARGIN + 18, y + 33, subject, 18, bold=True)
    canvas.text(MARGIN + 34 + width_of(subject, 18), y + 32, "任职 OFFICE_APPOINTMENT", 13, fill=QUIET)
    canvas.badge(WIDTH - MARGIN - 18, y + 33, both(outcome), OUTCOME[outcome], size=15, end=True)
    y += 70
    for each in found["measures"]:
        head = f"{each['rule']['id']} · {each['rule']['version']}  {each['definition']['title']}"
        first, *more = each["path"]
        why = ";".join([named(first["start"]), *(step["proves"] for step in more)])
        y = _row(canvas, y, "bad", words(Certainty(each["certainty"])).zh, head, [why, statute(each)])
        y = _term(canvas, y, each, days[0])
    for each in found["potential"]:
        y = _row(
            canvas,
            y,
            "warn",
            words(Certainty.POTENTIAL).zh,
            each["definition"]["title"],
            [gap["explanation"] for gap in each["gaps"]],
        )
    for each in found["considered"]:
        head = f"{each['rule']['id']} · {each['rule']['version']}  未适用 / considered"
        y = _row(canvas, y, "plain", "未适用", head, [each["explanation"]])
    return canvas.finished(y + 10)


def _row(canvas: Canvas, y: float, tone: Tone, word: str, head: str, details: list[str]) -> float:
    wide = WIDTH - 2 * MARGIN - 120
    lines = [line for each in details for line in wrapped(each, wide, 13)]
    canvas.parts.append(
        f'<rect x="{MARGIN:g}" y="{y:g}" width="4" height="{28 + 20 * len(lines):g}" rx="2" fill="{STROKE[tone]}"/>'
    )
    canvas.badge(MARGIN + 18, y + 16, word, tone)
    canvas.text(MARGIN + 110, y + 17, head, 15, bold=True)
    for number, line in enumerate(lines):
        canvas.text(MARGIN + 110, y + 40 + 20 * number, line, 13, fill=QUIET)
    return y + 44 + 20 * len(lines)


def _term(canvas: Canvas, y: float, measure: Answer, as_of: str) -> float:
    """The term of a measure on a line of years, with the day asked for."""
    begin, end, day = (date.fromisoformat(each) for each in (measure["from"], measure["until"], as_of))
    first, last = date(begin.year, 1, 1).toordinal(), date(end.year + 1, 1, 1).toordinal()
    left, right = MARGIN + 110, WIDTH - MARGIN - 10

    def at(when: date) -> float:
        return round(left + (when.toordinal() - first) / (last - first) * (right - left), 1)

    canvas.rule(left, y + 18, right, y + 18)
    for year in range(begin.year, end.year + 2):
        x = at(date(year, 1, 1))
        canvas.rule(x, y + 14, x, y + 22)
        canvas.text(x, y + 38, str(year), 11, fill=QUIET, anchor="middle")
    canvas.bar(at(begin), y + 13, at(end) - at(begin), "bad")
    canvas.text(at(begin), y + 6, measure["from"], 12, fill=STROKE["bad"])
    canvas.text(at(end), y + 6, measure["until"], 12, fill=STROKE["bad"], anchor="end")
    canvas.line(f"M{at(day):g} {y - 2:g}V{y + 28:g}", "cause", arrow=False)
    canvas.text(at(day) + 6, y + 6, f"asOf {as_of}", 12, fill=STROKE["cause"], bold=True)
    return y + 58


# What was true then: the same firm on two days


ROWS: Final = (("名称", "name"), ("住所", "address"), ("地区", "region"), ("法定代表人", "legalRepresentatives"))


def then(data: Answer, days: Sequence[str]) -> str:
    before, after = days
    old, new = data["then"], data["now"]
    canvas = Canvas(
        "当时是什么 / what was true then", "One firm on two days: names, address, region, legal representative."
    )
    y = canvas.header("当时的真实情况是什么?一家企业,两个日期。", "What was true then? One firm, two days.")
    y = _names(canvas, y, new, [date.fromisoformat(before), date.fromisoformat(after)])
    left, half = MARGIN + 104, (WIDTH - 2 * MARGIN - 104 - 20) / 2
    for x, day in ((left, before), (left + half + 20, after)):
        canvas.card(x, y, half, 52 + 38 * len(ROWS), "plain")
        canvas.text(x + 18, y + 30, f"asOf {day}", 15, fill=STROKE["cause"], bold=True)
    for number, (word, key) in enumerate(ROWS):
        at = y + 66 + 38 * number
        canvas.text(MARGIN, at, word, 13, fill=QUIET)
        canvas.rule(left + 14, at - 24, left + half - 14, at - 24)
        canvas.rule(left + half + 34, at - 24, WIDTH - MARGIN - 14, at - 24)
        was, now = _told(old[key]), _told(new[key])
        canvas.text(left + 18, at, was, 15)
        canvas.text(left + half + 38, at, now, 15, bold=was != now, fill=STROKE["good"] if was != now else INK)
    return canvas.finished(y + 52 + 38 * len(ROWS) + 24)


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    return value["name"] if "name" in value else "、".join(each["person"]["name"] for each in value["nodes"])


def _names(canvas: Canvas, y: float, firm: Answer, days: list[date]) -> float:
    """The names of a firm on a line of years, and the days asked for."""
    founded = date.fromisoformat(firm["established"])
    first, last = founded.toordinal(), date(days[-1].year + 1, 1, 1).toordinal()
    left, right = MARGIN + 104, WIDTH - MARGIN

    def at(when: date) -> float:
        return round(left + (when.toordinal() - first) / (last - first) * (right - left), 1)

    begin = founded
    canvas.text(MARGIN, y + 32, "名称", 13, fill=QUIET)
    for each in [*firm["formerNames"], {"name": firm["name"], "validity": {"until": None}}]:
        until = each["validity"]["until"]
        end = date.fromisoformat(until) if until else date.fromordinal(last)
        tone: Tone = "plain" if until else "good"
        canvas.bar(at(begin), y + 22, at(end) - at(begin) - (3 if until else 0), tone, height=14)
        canvas.text(at(begin) + 2, y + 14, each["name"], 14, fill=STROKE[tone], bold=True)
        canvas.text(at(begin) + 2, y + 54, begin.isoformat(), 12, fill=QUIET)
        begin = end
    for day in days:
        canvas.line(f"M{at(day):g} {y + 18:g}V{y + 60:g}", "cause", arrow=False)
        canvas.text(at(day), y + 74, f"asOf {day}", 12, fill=STROKE["cause"], bold=True, anchor="middle")
    return y + 92


# Who is around this subject


def around(data: Answer, days: Sequence[str]) -> str:
    graph = data["expand"]["subgraph"]
    (hit,) = data["search"]["edges"]
    names = {each["id"]: named(each) for each in graph["nodes"]}
    centre = hit["node"]["id"]
    canvas = Canvas(
        "周围有谁 / who is around this subject", "A hit of a search and the relations around it on one day."
    )
    y = canvas.header("它周围有谁?", "Who is around this subject?", days[0])
    how = words(MatchKind(hit["matched"])).zh
    canvas.text(
        WIDTH - MARGIN, 64, f"查得 / found: {hit['snippet']}({how} {hit['matched']})", 13, fill=QUIET, anchor="end"
    )
    sides: list[list[tuple[str, str]]] = [[], []]
    for edge in graph["edges"]:
        outwards = edge["source"] == centre
        other = names[edge["target" if outwards else "source"]]
        told = edge["label"]
        if edge["post"] is not None and edge["kind"] == "SERVES_AS":
            told += f":{words(PostKind(edge['post'])).zh}"
        if edge["share"] is not None:
            told += f" {edge['share']}%"
        since = "" if edge["validity"]["from"] is None else f" · {term(edge['validity'])}"
        sides[outwards].append((told + since, other))
    height, gap, wide = 54, 14, 300
    tall = max(len(each) for each in sides) * (height + gap) - gap
    middle = y + tall / 2
    canvas.card(WIDTH / 2 - 92, middle - 34, 184, 68, "good")
    for number, line in enumerate(wrapped(hit["snippet"], 160, 16)):
        canvas.text(WIDTH / 2, middle + 6 + 20 * number, line, 16, bold=True, anchor="middle")
    for right, side in enumerate(sides):
        top = middle - (len(side) * (height + gap) - gap) / 2
        for number, (told, other) in enumerate(sorted(side)):
            x = WIDTH - MARGIN - wide if right else MARGIN
            at = top + number * (height + gap)
            canvas.card(x, at, wide, height, "plain")
            canvas.text(x + 14, at + 22, told, 12, fill=QUIET)
            canvas.text(x + 14, at + 42, other, 15, bold=True)
            here, there = (WIDTH / 2 + 92, x - 3) if right else (x + wide, WIDTH / 2 - 95)
            begin, end = (middle, at + height / 2) if right else (at + height / 2, middle)
            bend = (here + there) / 2
            canvas.line(f"M{here:g} {begin:g}C{bend:g} {begin:g} {bend:g} {end:g} {there:g} {end:g}", "plain")
    return canvas.finished(y + tall + 24)


# Which bidders are restricted


def bidders(data: Answer, days: Sequence[str]) -> str:
    canvas = Canvas(
        "投标人核查 / which bidders are restricted", "One row for each bidder with the outcome and its reason."
    )
    y = canvas.header("这些投标人中谁受限制?", "Which of these bidders is restricted, in one question?", days[0])
    for each in data["checks"]:
        outcome = CheckOutcome(each["outcome"])
        reasons = [
            f"{one['rule']['id']}  {one['definition']['title']},至 {one['until'] or '今'}" for one in each["measures"]
        ]
        reasons += [one["message"] for one in each["warnings"]] or ([] if reasons else ["本数据中没有约束投标的记录"])
        lines = [line for one in reasons for line in wrapped(one, 400, 13)]
        height = 24 + 20 * len(lines)
        canvas.card(MARGIN, y, WIDTH - 2 * MARGIN, height, OUTCOME[outcome])
        canvas.text(MARGIN + 18, y + height / 2 + 6, each["subject"]["name"], 16, bold=True)
        canvas.badge(MARGIN + 270, y + height / 2 + 5, both(outcome), OUTCOME[outcome], size=13)
        for number, line in enumerate(lines):
            canvas.text(MARGIN + 490, y + 27 + 20 * number, line, 13, fill=QUIET)
        y += height + 12
    return canvas.finished(y + 10)


DRAWN: Final[dict[str, Callable[[Answer, Sequence[str]], str]]] = {
    "reach": reach,
    "check": check,
    "then": then,
    "around": around,
    "bidders": bidders,
}


def drawn(name: str, query: str, data: Answer) -> str:
    """The picture of an answer; the days asked for stand in the query."""
    return DRAWN[name](data, DAY.findall(query))
