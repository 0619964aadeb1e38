// 找关系: paths between 2 to 10 parties, one lit at a time. No path is «not found in this data», never «unrelated».

import { type Context } from "../context";
import { button, h, show } from "../dom";
import { viewOf } from "../link";
import { Picture } from "../picture";
import { LINKS } from "../queries";
import { EMPTY, explain, merge } from "../scene";
import type { Named, Step, Subgraph, Warning } from "../types";
import { language, t } from "../words";
import { steps } from "./findings";
import { parties, pasteForm, texts } from "./parties";

const PARTIES = 10;
const PATHS = 5;

interface Found {
  links: { paths: { from: Named; to: Named; length: number; steps: Step[] }[]; subgraph: Subgraph; warnings: Warning[] } | null;
}

export async function links(context: Context): Promise<Element[]> {
  const form = [h("h1", {}, t("links")), pasteForm(context, t("parties"), PARTIES, t("links"))];
  const asked = texts(context.place.p ?? "");
  if (asked.length < 2) return form;
  const { found, notes } = await parties(context, asked);
  if (found.length < 2) return [...form, ...notes];
  const variables = { between: found.map((each) => each.subject.id), paths: PATHS, asOf: context.asOf || null, lang: language() };
  const answer = (await context.ask<Found>(LINKS, variables)).data.links;
  const warnings = (answer?.warnings ?? []).map((each) => h("p", { class: "warning" }, each.message));
  if (!answer?.paths.length) return [...form, ...notes, ...warnings, h("p", { class: "outcome" }, t("noPath"))];
  const base = merge(EMPTY, { nodes: [...found.map((each) => each.subject), ...answer.subgraph.nodes], edges: answer.subgraph.edges });
  const picture = new Picture(base, {
    asOf: context.asOf, direction: "LR",
    open: (node) => context.go(viewOf(picture.scene.nodes.find((each) => each.id === node)?.__typename ?? ""), { id: node }),
    fail: context.fail,
  });
  const text = h("div");
  let index = 0;
  const turn = (by: number): void => {
    index = (index + by + answer.paths.length) % answer.paths.length;
    const path = answer.paths[index];
    show(text, h("h2", {}, `${t("path")} ${index + 1} / ${answer.paths.length}`), steps(context, path.steps), answer.paths.length > 1 ? button(t("nextPath"), () => turn(1)) : null);
    void picture.change(explain(base, { path: path.steps, party: path.from }), by === 0);
  };
  requestAnimationFrame(() => turn(0));
  return [...form, ...notes, ...warnings, h("div", { class: "columns picture-first" }, h("div", { class: "side" }, text), h("div", { class: "main" }, picture.element))];
}
