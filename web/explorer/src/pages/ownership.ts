// 股权穿透: holders above, investments below, the direct share on the line and the integrated one beside it.

import { Problem } from "../api";
import { type Context, thing } from "../context";
import { h, section, table } from "../dom";
import { viewOf } from "../link";
import { Picture } from "../picture";
import { OWNERSHIP } from "../queries";
import { EMPTY, merge } from "../scene";
import type { Named, Subgraph, Warning } from "../types";
import { language, percent, t } from "../words";
import { cutNote } from "../context";

interface Chart {
  subject: Named;
  integrated: { owner: Named; owned: Named; direct: string | null; integrated: string | null; voting: string | null }[];
  subgraph: Subgraph;
  warnings: Warning[];
}

export async function ownership(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const { data } = await context.ask<{ ownership: Chart | null }>(OWNERSHIP, { id, depth: null, asOf: context.asOf || null, lang: language() });
  const chart = data.ownership;
  if (!chart) throw new Problem("NOT_FOUND", t("notFound"));
  const scene = { ...merge(EMPTY, { nodes: [chart.subject, ...chart.subgraph.nodes], edges: chart.subgraph.edges }), selected: chart.subject.id };
  const picture = new Picture(scene, {
    asOf: context.asOf,
    open: (node) => context.go(viewOf(picture.scene.nodes.find((each) => each.id === node)?.__typename ?? ""), { id: node }),
    fail: context.fail,
  });
  requestAnimationFrame(() => void picture.render(true));
  const rows = chart.integrated.map((each) => [thing(context, each.owner), thing(context, each.owned), percent(each.direct), percent(each.integrated)]);
  return [
    h("h1", {}, `${t("ownership")}: `, thing(context, chart.subject)),
    cutNote(chart.subgraph.truncated) ?? h("span"),
    ...chart.warnings.map((each) => h("p", { class: "warning" }, each.message)),
    picture.element,
    section(t("integrated"), table([t("owner"), t("party"), t("direct"), t("integrated")], rows, t("integrated"))),
  ];
}
