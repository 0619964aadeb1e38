// The neighbourhood of a subject, from which everything else is expanded; its days of change; two days compared.

import { Problem } from "../api";
import { type Context, cutNote, things } from "../context";
import { button, h } from "../dom";
import { Picture } from "../picture";
import { AROUND } from "../queries";
import { compare, EMPTY, merge } from "../scene";
import { fromJson } from "../export";
import type { Place } from "../link";
import type { Page, Rest } from "../steps";
import type { Named, Subgraph } from "../types";
import { language, t } from "../words";

const FIRST = 30;

interface Around {
  subject: (Named & { timeline: { nodes: { on: string }[] } }) | null;
  expand: Page | null;
  before?: { subgraph: Subgraph } | null;
}

export async function around(context: Context): Promise<Element[]> {
  const { id, kinds, with: other } = context.place;
  const relations = kinds ? kinds.split("-") : null;
  const variables = { id, identifier: id, relations, first: FIRST, asOf: context.place.asOf || null, other: other || null, comparing: Boolean(other), lang: language() };
  const { data } = await context.ask<Around>(AROUND, variables);
  if (!data.subject || !data.expand) throw new Problem("NOT_FOUND", t("notFound"));
  const { subgraph, totalCount, pageInfo } = data.expand;
  const start = merge(data.before ? compare(data.before.subgraph, subgraph) : merge(EMPTY, subgraph), { nodes: [data.subject], edges: [] });
  const rest: Rest[] = pageInfo.hasNextPage && pageInfo.endCursor ? [{ subject: data.subject.id, kinds: kinds ?? "", after: pageInfo.endCursor, left: Math.max(1, totalCount - FIRST) }] : [];
  const changes = [...new Set(data.subject.timeline.nodes.map((each) => each.on))].sort();
  const picture = new Picture({ ...start, selected: data.subject.id }, context, { days: changes, rests: rest });
  requestAnimationFrame(() => void picture.start());
  return [
    h("h1", {}, `${t("picture")}: `, things(context, [data.subject])),
    days(context, changes),
    cutNote(subgraph.truncated),
    picture.element,
    opener((file) => void picture.openFile(file), context.fail),
  ].filter((each) => each !== null);
}

/** The days on which something about the subject changed, to choose from; and a second day to compare with. */
function days(context: Context, ticks: string[]): HTMLElement {
  const { with: other } = context.place;
  const another = (more: Place) => (event: Event): void => {
    event.preventDefault();
    context.go("picture", { ...context.place, ...more }); // with all that was done to the picture since
  };
  const comparing = h("input", { type: "date", id: "compare", value: other ?? "", change: (event: Event) => another({ with: comparing.value })(event) });
  return h(
    "div",
    { class: "days" },
    h("label", { for: "compare" }, t("compare")), comparing,
    other ? h("span", { class: "legend" }, h("span", { class: "began" }, `+ ${t("began")}`), " ", h("span", { class: "ended" }, `− ${t("ended")}`)) : null,
    h("nav", { class: "ticks", "aria-label": t("ticks") }, ticks.map((day) => h("a", { href: context.href("picture", { ...context.place, asOf: day }), click: another({ asOf: day }), "aria-current": day === context.asOf ? "date" : null }, day))),
  );
}

function opener(opened: (file: ReturnType<typeof fromJson>) => void, fail: (error: unknown) => void): HTMLElement {
  const input = h("input", {
    type: "file", accept: ".json,application/json", hidden: true,
    change: () => {
      void input.files?.[0]?.text().then((text) => opened(fromJson(text))).catch(() => fail(new Problem("BAD_FILE", t("badFile"))));
      input.value = "";
    },
  });
  return h("p", { class: "no-print" }, button(t("openJson"), () => input.click()), input);
}
