// 找关系: paths between 2 to 10 parties, one lit at a time. No path is «not found in this data», never «unrelated».

import { type Context, cutNote } from "../context";
import { button, h, show } from "../dom";
import { Picture } from "../picture";
import { LINKS } from "../queries";
import { EMPTY, explain, merge } from "../scene";
import type { Named, Step, Subgraph, Warning } from "../types";
import { language, t, v } from "../words";
import { steps } from "./findings";
import { parties, pasteForm } from "./parties";

const PARTIES = 10;
const PATHS = 5;
const MOST_PATHS = 10; // the server's own limit
const KINDS = ["CONTROLS", "HOLDS", "LEGAL_REPRESENTATIVE_OF", "PRINCIPAL_OF", "SERVES_AS", "ACTS_IN_CONCERT_WITH", "BRANCH_OF", "GUARANTEES", "PROJECT_MANAGER_OF"];

interface Found {
  links: { paths: { from: Named; to: Named; length: number; steps: Step[] }[]; subgraph: Subgraph; warnings: Warning[] } | null;
}

export async function links(context: Context): Promise<Element[]> {
  const { kinds, minShare } = context.place;
  const chosen = new Set((kinds ?? "").split("-"));
  const filter = h("fieldset", {}, h("legend", {}, t("relationKinds")),
    KINDS.map((kind) => h("label", { class: "inline" }, h("input", { type: "checkbox", name: "kinds", value: kind, checked: chosen.has(kind) }), ` ${v(kind)}`)));
  const share = h("p", {}, h("label", { for: "min-share" }, t("minShare")), h("input", { id: "min-share", name: "minShare", type: "number", min: 0, max: 100, step: "any", value: minShare ?? "" }));
  const { ids, notes } = await parties(context);
  const form = [h("h1", {}, t("links")), pasteForm(context, t("parties"), PARTIES, t("links"), filter, share), ...notes];
  if (ids.length < 2) return form;
  const paths = Math.min(MOST_PATHS, Number(context.place.paths) || PATHS);
  const variables = { between: ids, paths, relations: kinds ? kinds.split("-") : null, minShare: minShare || null, asOf: context.place.asOf || null, lang: language() };
  const answer = (await context.ask<Found>(LINKS, variables)).data.links;
  if (!answer) return [...form, h("p", { class: "warning" }, t("notCompared"))];
  const cut = cutNote(answer.subgraph.truncated);
  if (cut && answer.subgraph.truncated?.reason === "PATH_LIMIT" && paths < MOST_PATHS) cut.append(" ", h("a", { href: context.href("links", { ...context.place, paths: String(MOST_PATHS) }) }, t("morePaths")));
  const warnings = [cut, ...answer.warnings.map((each) => h("p", { class: "warning" }, each.message))].filter((each) => each !== null);
  if (!answer.paths.length) return [...form, ...warnings, h("p", { class: "outcome" }, t("noPath"))];
  const base = merge(EMPTY, answer.subgraph);
  const most = answer.paths.length;
  const lit = (index: number) => explain(base, { path: answer.paths[index].steps, party: answer.paths[index].from });
  let index = Math.min(most - 1, Number(context.place.i) || 0);
  const picture = new Picture(lit(index), context, { direction: "LR" });
  const text = h("div");
  const tell = (): void =>
    show(text, h("h2", {}, `${t("path")} ${index + 1} / ${most}`), steps(context, answer.paths[index].steps), most > 1 ? button(t("nextPath"), () => {
      index = (index + 1) % most;
      context.note({ i: String(index) }, "replace");
      tell();
      void picture.light(lit(index));
    }) : null);
  tell();
  requestAnimationFrame(() => void picture.start());
  return [...form, ...warnings, h("div", { class: "columns picture-first" }, h("div", { class: "side" }, text), h("div", { class: "main" }, picture.element))];
}
