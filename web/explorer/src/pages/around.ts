// The neighbourhood of a subject, from which everything else is expanded; its days of change; two days compared.

import { Problem } from "../api";
import { type Context, cutNote, things } from "../context";
import { FIRST_DAY, LAST_DAY } from "../days";
import { button, h } from "../dom";
import { Picture } from "../picture";
import { AROUND } from "../queries";
import { compare, EMPTY, merge, type Scene } from "../scene";
import { fromJson } from "../export";
import type { Place } from "../link";
import type { Page, Rest } from "../steps";
import type { Named } from "../types";
import { language, others, t } from "../words";

const FIRST = 30;

interface Around {
  subject: (Named & { timeline: { totalCount: number; nodes: { on: string }[] } }) | null;
  expand: Page | null;
  before?: Pick<Page, "pageInfo" | "subgraph"> | null;
}

export async function around(context: Context): Promise<Element[]> {
  const { id, kinds, with: other } = context.place;
  const relations = kinds ? kinds.split("-") : null;
  const variables = { id, identifier: id, relations, first: FIRST, asOf: context.place.asOf || null, other: other || null, comparing: Boolean(other), lang: language() };
  const { data, errors } = await context.ask<Around>(AROUND, variables);
  if (!data.subject || !data.expand) throw errors[0] ?? new Problem("NOT_FOUND", t("notFound"));
  const { subgraph, totalCount, pageInfo } = data.expand;
  const parts = Boolean(data.before && (pageInfo.hasNextPage || data.before.pageInfo.hasNextPage));
  const start = merge(data.before ? between(data.before.subgraph, subgraph, other, context.asOf, parts) : merge(EMPTY, subgraph), { nodes: [data.subject], edges: [] });
  const rest: Rest[] = pageInfo.hasNextPage && pageInfo.endCursor ? [{ subject: data.subject.id, kinds: kinds ?? "", after: pageInfo.endCursor, left: Math.max(1, totalCount - FIRST) }] : [];
  const changes = [...new Set(data.subject.timeline.nodes.map((each) => each.on))].sort();
  const unknown = data.subject.timeline.totalCount - data.subject.timeline.nodes.length; // the oldest
  const picture = new Picture({ ...start, selected: data.subject.id }, context, { days: changes, earlierDays: unknown > 0, rests: rest });
  requestAnimationFrame(() => void picture.start());
  return [
    h("h1", {}, `${t("picture")}: `, things(context, [data.subject])),
    days(context, changes, unknown > 0 ? h("a", { href: context.href("subject", { id }) }, others(unknown)) : null),
    parts ? h("p", { class: "warning" }, t("compareCut")) : null,
    cutNote(subgraph.truncated),
    picture.element,
    opener((file) => void picture.openFile(file), context.fail),
  ].filter((each) => each !== null);
}

/** The other day may be the earlier or the later one: what is marked is what happened from the one to the other. */
function between(there: Page["subgraph"], here: Page["subgraph"], other: string, asOf: string, parts: boolean): Scene {
  const [earlier, later] = [other, asOf].sort();
  const days = parts ? { earlier, later } : undefined;
  return other < asOf ? compare(there, here, days) : compare(here, there, days);
}

/** The days on which something about the subject changed, to choose from; and a second day to compare with. */
function days(context: Context, ticks: string[], more: HTMLElement | null): HTMLElement {
  const { with: other } = context.place;
  const another = (more: Place) => (event: Event): void => {
    event.preventDefault();
    context.go("picture", { ...context.place, ...more }); // with all that was done to the picture since
  };
  const comparing = h("input", { type: "date", id: "compare", min: FIRST_DAY, max: LAST_DAY, value: other ?? "", change: (event: Event) => comparing.checkValidity() && another({ with: comparing.value })(event) });
  return h(
    "div",
    { class: "days" },
    h("label", { for: "compare" }, t("compare")), comparing,
    other ? h("span", { class: "legend" }, h("span", { class: "began" }, `+ ${t("began")}`), " ", h("span", { class: "ended" }, `− ${t("ended")}`)) : null,
    h("nav", { class: "ticks", "aria-label": t("ticks") }, ticks.map((day) => h("a", { href: context.href("picture", { ...context.place, asOf: day }), click: another({ asOf: day }), "aria-current": day === context.asOf ? "date" : null }, day)), more),
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
