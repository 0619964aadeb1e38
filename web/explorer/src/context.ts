// What every page is given: where it is, how to ask, how to go on. It must not know any page.

import type { Answer } from "./api";
import type { Place } from "./link";
import { h } from "./dom";
import { titleOf } from "./draw";
import { viewOf } from "./link";
import type { Named, Truncation } from "./types";
import { others, stateOf, t, v } from "./words";

export interface Context {
  readonly place: Place;
  readonly asOf: string;
  ask<T>(query: string, variables: object): Promise<Answer<T>>;
  file(path: string, body: object): Promise<Blob>; // that the server makes of an answer
  href(view: string, more?: Place): string;
  go(view: string, more?: Place): void;
  /** Into the address without leaving the page: a step that can be gone back, or in place of the present one. */
  note(more: Place, how: "step" | "replace"): void;
  /** Called when the reader goes back or forth within what this page asked. */
  onReturn(handler: (place: Place) => void): void;
  back(): boolean; // false: this page has no earlier step
  forth(): boolean;
  fail(error: unknown, again?: () => void): void;
}

export type Show = (context: Context) => Promise<Element[]>;

/** Every thing that has an id is a link to its page. */
export function thing(context: Context, node: Named | null | undefined): HTMLElement | string {
  if (!node) return "";
  const title = titleOf(node);
  const state = node.status ?? node.state;
  return h(
    "span",
    {},
    h("a", { href: context.href(viewOf(node.__typename), { id: node.id }), title }, title),
    state && state !== "ACTIVE" ? h("span", { class: "state" }, stateOf(node)) : null,
  );
}

export function things(context: Context, nodes: Named[]): (HTMLElement | string)[] {
  return nodes.flatMap((node, index) => (index ? ["、", thing(context, node)] : [thing(context, node)]));
}

export function cutNote(truncated: Truncation | null | undefined): HTMLElement | null {
  if (!truncated) return null;
  const many = truncated.omitted === null ? "" : ` ${others(truncated.omitted, truncated.lowerBound)}`;
  return h("p", { class: "warning" }, `${t("truncated")}: ${v(truncated.reason)}.${many}`);
}
