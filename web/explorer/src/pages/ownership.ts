// 股权穿透: holders above, investments below, the direct share on the line and the integrated one beside it.

import { Problem } from "../api";
import { type Context, cutNote, thing } from "../context";
import { h, section, table } from "../dom";
import { Picture } from "../picture";
import { OWNERSHIP } from "../queries";
import { EMPTY, merge } from "../scene";
import type { Named, Subgraph, Warning } from "../types";
import { language, percent, t, v } from "../words";

interface Chart {
  subject: Named;
  integrated: { owner: Named; owned: Named; direct: string | null; integrated: string | null; voting: string | null }[];
  subgraph: Subgraph;
  warnings: Warning[];
}

interface Owned {
  controllers?: { subject: Named; basis: string; voting: string | null; ultimate: boolean }[] | null;
  beneficialOwners?: { person: Named; basis: string; integrated: string | null; voting: string | null }[] | null;
}

export async function ownership(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const { data, inconclusive, errors } = await context.ask<{ ownership: Chart | null; subject: Owned | null }>(OWNERSHIP, { id, identifier: id, asOf: context.place.asOf || null, lang: language() });
  const chart = data.ownership;
  if (!chart) throw errors[0] ?? new Problem("NOT_FOUND", t("notFound"));
  const shares = new Map(chart.integrated.filter((each) => each.integrated).map((each) => [each.owned.id === chart.subject.id ? each.owner.id : each.owned.id, each.integrated]));
  const noted = [chart.subject, ...chart.subgraph.nodes].map((node) => (shares.has(node.id) && node.id !== chart.subject.id ? { ...node, note: `${t("through")} ${percent(shares.get(node.id))}` } : node));
  const scene = { ...merge(EMPTY, { nodes: noted, edges: chart.subgraph.edges }), selected: chart.subject.id };
  const picture = new Picture(scene, context);
  requestAnimationFrame(() => void picture.start());
  const rows = chart.integrated.map((each) => [thing(context, each.owner), thing(context, each.owned), percent(each.direct), percent(each.integrated)]);
  return [
    h("h1", {}, `${t("ownership")}: `, thing(context, chart.subject)),
    cutNote(chart.subgraph.truncated) ?? h("span"),
    ...chart.warnings.map((each) => h("p", { class: "warning" }, each.message)),
    picture.element,
    ...(data.subject?.controllers === undefined ? [] : inCharge(context, data.subject, new Set(inconclusive.map((each) => each.field)))),
    section(t("integrated"), table([t("owner"), t("party"), t("direct"), t("integrated")], rows, t("integrated"))),
  ];
}

/** Who controls the organisation in the end, and the persons behind it; what is not known is not «nobody». */
function inCharge(context: Context, { controllers, beneficialOwners }: Owned, open: ReadonlySet<string>): HTMLElement[] {
  const none = (found: unknown[] | null | undefined): HTMLElement => h("p", { class: "muted" }, found ? t("none") : t("hiddenHere"));
  const known = (field: string, shown: HTMLElement | null, found: unknown[] | null | undefined): HTMLElement[] => {
    const further = open.has(field) ? [h("p", { class: "warning" }, t("unknownOwner"))] : [];
    return shown ? [shown, ...further] : further.length ? further : [none(found)];
  };
  const controlling = (controllers ?? []).map((each) => [thing(context, each.subject), v(each.basis), percent(each.voting), each.ultimate ? t("ultimate") : ""]);
  const behind = (beneficialOwners ?? []).map((each) => [thing(context, each.person), v(each.basis === "PERSON_IN_CHARGE" ? "DAILY_MANAGEMENT" : each.basis), percent(each.integrated), percent(each.voting)]);
  return [
    section(t("controllers"), ...known("controllers", controlling.length ? table([t("name"), t("basis"), t("voting"), t("ultimate")], controlling, t("controllers")) : null, controllers)),
    section(t("beneficial"), ...known("beneficialOwners", behind.length ? table([t("name"), t("basis"), t("integrated"), t("voting")], behind, t("beneficial")) : null, beneficialOwners)),
  ];
}
