// 如果: one supposition about a subject, and what would appear or vanish. Nothing is stored.

import { Problem } from "../api";
import { type Context } from "../context";
import { h, section, show } from "../dom";
import { titleOf } from "../draw";
import { CHOICES, WHAT_IF } from "../queries";
import type { Measure, Named, Page, Warning } from "../types";
import { language, t, v } from "../words";
import { measureItem } from "./findings";

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
  const { data } = await context.ask<{ subject: Choices | null }>(CHOICES, { id, asOf: context.asOf || null, lang: language() });
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
  const result = h("div", { "aria-live": "polite" });
  const more = found.records.pageInfo.hasNextPage || found.investments.pageInfo.hasNextPage || found.posts?.pageInfo.hasNextPage;
  const form = h(
    "form",
    {
      class: "card form",
      submit: (event: Event) => {
        event.preventDefault();
        context.note({ s: choice.value, on: day.value });
        follow(context, choice.value, day.value, result).catch(context.fail);
      },
    },
    h("p", {}, h("label", { for: "suppose" }, t("suppose")), choice),
    h("p", {}, h("label", { for: "on-day" }, t("onDay")), day),
    more ? h("p", { class: "warning" }, `${t("truncated")}: 50`) : null,
    h("p", {}, h("button", { type: "submit", class: "primary" }, t("askIt"))),
    h("p", { class: "muted" }, t("whatIfNote")),
  );
  if (context.place.s && context.place.on) await follow(context, context.place.s, context.place.on, result);
  return [h("h1", {}, `${t("whatIf")} `, h("a", { href: context.href("subject", { id }) }, titleOf(found))), form, result];
}

async function follow(context: Context, choice: string, on: string, result: Element): Promise<void> {
  const [kind, id] = choice.split(" ");
  const change = kind === "record" ? { changeRecord: { record: id, state: "REPAIRED", on } } : { endRelation: { relation: id, on } };
  const variables = { id: context.place.id, changes: [change], asOf: context.asOf || null, lang: language() };
  const { whatIf: found } = (await context.ask<{ whatIf: Followed }>(WHAT_IF, variables)).data;
  const list = (measures: Measure[]): HTMLElement =>
    measures.length ? h("ul", { class: "findings" }, measures.map((each) => measureItem(context, each, null))) : h("p", { class: "muted" }, t("none"));
  show(
    result,
    h("p", { class: "outcome" }, h("span", { class: `badge ${found.before.outcome}` }, v(found.before.outcome)), " → ", h("span", { class: `badge ${found.after.outcome}` }, v(found.after.outcome))),
    found.after.complete ? null : h("p", { class: "warning" }, t("inconclusive")),
    found.after.warnings.map((each) => h("p", { class: "warning" }, each.message)),
    h("div", { class: "columns even" }, h("div", { class: "began" }, section(`+ ${t("appeared")} (${found.appeared.length})`, list(found.appeared))), h("div", { class: "ended" }, section(`− ${t("vanished")} (${found.vanished.length})`, list(found.vanished)))),
  );
}
