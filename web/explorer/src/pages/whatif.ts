// 如果: one supposition about a subject, and what would appear or vanish. Nothing is stored.

import { Problem } from "../api";
import { type Context } from "../context";
import { h, section } from "../dom";
import { Picture } from "../picture";
import { titleOf } from "../draw";
import { WHAT_IF } from "../queries";
import { compare, merge, pathGraph, type Scene } from "../scene";
import type { Measure, Named, Page, Subgraph, Warning } from "../types";
import { language, t, v } from "../words";
import { measureItem, steps } from "./findings";

interface Line {
  id: string;
  post?: string;
  share?: string | null;
  person?: Named;
  holder?: Named;
  organization: Named;
}

interface Choices extends Named {
  records: Page<Named>;
  posts?: Page<Line>;
  investments: Page<Line>;
}

interface Followed {
  before: { outcome: string };
  after: { outcome: string; complete: boolean; warnings: Warning[] };
  appeared: Measure[];
  vanished: Measure[];
}

export async function whatIf(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const { s: supposed, on } = context.place;
  const supposing = Boolean(supposed && on);
  const variables = { id, subject: id, changes: supposing ? [changeOf(supposed, on)] : [], supposing, asOf: context.place.asOf || null, lang: language() };
  const { data } = await context.ask<{ subject: Choices | null; whatIf?: Followed | null }>(WHAT_IF, variables);
  const found = data.subject;
  if (!found) throw new Problem("NOT_FOUND", t("notFound"));
  const lineName = (line: Line): string =>
    `${titleOf(line.person ?? line.holder ?? found)} → ${titleOf(line.organization)} (${line.post ? v(line.post) : `${line.share ?? "?"} %`})`;
  const lines = [...(found.posts?.nodes ?? []), ...found.investments.nodes];
  const choice = h(
    "select",
    { id: "suppose" },
    h("optgroup", { label: t("repairRecord") }, found.records.nodes.map((record) => h("option", { value: `record ${record.id}` }, record.summary ?? titleOf(record)))),
    h("optgroup", { label: t("endPost") }, lines.map((line) => h("option", { value: `line ${line.id}` }, lineName(line)))),
  );
  if (context.place.s) choice.value = context.place.s;
  const day = h("input", { type: "date", id: "on-day", value: context.place.on || context.asOf, required: true });
  const more = found.records.pageInfo.hasNextPage || found.investments.pageInfo.hasNextPage || found.posts?.pageInfo.hasNextPage;
  const form = h(
    "form",
    {
      class: "card form",
      submit: (event: Event) => {
        event.preventDefault();
        context.go("whatif", { id, s: choice.value, on: day.value });
      },
    },
    h("p", {}, h("label", { for: "suppose" }, t("suppose")), choice),
    h("p", {}, h("label", { for: "on-day" }, t("onDay")), day),
    more ? h("p", { class: "warning" }, `${t("truncated")}: 50 · `, h("a", { href: context.href("subject", { id }) }, t("openPage"))) : null,
    h("p", {}, h("button", { type: "submit", class: "primary" }, t("askIt"))),
    h("p", { class: "muted" }, t("whatIfNote")),
  );
  return [h("h1", {}, `${t("whatIf")} `, h("a", { href: context.href("subject", { id }) }, titleOf(found))), form, data.whatIf ? followed(context, found, data.whatIf) : null].filter((each) => each !== null);
}

function changeOf(supposed: string, on: string): object {
  const [kind, id] = supposed.split(" ");
  return kind === "record" ? { changeRecord: { record: id, state: "REPAIRED", on } } : { endRelation: { relation: id, on } };
}

/** The paths of what would appear and of what would vanish over one another, each line marked that lies on one of them only. */
function drawn(subject: Named, { appeared, vanished }: Followed): Scene {
  const paths = (measures: Measure[]): Pick<Subgraph, "nodes" | "edges"> => {
    const graphs = measures.map((each) => pathGraph(each.path));
    return { nodes: [...graphs.flatMap((each) => each.nodes), ...measures.map((each) => each.party)], edges: graphs.flatMap((each) => each.edges) };
  };
  return { ...merge(compare(paths(vanished), paths(appeared)), { nodes: [subject], edges: [] }), selected: subject.id };
}

function followed(context: Context, subject: Named, found: Followed): HTMLElement {
  const picture = found.appeared.length + found.vanished.length ? new Picture(drawn(subject, found), context) : null;
  if (picture) requestAnimationFrame(() => void picture.start());
  const list = (measures: Measure[]): HTMLElement =>
    measures.length ? h("ul", { class: "findings" }, measures.map((each) => {
      const item = measureItem(context, each, null);
      item.append(steps(context, each.path));
      return item;
    })) : h("p", { class: "muted" }, t("none"));
  const side = (kind: "began" | "ended", title: string, measures: Measure[]): HTMLElement =>
    h("div", { class: kind }, section(`${title} (${measures.length})`, list(measures)));
  return h("div", { role: "status" },
    h("p", { class: "outcome" }, h("span", { class: `badge ${found.before.outcome}` }, v(found.before.outcome)), " → ", h("span", { class: `badge ${found.after.outcome}` }, v(found.after.outcome))),
    found.after.complete ? null : h("p", { class: "warning" }, t("inconclusive")),
    found.after.warnings.map((each) => h("p", { class: "warning" }, each.message)),
    h("div", { class: "columns even" }, side("began", `+ ${t("appeared")}`, found.appeared), side("ended", `− ${t("vanished")}`, found.vanished)),
    picture?.element);
}
