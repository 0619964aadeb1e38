// The picture as a part of a page: its tools, keys, pan and zoom, expansion by kind, table, undo.
// It must not know which question the scene answers.

import { EXPAND } from "./queries";
import { ask } from "./api";
import { button, h, s, show, table } from "./dom";
import { draw, labelOf, spoken, titleOf, wishOf } from "./draw";
import { type About, download, toCsv, toJson, toPng, toSvg } from "./export";
import { keep, withPins, type Layout, type Point, type Wish } from "./layout";
import { isSubject } from "./link";
import * as scenes from "./scene";
import { began, redo, step, undo, visible, VISIBLE, type History, type Scene } from "./scene";
import type { RelationCount, Subgraph } from "./types";
import { language, others, span, t, v } from "./words";

const EXPANSION = 30; // things a click brings at most; the rest stays behind «另有 N 个…»

let worker: Worker | null = null;
let asked = 0;

/** Layered by the worker: the page goes on answering, and dagre is loaded with the first picture only. */
function arrangedByWorker(wish: Wish): Promise<Layout> {
  worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const [busy, turn] = [worker, ++asked];
  return new Promise((done, failed) => {
    const hear = (event: MessageEvent<{ turn: number; layout?: Layout; error?: string }>): void => {
      if (event.data.turn !== turn) return;
      busy.removeEventListener("message", hear);
      if (event.data.layout) done(event.data.layout);
      else failed(new Error(event.data.error));
    };
    busy.addEventListener("message", hear);
    busy.addEventListener("error", (event) => failed(new Error(event.message)), { once: true });
    busy.postMessage({ turn, wish });
  });
}

export interface Options {
  asOf: string;
  direction?: "TB" | "LR";
  open(id: string): void;
  fail(error: unknown): void;
}

interface Rest {
  subject: string;
  kind: string;
  after: string;
  left: number;
}

export class Picture {
  readonly element: HTMLElement;
  private history: History;
  private layout: Layout = { places: new Map(), lines: new Map(), width: 0, height: 0 };
  private view = { x: 0, y: 0, scale: 1 };
  private asTable = false;
  private rests: Rest[] = [];
  private turn = 0;
  private readonly viewport = s("g");
  private readonly svg = s("svg", { class: "canvas", role: "group", tabindex: 0, "aria-label": t("picture") });
  private readonly menu = h("div", { class: "menu" });
  private readonly tabled = h("div", { class: "tabled", hidden: true });
  private readonly origin = h("p", { class: "warning origin", hidden: true });
  private readonly about: About;
  private readonly said = h("p", { class: "said", role: "status", "aria-live": "polite" });

  constructor(scene: Scene, private readonly options: Options) {
    this.history = began(scene);
    this.about = { asOf: options.asOf, fromFile: false };
    this.svg.append(
      s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { d: "M 0 0 L 8 4 L 0 8 z" }))),
      this.viewport,
    );
    this.element = h("div", { class: "picture" }, this.origin, this.tools(), h("div", { class: "stage" }, this.svg, this.tabled), this.menu, this.said);
    this.listen();
  }

  get scene(): Scene {
    return this.history.now;
  }

  get shownLayout(): Layout {
    return this.layout;
  }

  /** A change that can be undone. */
  async change(scene: Scene, fit = false): Promise<void> {
    this.history = step(this.history, scene);
    await this.render(fit);
  }

  /** What a file holds, instead of what the server said: the picture and all that is exported of it say so. */
  async openFile(scene: Scene, asOf: string): Promise<void> {
    Object.assign(this.about, { asOf, fromFile: true });
    this.origin.textContent = `${t("footerFile")} · ${t("asOf")} ${asOf}`;
    this.origin.hidden = false;
    await this.change(scene, true);
  }

  say(text: string): void {
    this.said.textContent = text;
  }

  async render(fit = false): Promise<void> {
    const anchor = this.scene.selected;
    const before = anchor ? this.layout.places.get(anchor) : undefined;
    const wish = wishOf(this.scene, this.options.direction ?? "TB");
    const turn = ++this.turn;
    let arranged: Layout;
    try {
      arranged = await arrangedByWorker(wish);
    } catch (error) {
      return this.options.fail(error);
    }
    if (turn !== this.turn) return; // something newer is on its way
    this.layout = withPins(fit ? arranged : keep(arranged, anchor, before), this.scene.pinned, wish.lines);
    this.paint();
    if (fit || !before) this.fit();
  }

  private paint(): void {
    const told = { select: (id: string) => this.select(id), open: (id: string) => this.options.open(id) };
    const focused = this.svg.contains(document.activeElement);
    this.viewport.replaceChildren(draw(this.scene, this.layout, told));
    if (focused && this.scene.selected) this.box(this.scene.selected)?.focus();
    this.tabled.hidden = !this.asTable;
    this.svg.toggleAttribute("hidden", this.asTable);
    if (this.asTable) show(this.tabled, this.asTables());
    this.showMenu();
  }

  private box(id: string): SVGGElement | null {
    return this.viewport.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  select(id: string): void {
    this.history = { ...this.history, now: { ...this.scene, selected: id } };
    this.paint();
    this.box(id)?.focus();
  }

  // ---------------------------------------------------------------- expansion

  async expand(subject: string, kind: string, after: string | null = null): Promise<void> {
    if (visible(this.scene).nodes.length >= VISIBLE) return this.say(t("limit"));
    try {
      const { data } = await ask<{ expand: { totalCount: number; pageInfo: { endCursor: string | null; hasNextPage: boolean }; subgraph: Subgraph } }>(
        EXPAND,
        { id: subject, relations: [kind], first: EXPANSION, after, asOf: this.options.asOf || null, lang: language() },
      );
      const { subgraph, pageInfo, totalCount } = data.expand;
      const already = after ? this.rests.find((rest) => rest.after === after)?.left ?? 0 : totalCount;
      const left = Math.max(0, already - Math.min(EXPANSION, already));
      this.rests = this.rests.filter((rest) => rest.after !== after || !after);
      this.rests = this.rests.filter((rest) => !(rest.subject === subject && rest.kind === kind));
      if (pageInfo.hasNextPage && pageInfo.endCursor) this.rests.push({ subject, kind, after: pageInfo.endCursor, left });
      const brought = scenes.fresh(this.scene, subgraph);
      await this.change({ ...scenes.merge(this.scene, subgraph), selected: subject });
      const cut = subgraph.truncated ? ` ${t("truncated")}: ${v(subgraph.truncated.reason)}` : "";
      this.say(`${t("expanded")} ${brought}${left ? `, ${left} ${t("notShown")}` : ""}${cut}`);
    } catch (error) {
      this.options.fail(error);
    }
  }

  private showMenu(): void {
    const { scene } = this;
    const node = scene.nodes.find((each) => each.id === scene.selected);
    const pills = this.rests.map((rest) => {
      const owner = scene.nodes.find((each) => each.id === rest.subject);
      return button(`${owner ? titleOf(owner) : ""} · ${v(rest.kind)}: ${others(rest.left)}`, () => void this.expand(rest.subject, rest.kind, rest.after), { class: "pill" });
    });
    const back = scene.hidden.size ? button(`${scene.hidden.size} ${t("hidden")}`, () => void this.change(scenes.showAll(scene)), { class: "pill" }) : null;
    show(this.menu, pills, back, node ? this.actions(node.id) : null);
  }

  private actions(id: string): HTMLElement {
    const node = this.scene.nodes.find((each) => each.id === id)!;
    const kinds = new Map<string, RelationCount & { labels: string[] }>();
    for (const each of node.relationCounts ?? []) {
      const known = kinds.get(each.kind);
      if (known) kinds.set(each.kind, { ...known, count: known.count + each.count, capped: known.capped || each.capped, labels: [...known.labels, each.label] });
      else kinds.set(each.kind, { ...each, labels: [each.label] });
    }
    return h(
      "div",
      { class: "actions", role: "group", "aria-label": titleOf(node) },
      h("strong", {}, titleOf(node)),
      button(t("openPage"), () => this.options.open(id)),
      isSubject(node.__typename) && kinds.size ? h("span", { class: "muted" }, `${t("expand")}:`) : null,
      [...kinds.values()].filter((each) => each.count > 0).map((each) =>
        button(`${[...new Set(each.labels)].join(" / ")} ${each.count}${each.capped ? "+" : ""}`, () => void this.expand(id, each.kind), { class: "expand" }),
      ),
      button(t("hide"), () => void this.change(scenes.hide(this.scene, [id]))),
      button(t("hideOthers"), () => void this.change(scenes.hideOthers(this.scene, id))),
      button(t("pin"), () => this.pin(id), { "aria-pressed": String(this.scene.pinned.has(id)) }),
    );
  }

  private pin(id: string, at: Point | null = null): void {
    const place = at ?? (this.scene.pinned.has(id) ? null : this.layout.places.get(id) ?? null);
    void this.change(scenes.pin(this.scene, id, place));
  }

  private asTables(): HTMLElement {
    const { nodes, edges } = visible(this.scene);
    const names = new Map(nodes.map((node) => [node.id, titleOf(node)]));
    const openable = (id: string): HTMLElement => button(names.get(id) ?? id, () => this.options.open(id), { class: "link" });
    return h(
      "div",
      {},
      h("h3", {}, `${t("lines")} (${edges.length})`),
      table(["", t("relations"), "", t("period")], edges.map((edge) => [openable(edge.source), labelOf(edge), openable(edge.target), span(edge.validity)]), t("lines")),
      h("h3", {}, `${t("nodes")} (${nodes.length})`),
      table([t("name"), t("kind"), t("state")], nodes.map((node) => [openable(node.id), v(node.__typename), v(node.status ?? node.state)]), t("nodes")),
    );
  }

  // ---------------------------------------------------------------- tools and keys

  private tools(): HTMLElement {
    const { about } = this;
    const name = (): string => `creditgraph-${about.asOf}`;
    const act = (label: string, run: () => void, key?: string): HTMLElement =>
      button(label, run, { "aria-keyshortcuts": key, title: key ? `${label} (${key})` : label });
    return h(
      "div",
      { class: "tools", role: "toolbar", "aria-label": t("picture") },
      act(t("undo"), () => this.back(), "Z"),
      act(t("redo"), () => this.forth(), "Shift+Z"),
      act(t("fit"), () => this.fit(), "F"),
      act("+", () => this.zoom(1.25)),
      act("−", () => this.zoom(0.8)),
      act(t("asTable"), () => this.flip(), "T"),
      h("span", { class: "gap" }),
      act("SVG", () => download(`${name()}.svg`, "image/svg+xml", toSvg(this.svg, this.viewport, about))),
      act("PNG", () => void toPng(this.svg, this.viewport, about).then((image) => download(`${name()}.png`, "image/png", image), this.options.fail)),
      act("CSV", () => {
        const files = toCsv(this.scene);
        download(`${name()}-edges.csv`, "text/csv", files.edges);
        download(`${name()}-nodes.csv`, "text/csv", files.nodes);
      }),
      act("JSON", () => download(`${name()}.json`, "application/json", toJson(this.scene, about.asOf))),
      act(t("print"), () => window.print()),
      h("details", { class: "keys" }, h("summary", {}, t("keys")), h("p", {}, t("keysHelp"))),
    );
  }

  private back(): void {
    this.history = undo(this.history);
    void this.render();
  }

  private forth(): void {
    this.history = redo(this.history);
    void this.render();
  }

  private flip(): void {
    this.asTable = !this.asTable;
    this.paint();
  }

  fit(): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const boxes = this.viewport.getBBox();
    if (!width || !boxes.width) return;
    const scale = Math.min(1.1, width / (boxes.width + 24), height / (boxes.height + 24));
    this.view = { scale, x: width / 2 - (boxes.x + boxes.width / 2) * scale, y: height / 2 - (boxes.y + boxes.height / 2) * scale };
    this.place();
  }

  private zoom(by: number, at?: Point): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(4, Math.max(0.1, this.view.scale * by));
    const ratio = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio };
    this.place();
  }

  private place(): void {
    this.viewport.setAttribute("transform", `translate(${this.view.x} ${this.view.y}) scale(${this.view.scale})`);
  }

  private listen(): void {
    let held: { id: string | null; x: number; y: number; moved: boolean } | null = null;
    this.svg.addEventListener("pointerdown", (event) => {
      const box = (event.target as Element).closest("[data-id]");
      held = { id: box?.getAttribute("data-id") ?? null, x: event.clientX, y: event.clientY, moved: false };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      if (!held.moved && Math.hypot(dx, dy) < 4) return;
      if (!held.moved) this.svg.setPointerCapture(event.pointerId);
      if (!held.id) {
        this.view = { ...this.view, x: this.view.x + dx, y: this.view.y + dy };
        this.place();
      }
      held = held.id ? { ...held, moved: true } : { ...held, moved: true, x: event.clientX, y: event.clientY };
    });
    this.svg.addEventListener("pointerup", (event) => {
      if (held?.id && held.moved) {
        const at = this.layout.places.get(held.id);
        const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
        if (at) this.pin(held.id, { x: at.x + dx / this.view.scale, y: at.y + dy / this.view.scale });
      }
      held = null;
    });
    this.svg.addEventListener("pointercancel", () => (held = null));
    this.svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, top } = this.svg.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, { x: event.clientX - left, y: event.clientY - top });
    }, { passive: false });
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  /** Single letters, and only while the picture has the focus (WCAG 2.1.4). */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { nodes } = visible(this.scene);
    const at = this.scene.selected ?? nodes[0]?.id;
    if (!at) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const shift = event.shiftKey;
    const letter: Record<string, () => void> = {
      Enter: () => (this.scene.selected ? this.options.open(at) : this.select(at)),
      e: () => (this.menu.querySelector(".expand") as HTMLElement | null)?.focus(),
      h: () => void this.change(shift ? scenes.hideOthers(this.scene, at) : scenes.hide(this.scene, [at])),
      p: () => this.pin(at),
      f: () => this.fit(),
      t: () => this.flip(),
      z: () => (shift ? this.forth() : this.back()),
      "+": () => this.zoom(1.25),
      "-": () => this.zoom(0.8),
    };
    const places = new Map(nodes.flatMap((node) => (this.layout.places.has(node.id) ? [[node.id, this.layout.places.get(node.id)!] as const] : [])));
    const run = arrow
      ? () => this.select(this.scene.selected ? scenes.towards(places, at, arrow[0], arrow[1]) ?? at : at)
      : letter[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  describe(): string[] {
    return visible(this.scene).nodes.map(spoken);
  }
}
