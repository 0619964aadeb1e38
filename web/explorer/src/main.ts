// The frame around every page: search box, day, language, sign-in; goes from page to page by the address.
// It must not know what a page shows.

import "./style.css";
import { ask, Problem, signIn, signOut, token } from "./api";
import type { Context, Show } from "./context";
import { button, h, show } from "./dom";
import { titleOf } from "./draw";
import { address, parse, to, viewOf, type Place } from "./link";
import { around } from "./pages/around";
import { bids } from "./pages/bids";
import { links } from "./pages/links";
import { board, departments, node } from "./pages/others";
import { ownership } from "./pages/ownership";
import { record } from "./pages/record";
import { home, results } from "./pages/search";
import { subject } from "./pages/subject";
import { whatIf } from "./pages/whatif";
import { check } from "./pages/why";
import { SUGGEST, VIEWER } from "./queries";
import type { Named } from "./types";
import { language, speak, t, v } from "./words";

declare const __OFFERED__: string[]; // root fields of the schema this page was built with

const PAGES: Record<string, Show> = {
  home, search: results, subject, record, picture: around, check, whatif: whatIf, board, departments,
  list: node, group: node, region: node, node, ownership, links, bids,
};
const NEEDS: Record<string, string> = { ownership: "ownership", links: "links", bids: "bidConflicts" };
const PAUSE = 180; // ms without a key before suggestions are asked for

const app = document.getElementById("app")!;
const content = h("main", { id: "content", tabindex: -1 });
const notice = h("div", { class: "notice", role: "alert" });
const header = h("header");
let place: Place = {};
let role = "PUBLIC";
let today = "";
let asking: AbortController | null = null;

function go(next: Place): void {
  history.pushState(null, "", address(next));
  void open();
}

function fail(error: unknown): void {
  const problem = error instanceof Problem ? error : new Problem("INTERNAL", error instanceof Error ? error.message : String(error));
  const actions = problem.code === "UNAUTHENTICATED"
    ? [button(t("signOut"), () => leave()), button(t("signIn"), () => signInDialog())]
    : [button(t("again"), () => void open())];
  show(notice, h("p", {}, problem.message), h("p", { class: "actions" }, actions, button(t("close"), () => show(notice))));
}

async function open(): Promise<void> {
  asking?.abort();
  const turn = (asking = new AbortController());
  place = parse(location.search);
  speak(place.lang);
  show(notice);
  drawHeader();
  const wait = setTimeout(() => show(notice, h("p", { class: "busy" }, t("loading"), " ", button(t("cancel"), () => turn.abort()))), 300);
  const view = place.view ?? "home";
  const page = PAGES[view] ?? home;
  try {
    await whoAmI(turn.signal);
    const missing = NEEDS[view] && !__OFFERED__.includes(NEEDS[view]);
    const parts = missing ? [h("h1", {}, t(view as "links")), h("p", { class: "warning" }, t("notServed"))] : await page(contextOf(turn.signal));
    if (turn.signal.aborted) throw new Problem("CANCELLED", t("cancelled"));
    show(content, ...parts);
    document.title = [content.querySelector("h1")?.textContent, t("title")].filter(Boolean).join(" · ");
    clearTimeout(wait);
    if (notice.querySelector(".busy")) show(notice);
  } catch (error) {
    clearTimeout(wait);
    if (turn !== asking) return; // another page was opened meanwhile
    if (error instanceof Problem && error.code === "NOT_FOUND") show(content, h("h1", {}, t("noResult")), h("p", {}, t("notFound")));
    else fail(error);
    if (error instanceof Problem && error.code === "NOT_FOUND") show(notice);
  }
}

/** The role is asked once a sign-in: the page's own question follows as one operation. */
async function whoAmI(signal: AbortSignal): Promise<void> {
  if (today) return;
  const { data, asOf } = await ask<{ viewer: { role: string } }>(VIEWER, {}, signal);
  role = data.viewer.role;
  today = asOf;
  drawHeader();
}

function contextOf(signal: AbortSignal): Context {
  return {
    place,
    asOf: place.asOf || today,
    role,
    ask: async (query, variables) => {
      const answer = await ask<any>(query, variables, signal);
      const cut = answer.cut.map((each) => h("p", {}, `${t("cut")} ${each.field} (${each.most})`));
      const parts = answer.errors.map((each) => h("p", {}, `${t("partial")} ${each.message}`));
      if (cut.length || parts.length) show(notice, cut, parts, button(t("close"), () => show(notice)));
      return answer;
    },
    href: (view, more) => address(to(place, view, more)),
    go: (view, more) => go(to(place, view, more)),
    note: (more) => {
      place = { ...place, ...more };
      history.replaceState(null, "", address(place));
    },
    fail,
  };
}

function leave(): void {
  signOut();
  today = "";
  role = "PUBLIC";
  show(content);
  void open();
}

function signInDialog(): void {
  const field = h("textarea", { id: "token", rows: 4, autocomplete: "off", spellcheck: false, required: true });
  const dialog = h("dialog", { "aria-labelledby": "sign-in-title" },
    h("form", {
      method: "dialog",
      submit: () => {
        signIn(field.value);
        today = "";
        void open();
      },
    },
    h("h2", { id: "sign-in-title" }, t("signIn")),
    h("p", {}, h("label", { for: "token" }, t("token")), field),
    h("p", { class: "muted" }, t("tokenHint")),
    h("p", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("signIn")), button(t("close"), () => dialog.close()))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// ------------------------------------------------------------------ header

function drawHeader(): void {
  const other = place.lang === "en" ? "zh" : "en";
  const day = h("input", {
    type: "date", id: "as-of", value: place.asOf || today,
    change: (event: Event) => go({ ...place, asOf: (event.target as HTMLInputElement).value }),
  });
  show(
    header,
    h("a", { class: "skip", href: "#content" }, t("search")),
    h("a", { class: "brand", href: address(to(place, "home")) }, t("title")),
    searchBox(),
    h("label", { class: "day", for: "as-of" }, t("asOf")), day,
    place.asOf ? h("a", { href: address({ ...place, asOf: "" }) }, t("today")) : null,
    h("span", { class: "role", title: t("role") }, v(role)),
    token() ? button(t("signOut"), leave) : button(t("signIn"), signInDialog),
    h("a", { class: "language", href: address({ ...place, lang: other === "en" ? "en" : "" }), lang: other, hreflang: other }, other === "en" ? "English" : "中文"),
  );
}

/** A combobox: arrows choose a suggestion, Enter opens it or, with none chosen, lists all that is found. */
function searchBox(): HTMLElement {
  const list = h("ul", { id: "suggestions", role: "listbox", "aria-label": t("suggestions"), hidden: true });
  const input = h("input", {
    id: "search", type: "search", role: "combobox", autocomplete: "off", value: place.q ?? "", placeholder: t("searchHint"),
    "aria-label": t("searchHint"), "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false",
  });
  let found: Named[] = [];
  let chosen = -1;
  let timer = 0;
  let turn: AbortController | null = null;
  const close = (): void => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index: number): void => {
    chosen = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${index}`);
  };
  const openHit = (hit: Named): void => go(to(place, viewOf(hit.__typename), { id: hit.id }));
  const suggest = async (): Promise<void> => {
    const text = input.value.trim();
    turn?.abort();
    turn = new AbortController();
    if (text.length < 2) return close();
    try {
      const { data } = await ask<{ search: { edges: { matched: string; node: Named }[] } }>(SUGGEST, { text, asOf: place.asOf || null, lang: language() }, turn.signal);
      found = data.search.edges.map((each) => each.node);
      show(list, data.search.edges.map(({ node: hit, matched }, index) =>
        h("li", { id: `suggestion-${index}`, role: "option", "aria-selected": "false", pointerdown: (event: Event) => event.preventDefault(), click: () => openHit(hit) }, titleOf(hit), h("span", { class: "muted" }, ` ${v(hit.recordKind ?? hit.__typename)} · ${v(matched)}`))));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      choose(-1);
    } catch (error) {
      close();
      if (!(error instanceof Problem && error.code === "CANCELLED")) fail(error);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void suggest(), PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the Chinese input method
    if (event.key === "ArrowDown" && !list.hidden) choose(Math.min(chosen + 1, found.length - 1));
    else if (event.key === "ArrowUp" && !list.hidden) choose(Math.max(chosen - 1, -1));
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  const form = h("form", {
    role: "search", class: "search",
    submit: (event: Event) => {
      event.preventDefault();
      clearTimeout(timer);
      turn?.abort();
      if (chosen >= 0) openHit(found[chosen]);
      else if (input.value.trim()) go(to(place, "search", { q: input.value.trim() }));
    },
  }, input, list, h("button", { type: "submit" }, t("search")));
  return form;
}

// ------------------------------------------------------------------ start

document.addEventListener("click", (event) => {
  const anchor = (event.target as Element).closest?.("a");
  const href = anchor?.getAttribute("href");
  if (!anchor || !href || event.ctrlKey || event.metaKey || event.shiftKey || event.button || anchor.hasAttribute("download")) return;
  if (!href.startsWith("?") && href !== location.pathname) return;
  event.preventDefault();
  history.pushState(null, "", href);
  void open();
  scrollTo(0, 0);
});
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).closest("input, textarea, select");
  if (event.key === "/" && !typing && (event.target as Element).closest(".picture")) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
});
addEventListener("popstate", () => void open());
app.append(header, notice, content);
void open();
