// 投标核查: which of the pasted bidders belong together, by which rule, with the path; as a CSV file too.

import { type Context, thing } from "../context";
import { button, h, section } from "../dom";
import { titleOf } from "../draw";
import { csv, download } from "../export";
import { viewOf } from "../link";
import { Picture } from "../picture";
import { BIDS } from "../queries";
import { EMPTY, explain, merge, pathGraph } from "../scene";
import type { Named, RuleNote, Step } from "../types";
import { language, t, v } from "../words";
import { basisText, ruleText, steps } from "./findings";
import { parties, pasteForm, texts } from "./parties";

const BIDDERS = 50;

interface Conflict {
  certainty: string;
  rule: RuleNote;
  bidders: Named[];
  path: Step[];
}

export async function bids(context: Context): Promise<Element[]> {
  const form = [h("h1", {}, t("bids")), pasteForm(context, t("pasteBidders"), BIDDERS, t("compareBidders"))];
  const asked = texts(context.place.p ?? "");
  if (asked.length < 2) return form;
  const { found, notes } = await parties(context, asked);
  if (found.length < 2) return [...form, ...notes];
  const variables = { bidders: found.map((each) => each.subject.id), asOf: context.asOf || null, lang: language() };
  const conflicts = (await context.ask<{ bidConflicts: Conflict[] | null }>(BIDS, variables)).data.bidConflicts ?? [];
  if (!conflicts.length) return [...form, ...notes, h("p", { class: "outcome" }, t("noneTogether"))];
  let scene = merge(EMPTY, { nodes: found.map((each) => each.subject), edges: [] });
  for (const conflict of conflicts) scene = merge(scene, pathGraph(conflict.path));
  const picture = new Picture(scene, {
    asOf: context.asOf, direction: "LR",
    open: (node) => context.go(viewOf(picture.scene.nodes.find((each) => each.id === node)?.__typename ?? ""), { id: node }),
    fail: context.fail,
  });
  requestAnimationFrame(() => void picture.render(true));
  const rows = conflicts.map((each) => [each.bidders.map(titleOf).join("; "), ruleText(each.rule), v(each.certainty), basisText(each.rule.basis), each.path.map((step) => `${titleOf(step.start)} – ${v(step.relation)} – ${titleOf(step.end)}`).join("; ")]);
  const heads = [t("bids"), t("rule"), t("certainty"), t("basis"), t("path")];
  const items = conflicts.map((each) =>
    h("li", { class: "finding RESTRICTS" },
      h("div", {}, each.bidders.map((one, index) => [index ? " + " : "", thing(context, one)])),
      h("div", { class: "muted" }, `${ruleText(each.rule)} · ${basisText(each.rule.basis)} · ${v(each.certainty)}`),
      steps(context, each.path),
      button(t("why"), () => void picture.change(explain(scene, { path: each.path, party: each.bidders[0] })))));
  const save = button("CSV", () => download(`bidders-${context.asOf}.csv`, "text/csv", csv([heads, ...rows])));
  return [...form, ...notes, h("div", { class: "columns picture-first" },
    h("div", { class: "side" }, section(`${t("together")} (${conflicts.length})`, h("p", { class: "no-print" }, save), h("ul", { class: "findings" }, items))),
    h("div", { class: "main" }, picture.element))];
}
