// The page of a subject: card, measures, records, posts, holdings, timeline. Every number opens what it counts.

import { type Context, thing, things } from "../context";
import { byKind } from "../counts";
import { h, section } from "../dom";
import { holdingRow, paged, postRow, recordHeads, recordRow, type Row } from "../lists";
import {
  MORE_BRANCHES, MORE_EVENTS, MORE_INVESTMENTS, MORE_ISSUED, MORE_POSTS, MORE_RECORDS, MORE_SHAREHOLDERS, SUBJECT,
} from "../queries";
import { Problem } from "../api";
import { findings } from "./findings";
import type { Check, Named, Page, Period, RelationCount } from "../types";
import { language, money, span, stateOf, t, v } from "../words";

const MORE: Record<string, string> = {
  records: MORE_RECORDS, issued: MORE_ISSUED, posts: MORE_POSTS, shareholders: MORE_SHAREHOLDERS, investments: MORE_INVESTMENTS,
  branches: MORE_BRANCHES, timeline: MORE_EVENTS,
};

interface Subject extends Named {
  kind: string;
  formerIds: string[];
  withheld: string[];
  region: Named | null;
  identifiers: { scheme: string; value: string; masked: boolean; validity: Period }[];
  formerNames: { name: string; validity: Period }[];
  relationCounts: RelationCount[];
  possiblySame: { reasons: string[]; subject: Named }[] | null;
  records: Page<any>;
  investments: Page<any>;
  timeline: Page<any>;
  posts?: Page<any>;
  shareholders?: Page<any>;
  branches?: Page<any>;
  issued?: Page<any>;
  parent?: Named | null;
  keyGroups?: Named[];
  qualifications?: { id: string; profession: string; validity: Period }[];
  address?: string | null;
  registeredCapital?: string | null;
}

export async function subject(context: Context): Promise<Element[]> {
  const { id } = context.place;
  const variables = { id, subject: id, asOf: context.place.asOf || null, lang: language() };
  const { data } = await context.ask<{ subject: Subject | null; check: Check | null }>(SUBJECT, variables);
  const found = data.subject;
  if (!found) throw new Problem("NOT_FOUND", t("notFound"));
  const why = (kind: "m" | "n", key: string): string => context.href("check", { id, [kind]: key });
  return [
    h("div", { class: "columns" },
      h("div", { class: "main" }, card(context, found, id, data.check), data.check ? findings(context, data.check, why) : null),
      h("div", { class: "side" }, lists(context, found, id))),
  ];
}

function card(context: Context, found: Subject, asked: string, check: Check | null): HTMLElement {
  const facts: [string, Row[number]][] = [
    [t("status"), stateOf({ status: found.status })],
    ...found.identifiers.map((each): [string, string] => [v(each.scheme), `${each.value}${each.masked ? ` (${t("masked")})` : ""}`]),
    [t("region"), found.region ? thing(context, found.region) : ""],
    [t("address"), found.address ?? ""],
    [t("capital"), found.registeredCapital ? h("span", { title: found.registeredCapital }, money(found.registeredCapital)) : ""],
    [t("formerNames"), found.formerNames.map((each) => `${each.name} (${span(each.validity)})`).join("; ")],
    [t("keyGroups"), found.keyGroups ? things(context, found.keyGroups) : ""],
    [v("PART_OF"), found.parent ? thing(context, found.parent) : ""],
    [v("Qualification"), (found.qualifications ?? []).map((each) => `${each.profession} (${span(each.validity)})`).join("; ")],
    [t("withheld"), found.withheld.join(", ")],
  ];
  const go = (view: string, label: string): HTMLElement => h("a", { class: "action", href: context.href(view, { id: asked }) }, label);
  const outcome = check && (check.outcome === "NOTHING_FOUND" && !check.complete ? t("inconclusive") : v(check.outcome));
  return h(
    "section",
    { class: "card" },
    h("div", { class: "muted" }, v(found.kind)),
    h("h1", {}, found.name ?? ""),
    found.formerIds.includes(asked) ? h("p", { class: "warning" }, `${t("merged")} ${asked}`) : null,
    outcome ? h("p", { class: "outcome" }, `${t("check")}: `, h("span", { class: `badge ${check.outcome}` }, outcome)) : null,
    h("dl", {}, facts.filter(([, value]) => (Array.isArray(value) ? value.length : value)).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("p", { class: "counts" }, byKind(found.relationCounts).map((each) =>
      h("a", { class: "pill", href: context.href("picture", { id: asked, kinds: each.kind }) }, `${each.label} ${each.count}${each.capped ? "+" : ""}`))),
    h("nav", { class: "actions", "aria-label": t("picture") }, go("picture", t("picture")), go("check", t("why")), go("ownership", t("ownership")), go("whatif", t("whatIf"))),
  );
}

function lists(context: Context, found: Subject, id: string): HTMLElement[] {
  const more = (list: string) => async (after: string): Promise<Page<any>> => {
    const { data } = await context.ask<{ subject: any }>(MORE[list], { id, after, asOf: context.place.asOf || null, lang: language() });
    return data.subject[list];
  };
  const listing = (list: keyof Subject & string, title: string, heads: string[], row: (node: any) => Row): HTMLElement | null => {
    const page = found[list] as Page<any> | undefined;
    return page ? paged(context, { title, heads, row, more: more(list) }, page, list) : null;
  };
  const same = found.possiblySame ?? [];
  return [
    listing("records", t("records"), recordHeads(), (node) => recordRow(context, node)),
    listing("issued", t("issued"), recordHeads(), (node) => recordRow(context, node)),
    listing("posts", t("posts"), [t("name"), t("post"), t("period")], (node) => postRow(context, node, found.id)),
    listing("shareholders", t("shareholders"), [t("name"), t("share"), t("period")], (node) => holdingRow(context, node, "holder")),
    listing("investments", t("investments"), [t("name"), t("share"), t("period")], (node) => holdingRow(context, node, "organization")),
    listing("branches", t("branches"), [t("name"), t("kind")], (node) => [thing(context, node), v(node.__typename)]),
    same.length
      ? section(t("possiblySame"), h("ul", {}, same.map((each) => h("li", {}, thing(context, each.subject), ` ${each.reasons.join(", ")}`))))
      : null,
    listing("timeline", t("timeline"), [t("decided"), t("kind"), t("content")], (node) => [
      h("a", { href: context.href("subject", { id, asOf: node.on }) }, node.on), v(node.kind), [node.summary, " ", thing(context, node.node)],
    ]),
  ].filter((each) => each !== null);
}
