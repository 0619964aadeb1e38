// Lists that page: rows, how many of how many, and a button for the rest. It must not know a page.

import { type Context, thing } from "./context";
import { button, h, section, show, table } from "./dom";
import type { Named, Page } from "./types";
import { percent, span, t, v } from "./words";

export type Row = (HTMLElement | string | null | (HTMLElement | string)[])[];

export interface Listing<T> {
  title: string;
  heads: string[];
  row(node: T): Row;
  more(after: string): Promise<Page<T>>;
}

export function paged<T>(context: Context, listing: Listing<T>, first: Page<T>, id?: string): HTMLElement {
  const place = h("div");
  let nodes = first.nodes;
  const render = (page: Page<T>): void => {
    const count = `${nodes.length} / ${t("of")} ${first.totalCount}`;
    const next = page.pageInfo.hasNextPage && page.pageInfo.endCursor;
    show(
      place,
      nodes.length ? table(listing.heads, nodes.map((node) => listing.row(node)), listing.title) : h("p", { class: "muted" }, t("none")),
      next
        ? h("p", {}, h("span", { class: "muted" }, `${count} `), button(t("more"), (event) => {
            const asked = event.currentTarget as HTMLButtonElement;
            asked.disabled = true; // a second click would bring the same page twice
            listing.more(next).then((more) => {
              nodes = [...nodes, ...more.nodes];
              render(more);
              place.querySelector("button")?.focus();
            }, (error: unknown) => {
              asked.disabled = false;
              context.fail(error);
            });
          }))
        : null,
    );
  };
  render(first);
  const found = section(`${listing.title} (${first.totalCount})`, place);
  if (id) found.id = id;
  return found;
}

interface Recorded extends Named {
  decidedOn: string | null;
  published: { from: string | null; until: string | null } | null;
  subjects?: Named[];
}

export const recordHeads = (): string[] => [t("record"), t("kind"), t("decided"), t("state"), t("published")];

export function recordRow(context: Context, record: Recorded): Row {
  return [
    h("a", { href: context.href("record", { id: record.id }) }, record.summary || record.documentNumber || v(record.recordKind)),
    v(record.recordKind),
    record.decidedOn ?? "",
    h("span", { class: `badge ${record.state}` }, v(record.state)),
    record.published ? span(record.published) : t("notPublished"),
  ];
}

interface PostRow {
  post: string;
  validity: { from: string | null; until: string | null };
  person: Named;
  organization: Named;
}

export function postRow(context: Context, post: PostRow, own: string): Row {
  return [thing(context, post.person.id === own ? post.organization : post.person), v(post.post), span(post.validity)];
}

interface HoldingRow {
  share: string | null;
  validity: { from: string | null; until: string | null };
  holder: Named;
  organization: Named;
}

export function holdingRow(context: Context, holding: HoldingRow, other: "holder" | "organization"): Row {
  return [thing(context, holding[other]), percent(holding.share), span(holding.validity)];
}
