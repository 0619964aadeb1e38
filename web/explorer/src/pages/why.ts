// 为什么 and 为什么不: the findings beside the picture; the chosen one is numbered on the lines, the rest is dimmed.

import { Problem } from "../api";
import { type Context } from "../context";
import { h } from "../dom";
import { Picture } from "../picture";
import { CHECK } from "../queries";
import { edgeId, EMPTY, explain, explainNot, merge, pathGraph, type Scene } from "../scene";
import type { Check, Named, Step, Subgraph } from "../types";
import { language, t, v } from "../words";
import { consideredItem, findings, measureItem, steps } from "./findings";

export async function check(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const { data } = await context.ask<{ check: (Check & { subject: Named }) | null }>(CHECK, { id, asOf: context.place.asOf || null, lang: language() });
  const found = data.check;
  if (!found) throw new Problem("NOT_FOUND", t("notFound"));
  const title = h("h1", {}, `${t("check")}: `, h("a", { href: context.href("subject", { id }) }, found.subject.name ?? id));
  const outcome = found.outcome === "NOTHING_FOUND" && !found.complete ? t("inconclusive") : v(found.outcome);
  return [title, h("p", { class: "outcome" }, h("span", { class: `badge ${found.outcome}` }, outcome)), await explained(context, found, { nodes: [found.subject], edges: [] }, "check")];
}

/** Findings on one side, their paths on the other. */
export async function explained(context: Context, found: Omit<Check, "outcome">, graph: Pick<Subgraph, "nodes" | "edges">, view: string): Promise<HTMLElement> {
  const { id, m, n } = context.place;
  const all = [...found.measures, ...(found.potential ?? [])];
  let base: Scene = merge(EMPTY, graph);
  for (const measure of all) base = merge(base, { ...pathGraph(measure.path), nodes: [...pathGraph(measure.path).nodes, measure.party] });
  const chosen = all.find((each) => each.key === m);
  const refused = n === undefined ? undefined : found.considered?.[Number(n)];
  const scene = chosen ? explain(base, chosen) : refused ? explainNot(base, refused) : base;
  const picture = new Picture(scene, context);
  const hover = (step: Step | null): void => {
    const lines = picture.element.querySelectorAll("[data-edge]");
    lines.forEach((line) => line.classList.toggle("hovered", step !== null && line.getAttribute("data-edge") === edgeId(step)));
  };
  const why = (kind: "m" | "n", key: string): string => context.href(view, { id, [kind]: key });
  const back = h("a", { class: "action", href: context.href(view, { id }) }, `← ${t("measures")}`);
  const text = chosen
    ? [back, h("ul", { class: "findings" }, measureItem(context, chosen, null)), h("h2", {}, t("why")), steps(context, chosen.path, hover)]
    : refused
      ? [back, h("ul", { class: "findings" }, consideredItem(context, refused, null)), h("h2", {}, t("considered")), steps(context, refused.path, hover), h("p", { class: "warning" }, `${t("failing")}: ${v(refused.failed)} · ${refused.explanation}`)]
      : findings(context, found, why);
  const element = h("div", { class: "columns picture-first" }, h("div", { class: "side" }, text), h("div", { class: "main" }, picture.element));
  requestAnimationFrame(() => void picture.start());
  return element;
}
