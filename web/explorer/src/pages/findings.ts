// Measures, potential ones and rules that do not apply, in words; with the picture when one is chosen.

import { type Context, cutNote, thing } from "../context";
import { h, section } from "../dom";
import type { Basis, Check, Considered, Measure, RuleNote, Step } from "../types";
import { span, t, v } from "../words";

export const basisText = (basis: Basis[]): string =>
  basis.map((each) => `《${each.document}》${each.article ? ` ${each.article}` : ""}`).join("; ");

export const ruleText = (rule: RuleNote): string =>
  `${rule.id}${rule.part ? ` ${rule.part}` : ""} · ${rule.title} (${t("version")} ${rule.version}, ${v(rule.confidence)})`;

export function term(measure: Measure): string {
  const end = measure.end === "LIFE" ? t("forever") : measure.until ?? (measure.end === "EVENT" ? t("event") : t("open"));
  return `${measure.from} – ${end}`;
}

/** One sentence a step; the number is that of the line in the picture. */
export function steps(context: Context, path: Step[], hover?: (step: Step | null) => void): HTMLElement {
  return h(
    "ol",
    { class: "steps" },
    path.map((step) =>
      h(
        "li",
        { mouseenter: () => hover?.(step), mouseleave: () => hover?.(null), focusin: () => hover?.(step), focusout: () => hover?.(null) },
        thing(context, step.start), " → ", thing(context, step.end), h("br"),
        step.proves || v(step.relation),
        h("span", { class: "muted" }, ["", step.validity.from || step.validity.until ? span(step.validity) : "", `${t("source")}: ${step.provenance.source}`].filter((each, index) => !index || each).join(" · ")),
      ),
    ),
  );
}

export function measureItem(context: Context, measure: Measure, why: string | null): HTMLElement {
  const potential = measure.certainty === "POTENTIAL";
  return h(
    "li",
    { class: `finding ${potential ? "potential" : measure.definition.effect}` },
    h("div", {}, h("strong", {}, measure.definition.title), h("span", { class: `badge ${potential ? "POTENTIAL" : measure.definition.effect}` }, potential ? v("POTENTIAL") : v(measure.definition.effect)), h("span", { class: "badge" }, v(measure.certainty))),
    h("div", {}, thing(context, measure.party), ` · ${term(measure)}`),
    h("div", { class: "muted" }, `${t("rule")} ${ruleText(measure.rule)}`),
    h("div", { class: "muted" }, `${t("basis")}: ${basisText(measure.basis)}`),
    h("div", { class: "muted" }, `${t("cause")}: `, thing(context, measure.cause)),
    measure.gaps.map((gap) => h("div", { class: "gap-note" }, gap.explanation)),
    why ? h("a", { href: why, class: "why" }, t("why")) : null,
  );
}

export function consideredItem(context: Context, considered: Considered, why: string | null): HTMLElement {
  return h(
    "li",
    { class: "finding not" },
    h("div", {}, h("strong", {}, considered.rule.title), h("span", { class: "badge" }, v(considered.failed))),
    h("div", {}, thing(context, considered.party), `: ${considered.explanation}`),
    h("div", { class: "muted" }, `${t("rule")} ${ruleText(considered.rule)} · ${t("cause")}: `, thing(context, considered.cause)),
    why ? h("a", { href: why, class: "why" }, t("considered")) : null,
  );
}

/** What a check or a reach found. A null is «not shown to this role»; an empty list is «none». */
export function findings(context: Context, found: Omit<Check, "outcome">, why: (kind: "m" | "n", key: string) => string): HTMLElement[] {
  const list = (items: HTMLElement[]): HTMLElement =>
    items.length ? h("ul", { class: "findings" }, items) : h("p", { class: "muted" }, t("none"));
  const { potential, considered } = found;
  return [
    section(
      `${t("measures")} (${found.measures.length})`,
      list(found.measures.map((each) => measureItem(context, each, why("m", each.key)))),
      found.complete ? null : h("p", { class: "warning" }, t("inconclusive")),
      cutNote(found.truncated),
      found.warnings.map((each) => h("p", { class: "warning" }, each.message)),
    ),
    section(
      potential ? `${t("potential")} (${potential.length})` : t("potential"),
      potential ? list(potential.map((each) => measureItem(context, each, why("m", each.key)))) : h("p", { class: "muted" }, t("hiddenHere")),
    ),
    section(
      considered ? `${t("considered")} (${considered.length})` : t("considered"),
      h("p", { class: "muted" }, considered ? t("consideredHint") : t("hiddenHere")),
      considered ? list(considered.map((each, index) => consideredItem(context, each, why("n", String(index))))) : null,
    ),
  ];
}
