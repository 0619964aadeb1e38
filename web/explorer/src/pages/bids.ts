// 投标核查: which of the pasted bidders belong together, by which rule, with the path; as a CSV file or a workbook too.

import { type Context, thing } from "../context";
import { button, h, section } from "../dom";
import { titleOf } from "../draw";
import { csv, download } from "../export";
import { Picture } from "../picture";
import { BIDS } from "../queries";
import { EMPTY, explain, merge, pathGraph } from "../scene";
import type { Named, RuleNote, Step } from "../types";
import { language, t, v } from "../words";
import { basisText, ruleText, steps } from "./findings";
import { parties, pasteForm } from "./parties";

const BIDDERS = 50;

interface Conflict {
  certainty: string;
  rule: RuleNote;
  bidders: Named[];
  path: Step[];
}

export async function bids(context: Context): Promise<Element[]> {
  const { ids, notes } = await parties(context);
  const form = [h("h1", {}, t("bids")), pasteForm(context, t("pasteBidders"), BIDDERS, t("compareBidders")), ...notes];
  if (ids.length < 2) return form;
  const variables = { bidders: ids, asOf: context.place.asOf || null, lang: language() };
  const { data } = await context.ask<{ bidConflicts: Conflict[] | null; bidders: (Named | null)[] }>(BIDS, variables);
  const conflicts = data.bidConflicts;
  if (!conflicts) return [...form, h("p", { class: "warning" }, t("notCompared"))]; // why stands in the notice
  const workbook = (): void => {
    context.file("/bids.xlsx", variables).then((file) => download(`bidders-${context.asOf}.xlsx`, file.type, file), (error) => context.fail(error, workbook));
  };
  const save = h("p", { class: "no-print actions" }, `${t("download")}:`, button("CSV", () => download(`bidders-${context.asOf}.csv`, "text/csv", csv(rowsOf(conflicts)))), button("XLSX", workbook));
  if (!conflicts.length) return [...form, h("p", { class: "outcome" }, t("noneTogether")), save];
  let base = merge(EMPTY, { nodes: data.bidders.filter((each) => each !== null), edges: [] });
  for (const conflict of conflicts) base = merge(base, pathGraph(conflict.path));
  const lit = (index: string | undefined) => {
    const chosen = conflicts[Number(index)];
    return index && chosen ? explain(base, { path: chosen.path, party: chosen.bidders[0] }) : base;
  };
  const picture = new Picture(lit(context.place.i), context, { direction: "LR" });
  requestAnimationFrame(() => void picture.start());
  const items = conflicts.map((each, index) =>
    h("li", { class: "finding RESTRICTS" },
      h("div", {}, each.bidders.map((one, at) => [at ? " + " : "", thing(context, one)])),
      h("div", { class: "muted" }, `${ruleText(each.rule)} · ${basisText(each.rule.basis)} · ${v(each.certainty)}`),
      steps(context, each.path),
      button(t("why"), () => {
        context.note({ i: String(index) }, "replace");
        void picture.light(lit(String(index)));
      })));
  return [...form, h("div", { class: "columns picture-first" },
    h("div", { class: "side" }, section(`${t("together")} (${conflicts.length})`, save, h("ul", { class: "findings" }, items))),
    h("div", { class: "main" }, picture.element))];
}

function rowsOf(conflicts: Conflict[]): string[][] {
  const heads = [t("bidder"), t("rule"), t("certainty"), t("basis"), t("path")];
  const rows = conflicts.map((each) => [
    each.bidders.map(titleOf).join("; "), ruleText(each.rule), v(each.certainty), basisText(each.rule.basis),
    each.path.map((step) => `${titleOf(step.start)} – ${v(step.relation)} – ${titleOf(step.end)}`).join("; "),
  ]);
  return [heads, ...rows];
}
