"""Steps of a path, in walking order from the cause to the party, each saying what it proves (S18).

It must not decide whether a step is enough.
"""

from __future__ import annotations

from dataclasses import replace

from graph.codes import RelationKind, Text
from graph.facts import Finding, Holding, Post
from graph.findings import PathStep
from graph.periods import ALWAYS, Period
from graph.propagation.causes import Cause
from graph.vocabulary import relation_of
from graph.words import words


def about(cause: Cause, subject: str, edge: str) -> PathStep:
    """Cause → its subject; a licence → its holder."""
    if cause.licence is not None:
        return PathStep(
            cause.id,
            subject,
            RelationKind.HAS_QUALIFICATION,
            False,
            cause.licence.period,
            Text(f"资格持有人:{cause.licence.profession}", f"holder of the certificate: {cause.licence.profession}"),
            cause.licence.provenance,
            edge=edge,
        )
    record = cause.record
    assert record is not None  # noqa: S101 - a cause is one of both
    number = record.document_number or record.id
    word = words(record.kind)
    return PathStep(
        cause.id,
        subject,
        RelationKind.ABOUT,
        True,
        ALWAYS,
        Text(f"{word.zh}的相对人,文号 {number}", f"subject of the {word.en}, document {number}"),
        record.provenance,
        edge=edge,
    )


def held_by(post: Post) -> PathStep:
    """Organisation → office holder, against the stored direction."""
    return _post(post, post.organization, post.person, forward=False)


def sits_at(post: Post) -> PathStep:
    """Office holder → organisation."""
    return _post(post, post.person, post.organization, forward=True)


def owned_by(holding: Holding) -> PathStep:
    """Organisation → holder, against the stored direction."""
    step = owns(holding)
    return replace(step, start=step.end, end=step.start, forward=False)


def owns(holding: Holding) -> PathStep:
    """Holder → organisation."""
    share = "比例不明" if holding.share is None else f"{holding.share / 1_000_000:g}%"
    return PathStep(
        holding.holder,
        holding.organization,
        RelationKind.HOLDS,
        True,
        holding.period,
        Text(f"{span_zh(holding.period)}持股 {share}", f"holds {share} {span_en(holding.period)}"),
        holding.provenance,
        share=holding.share,
        edge=holding.id,
    )


def _post(post: Post, start: str, end: str, *, forward: bool) -> PathStep:
    word = words(post.post)
    return PathStep(
        start,
        end,
        relation_of(post.post),
        forward,
        post.period,
        Text(f"{span_zh(post.period)}任{word.zh}", f"{word.en} {span_en(post.period)}"),
        post.provenance,
        post=post.post,
        edge=post.id,
    )


def responsible(finding: Finding) -> PathStep:
    """Record → person named in it or found responsible."""
    word = words(finding.capacity)
    day = finding.decided_on
    return PathStep(
        finding.record,
        finding.person,
        RelationKind.RESPONSIBLE_FOR,
        False,
        Period(day, None),
        Text(f"{word.zh}({day or '日期未记载'})", f"{word.en} ({day or 'day not recorded'})"),
        finding.provenance,
        capacity=finding.capacity,
        edge=finding.id,
    )


def span_zh(period: Period) -> str:
    return f"{period.start or '起始不明'} 至 {period.end or '今'}"


def span_en(period: Period) -> str:
    return f"from {period.start or 'an unknown day'} {f'until {period.end}' if period.end else 'on'}"
