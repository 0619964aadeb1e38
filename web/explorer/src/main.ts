// The frame around every page: search box, day, language, sign-in; goes from page to page by the address.
// It must not know what a page shows.

import "./style.css";
import { ask, fetchFile, Problem, signIn, signOut, token } from "./api";
import type { Context, Show } from "./context";
import { FIRST_DAY, LAST_DAY } from "./days";
import { button, h, show } from "./dom";
import { titleOf } from "./draw";
import { address, parse, sameQuestion, to, viewOf, type Place } from "./link";
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
import { SUGGEST } from "./queries";
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
let opening: AbortController | null = null; // of a page that is not there yet
let showing: AbortController | null = null; // of the page there is: it goes on asking until another one has taken its place
let shown: { place: Place; returned(place: Place): void } | null = null; // the page there is, and how it goes back and forth

// Steps within a page stand in the browser's history, numbered; `top` is the last one there is to go forth to.
const stepNow = (): number => Number(history.state?.step ?? 0);
const topKept = (): number => Number(sessionStorage.getItem("creditgraph.top") ?? 0);

function push(next: Place, step: number): void {
  history.pushState({ step }, "", address(next));
  sessionStorage.setItem("creditgraph.top", String(step));
}

function go(next: Place): void {
  push(next, 0);
  void open();
}

function fail(error: unknown, again: () => void = () => void open()): void {
  const problem = error instanceof Problem ? error : new Problem("INTERNAL", error instanceof Error ? error.message : String(error));
  const actions = problem.code === "UNAUTHENTICATED"
    ? [button(t("signOut"), () => leave()), button(t("signIn"), () => signInDialog())]
    : [button(t("again"), () => { show(notice); again(); })];
  show(notice, h("p", {}, problem.message), h("p", { class: "actions" }, actions, button(t("close"), () => show(notice))));
}

async function open(): Promise<void> {
  opening?.abort();
  const turn = (opening = new AbortController());
  place = parse(location.search);
  speak(place.lang);
  show(notice);
  drawHeader();
  const view = place.view ?? "home";
  const page = PAGES[view] ?? home;
  const next = { place, returned: () => void open() };
  const settle = (parts: Element[]): void => {
    const looking = document.activeElement?.closest(".picture"); // the keys of a picture go on in the next one
    show(content, ...parts);
    if (looking) content.querySelector<SVGElement>(".picture [tabindex='0']")?.focus();
    showing?.abort();
    [showing, shown, opening] = [turn, next, null];
  };
  try {
    const missing = NEEDS[view] && !__OFFERED__.includes(NEEDS[view]);
    const parts = missing ? [h("h1", {}, t(view as "links")), h("p", { class: "warning" }, t("notServed"))] : await page(contextOf(next, turn.signal));
    if (turn.signal.aborted) throw new Problem("CANCELLED", t("cancelled"));
    settle(parts);
    document.title = [content.querySelector("h1")?.textContent, t("title")].filter(Boolean).join(" · ");
  } catch (error) {
    if (turn !== opening) return; // another page was opened meanwhile
    turn.abort(); // the page that is still there goes on
    if (!(error instanceof Problem && error.code === "NOT_FOUND")) return fail(error);
    settle([h("h1", {}, t("noResult")), h("p", {}, t("notFound"))]);
    show(notice);
  }
}

/** What takes long says so after a moment, and can be cancelled. */
async function waiting<T>(signal: AbortSignal, work: (until: AbortSignal) => Promise<T>): Promise<T> {
  const cancelled = new AbortController();
  const wait = h("p", { class: "busy" }, t("loading"), " ", button(t("cancel"), () => cancelled.abort()));
  const timer = setTimeout(() => notice.append(wait), 300);
  try {
    return await work(AbortSignal.any([signal, cancelled.signal]));
  } finally {
    clearTimeout(timer);
    wait.remove();
  }
}

/** What a page is given. Whatever it asks shows that it waits, and can be cancelled. */
function contextOf(page: { place: Place; returned(place: Place): void }, signal: AbortSignal): Context {
  return {
    get place() { return page.place; },
    get asOf() { return page.place.asOf || today; },
    ask: (query, variables) => waiting(signal, async (until) => {
      try {
        const answer = await ask<any>(query, variables, until);
        learn(answer.asOf, answer.data.viewer?.role);
        const cut = answer.cut.map((each) => h("p", {}, `${t("cut")} ${each.field} (${each.most})`));
        const parts = answer.errors.map((each) => h("p", {}, `${t("partial")} ${each.message}`));
        const merged = Object.keys(answer.merged).map((each) => h("p", {}, `${t("merged")} ${each}`));
        if (cut.length || parts.length || merged.length) show(notice, merged, cut, parts, button(t("close"), () => show(notice)));
        return answer;
      } catch (error) {
        if (error instanceof Problem) learn(today, error.reader);
        throw error;
      }
    }),
    file: (path, body) => waiting(signal, (until) => fetchFile(path, body, until)),
    href: (view, more) => address(to(page.place, view, more)),
    go: (view, more) => go(to(page.place, view, more)),
    note: (more, how) => {
      page.place = { ...page.place, ...more };
      if (opening && opening.signal !== signal && !opening.signal.aborted) return; // the address is already another page's
      if (how === "step") push(page.place, stepNow() + 1);
      else history.replaceState(history.state, "", address(page.place));
      place = page.place;
      pointLinks();
    },
    onReturn: (handler) => {
      page.returned = (at) => {
        page.place = at;
        handler(at);
      };
    },
    back: () => {
      if (stepNow() > 0) history.back();
      return stepNow() > 0;
    },
    forth: () => {
      const more = stepNow() < topKept();
      if (more) history.forward();
      return more;
    },
    fail: (error, again) => {
      if (!signal.aborted) fail(error, again); // of a page that is left nobody waits for anything
    },
  };
}

/** Who asks and which day it is are told with every answer. */
function learn(day: string, reader: string | undefined): void {
  if (day === today && (!reader || reader === role)) return;
  today = day;
  role = reader ?? role;
  const field = document.getElementById("as-of") as HTMLInputElement | null;
  if (field && !place.asOf) field.value = today;
  const told = header.querySelector(".role");
  if (told) told.textContent = v(role);
}

function leave(): void {
  signOut();
  role = "PUBLIC";
  show(content);
  showing?.abort();
  shown = null;
  void open();
}

function signInDialog(): void {
  const field = h("textarea", { id: "token", rows: 4, autocomplete: "off", spellcheck: false, required: true });
  const dialog = h("dialog", { "aria-labelledby": "sign-in-title" },
    h("form", {
      method: "dialog",
      submit: () => {
        signIn(field.value);
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

/** The links of the header carry what was done to the page since it was opened. */
function pointLinks(): void {
  header.querySelector(".brand")?.setAttribute("href", address(to(place, "home")));
  header.querySelector(".now")?.setAttribute("href", address({ ...place, asOf: "" }));
  header.querySelector(".language")?.setAttribute("href", address({ ...place, lang: place.lang === "en" ? "" : "en" }));
}

function drawHeader(): void {
  const other = place.lang === "en" ? "zh" : "en";
  const day = h("input", {
    type: "date", id: "as-of", min: FIRST_DAY, max: LAST_DAY, value: place.asOf || today,
    change: () => day.checkValidity() && go({ ...place, asOf: day.value }),
  });
  const held = document.activeElement?.id;
  show(
    header,
    h("a", { class: "skip", href: "#content", click: (event: Event) => { event.preventDefault(); content.focus(); } }, t("skip")), // a hash would be another address
    h("a", { class: "brand", href: "" }, t("title")),
    searchBox(),
    h("label", { class: "day", for: "as-of" }, t("asOf")), day,
    place.asOf ? h("a", { class: "now", href: "" }, t("today")) : null,
    h("span", { class: "role", title: t("role") }, v(role)),
    token() ? button(t("signOut"), leave) : button(t("signIn"), signInDialog),
    h("a", { class: "language", href: "", lang: other, hreflang: other }, other === "en" ? "English" : "中文"),
  );
  pointLinks();
  if (held === day.id) day.focus();
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
  if (!anchor || !href || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button || anchor.hasAttribute("download")) return;
  if (!href.startsWith("?") && href !== location.pathname) return;
  event.preventDefault();
  go(parse(href.replace(/^[^?]*/, "")));
  scrollTo(0, 0);
});
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).closest("input, textarea, select");
  if (event.key === "/" && !typing && (event.target as Element).closest(".picture")) {
    event.preventDefault();
    document.getElementById("search")?.focus();
  }
});
addEventListener("popstate", () => {
  const next = parse(location.search);
  if (!shown || !sameQuestion(shown.place, next, today) || shown.place.lang !== next.lang) return void open();
  place = next;
  speak(next.lang);
  if (opening) {
    opening.abort(); // what was going to be shown instead, or could not be
    opening = null;
    show(notice);
    drawHeader();
  } else pointLinks();
  shown.returned(next);
});
const printed = h("p", { class: "print-only" }); // a file note says what it shows, to whom and from where
addEventListener("beforeprint", () => (printed.textContent = [t(place.file ? "footerFile" : "footer"), `${t("asOf")} ${place.asOf || today}`, v(role), location.href].join(" · ")));
app.append(header, notice, content, printed);
void open();
