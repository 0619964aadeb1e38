// The neighbourhood of a subject, from which everything else is expanded; its days of change; two days compared.

import { Problem } from "../api";
import { type Context, cutNote, things } from "../context";
import { button, h } from "../dom";
import { viewOf } from "../link";
import { Picture } from "../picture";
import { AROUND } from "../queries";
import { compare, EMPTY, merge } from "../scene";
import { fromJson } from "../export";
import type { Named, Subgraph } from "../types";
import { language, others, t } from "../words";

const FIRST = 30;

interface Around {
  subject: (Named & { timeline: { nodes: { on: string }[] } }) | null;
  expand: { totalCount: number; pageInfo: { hasNextPage: boolean }; subgraph: Subgraph } | null;
}

export async function around(context: Context): Promise<Element[]> {
  const { id, kinds, with: other } = context.place;
  const asked = (asOf: string) =>
    context.ask<Around>(AROUND, { id, identifier: id, relations: kinds ? kinds.split(",") : null, first: FIRST, asOf: asOf || null, lang: language() });
  const [{ data, asOf }, then] = await Promise.all([asked(context.asOf), other ? asked(other) : null]);
  if (!data.subject || !data.expand) throw new Problem("NOT_FOUND", t("notFound"));
  const { subgraph, totalCount } = data.expand;
  const start = merge(then?.data.expand ? compare(then.data.expand.subgraph, subgraph) : merge(EMPTY, subgraph), { nodes: [data.subject], edges: [] });
  const picture = new Picture({ ...start, selected: data.subject.id }, {
    asOf: context.asOf || asOf,
    open: (node) => context.go(viewOf(picture.scene.nodes.find((each) => each.id === node)?.__typename ?? ""), { id: node }),
    fail: context.fail,
  });
  requestAnimationFrame(() => void picture.render(true));
  const left = totalCount - FIRST;
  return [
    h("h1", {}, `${t("picture")}: `, things(context, [data.subject])),
    days(context, [...new Set(data.subject.timeline.nodes.map((each) => each.on))].sort()),
    left > 0 ? h("p", { class: "warning" }, `${others(left)} `, h("a", { href: context.href("subject", { id }) }, t("openPage")), ` · ${t("expand")}: E`) : null,
    cutNote(subgraph.truncated),
    picture.element,
    opener(({ scene, asOf: day }) => void picture.openFile(scene, day), context.fail),
  ].filter((each) => each !== null);
}

/** The days on which something about the subject changed, to choose from; and a second day to compare with. */
function days(context: Context, ticks: string[]): HTMLElement {
  const { id, kinds, with: other } = context.place;
  const place = (more: Record<string, string>): string => context.href("picture", { id, ...(kinds ? { kinds } : {}), ...(other ? { with: other } : {}), ...more });
  const comparing = h("input", { type: "date", value: other ?? "", "aria-label": t("compare"), change: (event: Event) => context.go("picture", { id, ...(kinds ? { kinds } : {}), with: (event.target as HTMLInputElement).value }) });
  return h(
    "div",
    { class: "days" },
    h("label", {}, `${t("compare")} `, comparing),
    other ? h("span", { class: "legend" }, h("span", { class: "began" }, `+ ${t("began")}`), " ", h("span", { class: "ended" }, `− ${t("ended")}`)) : null,
    h("nav", { class: "ticks", "aria-label": t("ticks") }, ticks.map((day) => h("a", { href: place({ asOf: day }), "aria-current": day === context.asOf ? "date" : null }, day))),
  );
}

function opener(opened: (file: ReturnType<typeof fromJson>) => void, fail: (error: unknown) => void): HTMLElement {
  const input = h("input", {
    type: "file", accept: ".json,application/json", hidden: true,
    change: () => {
      void input.files?.[0]?.text().then((text) => opened(fromJson(text))).catch(() => fail(new Problem("BAD_FILE", t("badFile"))));
    },
  });
  return h("p", { class: "no-print" }, button(t("openJson"), () => input.click()), input);
}
