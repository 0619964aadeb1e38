// The picture as a part of a page: what a reader does to it is a step in the link, and the picture is made again from the link.
// It must not know which question the scene answers.

import { arranged } from "./arranging";
import { Problem } from "./api";
import type { Context } from "./context";
import { byKind } from "./counts";
import { dayFrom } from "./days";
import { button, h, s, show } from "./dom";
import { draw, titleOf, wishOf } from "./draw";
import { type About, download, toCsv, toJson, toPng, toSvg } from "./export";
import { grow } from "./grow";
import { keep, withPins, type Layout, type Point } from "./layout";
import { Lens } from "./lens";
import { isSubject, viewOf, type Place } from "./link";
import { askExpansion, chooseRest, expansionOf, listOver } from "./rest";
import { EMPTY, hiddenIn, othersThan, towards, visible, VISIBLE, type Scene } from "./scene";
import { keyOf, NOTHING_DONE, readSteps, replay, restsOf, writeSteps, type Expansion, type Page, type Rest, type Steps } from "./steps";
import { tabled } from "./tabled";
import { keysDialog, toolbar, type Action } from "./tools";
import type { Named } from "./types";
import { kindsOf, others, t, v } from "./words";

const EXPANSION = 30; // things a click brings at most; the rest stays behind «另有 N 个…»
const ENDS = 10; // parties between which links are looked for

export interface Options {
  direction?: "TB" | "LR";
  days?: readonly string[]; // on which something changed
  earlierDays?: boolean; // there are more before them
  rests?: readonly Rest[]; // what the page's own question left out
}

export class Picture {
  readonly element: HTMLElement;
  private steps: Steps;
  private kept: { scene: Scene; asOf: string } | null = null; // a file that was opened; the link says whether it is looked at
  private scene: Scene = EMPTY;
  private selected: string | null;
  private layout: Layout = { places: new Map(), lines: new Map(), width: 0, height: 0 };
  private shift: Point = { x: 0, y: 0 }; // of the layout from how it was arranged: the eye keeps its place
  private asTable: boolean;
  private turn = 0;
  private readonly answers = new Map<string, Page>();
  private readonly viewport = s("g");
  private readonly svg = s("svg", { class: "canvas", role: "group", tabindex: 0, "aria-label": t("picture") });
  private readonly menu = h("div", { class: "menu" });
  private readonly tabled = h("div", { class: "tabled", hidden: true, tabindex: -1 });
  private readonly origin = h("p", { class: "warning origin", hidden: true });
  private readonly said = h("p", { class: "said", role: "status", "aria-live": "polite" });
  private readonly lens: Lens;
  private readonly actions: Action[];

  constructor(private base: Scene, private readonly context: Context, private readonly options: Options = {}) {
    const { place } = context;
    this.steps = readSteps(place);
    this.selected = place.at || base.selected;
    this.asTable = place.t === "1";
    this.svg.append(
      s("defs", {}, s("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { d: "M 0 0 L 8 4 L 0 8 z" }))),
      this.viewport,
    );
    this.lens = new Lens(this.svg, this.viewport, (id, dx, dy) => {
      const at = this.layout.places.get(id);
      if (at) void this.pin(id, { x: at.x + dx, y: at.y + dy });
    });
    this.actions = this.everyAction();
    this.element = h("div", { class: "picture" }, this.origin, toolbar(this.actions), h("div", { class: "stage" }, this.svg, this.tabled), this.menu, this.said);
    this.element.addEventListener("keydown", (event) => this.key(event));
    context.onReturn((at) => void this.returned(at));
  }

  private get file(): { scene: Scene; asOf: string } | null {
    return this.context.place.file ? this.kept : null;
  }

  get about(): About {
    const left = [visible(this.scene).over.length, ...this.rests().map((each) => each.left)].filter(Boolean).map((each) => others(each));
    const hidden = hiddenIn(this.scene);
    return { asOf: this.file?.asOf ?? this.context.asOf, fromFile: this.file !== null, left: hidden ? [...left, `${hidden} ${t("hidden")}`] : left };
  }

  /** Draws what the page asked for, then does again what the link says a reader did. */
  async start(): Promise<void> {
    this.scene = this.made();
    await this.render("fit");
    performance.mark("picture");
    if (this.context.place.file) this.say(t("openAgain"));
    if (await this.missing()) await this.render("fit");
  }

  /** Another scene of the same question, such as another path lit. */
  async light(base: Scene): Promise<void> {
    this.base = base;
    await this.render("keep");
  }

  /** What a file holds, instead of what the server said: the picture and all that is exported of it say so. */
  async openFile(file: { scene: Scene; asOf: string }): Promise<void> {
    this.kept = file;
    this.steps = { ...NOTHING_DONE, hidden: [...file.scene.hidden], pinned: file.scene.pinned };
    this.context.note({ file: "1", ...writeSteps(this.steps) }, "step");
    await this.render("fit");
  }

  say(text: string): void {
    this.said.textContent = text;
  }

  // ---------------------------------------------------------------- steps
  /** Something a reader does: drawn, then written into the link as one step. */
  private async step(steps: Partial<Steps>): Promise<void> {
    this.steps = { ...this.steps, ...steps };
    if (await this.render("keep", true)) this.write("step");
  }

  private write(how: "step" | "replace"): void {
    // A cursor belongs to a day: the link says which, so that it opens the same picture tomorrow.
    const day: Place = this.steps.expansions.length ? { asOf: this.context.asOf } : {};
    this.context.note({ ...writeSteps(this.steps), ...day }, how);
  }

  /** The reader went back or forth. */
  private async returned(place: Place): Promise<void> {
    this.steps = readSteps(place);
    this.asTable = place.t === "1";
    await this.missing();
    await this.render("keep");
  }

  /** Asks for the expansions of the link that are not known; says when one cannot be had any more. */
  private async missing(): Promise<boolean> {
    const unknown = this.steps.expansions.filter((each) => !this.answers.has(keyOf(each)));
    const failures: unknown[] = [];
    await Promise.all(unknown.map((each) =>
      askExpansion(this.context, each).then((page) => this.answers.set(keyOf(each), page), (error: unknown) => failures.push(error))));
    const gone = (each: unknown): boolean => each instanceof Problem && ["BAD_USER_INPUT", "NOT_FOUND"].includes(each.code);
    const other = failures.find((each) => !gone(each));
    if (failures.some(gone)) this.say(`${t("notRepeated")} (${failures.filter(gone).length})`);
    if (other) this.context.fail(other, () => void this.missing().then(() => this.render("keep")));
    return unknown.length > failures.length;
  }

  async expand(subject: string, kinds: string, after = "", left = 0): Promise<void> {
    const room = VISIBLE - visible(this.scene).nodes.length;
    if (room <= 0) return this.say(t("limit"));
    const expansion = expansionOf({ subject, kinds, after, left }, Math.min(EXPANSION, room));
    try {
      const page = this.answers.get(keyOf(expansion)) ?? (await askExpansion(this.context, expansion));
      this.answers.set(keyOf(expansion), page);
      const known = new Set(this.scene.nodes.map((node) => node.id));
      const brought = page.subgraph.nodes.filter((node) => !known.has(node.id)).length;
      const repeated = this.steps.expansions.some((each) => keyOf(each) === keyOf(expansion));
      const rest = restsOf(this.options.rests ?? [], { ...this.steps, expansions: [...this.steps.expansions, expansion] }, this.answers);
      const unseen = rest.find((each) => each.subject === subject && each.kinds === kinds)?.left ?? 0;
      const shown = new Set(page.subgraph.nodes.map((node) => node.id));
      const cut = page.subgraph.truncated ? ` ${t("truncated")}: ${v(page.subgraph.truncated.reason)}` : "";
      this.selected = subject;
      if (!repeated || this.steps.hidden.some((id) => shown.has(id))) await this.step({
        expansions: repeated ? this.steps.expansions : [...this.steps.expansions, expansion],
        hidden: this.steps.hidden.filter((id) => !shown.has(id)),
      });
      this.say(`${t("expanded")} ${brought}${unseen ? `, ${unseen} ${t("notShown")}` : ""}${cut}`);
    } catch (error) {
      this.context.fail(error, () => void this.expand(subject, kinds, after, left));
    }
  }

  private choose(rest: Rest): void {
    const owner = this.scene.nodes.find((each) => each.id === rest.subject);
    const title = `${owner ? titleOf(owner) : ""} · ${kindsOf(rest.kinds)}: ${others(rest.left)}`;
    void chooseRest(this.context, title, rest, VISIBLE - visible(this.scene).nodes.length, (chosen) => {
      for (const [expansion, page] of chosen) this.answers.set(keyOf(expansion), page);
      const brought = new Set(chosen.flatMap(([expansion]) => expansion.only));
      this.say(`${t("expanded")} ${brought.size}`);
      void this.step({
        expansions: [...this.steps.expansions, ...chosen.map(([expansion]): Expansion => expansion)],
        hidden: this.steps.hidden.filter((id) => !brought.has(id)),
      });
    });
  }

  private hide(ids: string[]): Promise<void> {
    return this.step({ hidden: [...new Set([...this.steps.hidden, ...ids])] });
  }

  private pin(id: string, at: Point | null = null): Promise<void> {
    const pinned = new Map(this.steps.pinned);
    const place = at ?? (pinned.has(id) ? null : this.layout.places.get(id) ?? null);
    if (place) pinned.set(id, { x: place.x - this.shift.x, y: place.y - this.shift.y });
    else pinned.delete(id);
    return this.step({ pinned });
  }

  private async mark(id: string): Promise<void> {
    const { marked } = this.steps;
    if (!marked.includes(id) && marked.length >= ENDS) return this.say(t("parties"));
    await this.step({ marked: marked.includes(id) ? marked.filter((each) => each !== id) : [...marked, id] });
    this.say(`${t("marked")}: ${this.steps.marked.length}`);
  }

  private findLinks(): void {
    const { marked } = this.steps;
    const names = marked.map((id) => this.scene.nodes.find((node) => node.id === id)).map((node, at) => (node ? titleOf(node) : marked[at]));
    const texts = names.map((name, at) => (names.indexOf(name) === names.lastIndexOf(name) ? name : marked[at]));
    this.context.go("links", { p: texts.join("\n"), ids: marked.join("*") });
  }

  private made(): Scene {
    const scene = replay(this.file ? { ...this.file.scene, selected: null } : this.base, this.steps, this.answers);
    const here = scene.nodes.some((node) => node.id === this.selected && !scene.hidden.has(node.id));
    return { ...scene, selected: here ? this.selected : null };
  }

  /** False when something newer was asked meanwhile. A step keeps pinned boxes where the eye has them. */
  private async render(how: "fit" | "keep", stepping = false): Promise<boolean> {
    this.scene = this.made();
    const wish = wishOf(this.scene, this.options.direction ?? "TB");
    const turn = ++this.turn;
    let raw: Layout;
    try {
      raw = await arranged(wish);
    } catch (error) {
      this.context.fail(error, () => void this.render(how, stepping));
      return false;
    }
    if (turn !== this.turn) return false;
    const both = [this.selected ?? "", ...wish.boxes.map((box) => box.id)];
    const anchor = how === "fit" ? undefined : both.find((id) => raw.places.has(id) && this.layout.places.has(id) && !this.steps.pinned.has(id));
    const kept = anchor ? keep(raw, anchor, this.layout.places.get(anchor)) : raw;
    const [now, then] = anchor ? [kept.places.get(anchor)!, raw.places.get(anchor)!] : [{ x: 0, y: 0 }, { x: 0, y: 0 }];
    const shift = { x: now.x - then.x, y: now.y - then.y };
    if (stepping) {
      const moved = ({ x, y }: Point): Point => ({ x: x + this.shift.x - shift.x, y: y + this.shift.y - shift.y });
      this.steps = { ...this.steps, pinned: new Map([...this.steps.pinned].map(([id, at]) => [id, moved(at)])) };
      this.scene = this.made();
    }
    this.shift = shift;
    const pinned = new Map([...this.steps.pinned].map(([id, at]) => [id, { x: at.x + shift.x, y: at.y + shift.y }]));
    const before = this.layout.places;
    this.layout = withPins(kept, pinned, wish.lines);
    this.paint();
    if (anchor) grow(this.viewport, before, this.layout.places, this.layout.places.get(anchor)!);
    else this.lens.fit();
    return true;
  }

  private paint(): void {
    const told = { select: (id: string) => this.select(id), open: (id: string) => this.open(id) };
    const focused = this.svg.contains(document.activeElement) || this.menu.contains(document.activeElement); // the menu is made anew
    this.viewport.replaceChildren(draw(this.scene, this.layout, told));
    const box = this.scene.selected ? this.box(this.scene.selected) : null;
    this.svg.setAttribute("tabindex", box ? "-1" : "0"); // one stop of the Tab key
    if (focused && !this.asTable) (box ?? this.svg).focus();
    this.tabled.hidden = !this.asTable;
    this.svg.toggleAttribute("hidden", this.asTable);
    if (this.asTable) show(this.tabled, tabled(this.scene, (id) => this.open(id)));
    this.origin.hidden = !this.file;
    this.origin.textContent = this.file ? `${t("footerFile")} · ${t("asOf")} ${this.file.asOf}` : "";
    this.showMenu();
  }

  private box(id: string): SVGGElement | null {
    return this.viewport.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  private select(id: string): void {
    this.selected = id;
    this.scene = this.made();
    this.paint();
    this.box(id)?.focus();
    const at = this.layout.places.get(id);
    if (at) this.lens.reveal(at);
    this.context.note({ at: id }, "replace");
  }

  private open(id: string): void {
    const node = this.scene.nodes.find((each) => each.id === id);
    if (node) this.context.go(viewOf(node.__typename), { id });
  }

  private showMenu(): void {
    const { scene } = this;
    const { over } = visible(scene);
    const node = scene.nodes.find((each) => each.id === scene.selected);
    const pills = this.rests().flatMap((rest) => {
      const owner = scene.nodes.find((each) => each.id === rest.subject);
      const name = `${owner ? titleOf(owner) : ""} · ${kindsOf(rest.kinds)}`;
      return [
        button(`${name}: ${others(rest.left)}`, () => this.choose(rest), { class: "pill rest" }),
        button(`+ ${Math.min(EXPANSION, rest.left)}`, () => void this.expand(rest.subject, rest.kinds, rest.after, rest.left), { class: "pill next", "aria-label": `${name}: ${t("expand")} ${Math.min(EXPANSION, rest.left)}` }),
      ];
    });
    const hidden = hiddenIn(scene);
    const { marked } = this.steps;
    show(this.menu,
      over.length ? button(`${t("limitPill")}: ${others(over.length)}`, () => listOver(this.context, over), { class: "pill over" }) : null,
      pills,
      hidden ? button(`${hidden} ${t("hidden")}`, () => void this.step({ hidden: [] }), { class: "pill" }) : null,
      marked.length > 1 ? button(`${t("links")} (${marked.length})`, () => this.findLinks(), { class: "pill ends" }) : null,
      node ? this.aboutNode(node) : null);
  }

  private rests(): Rest[] {
    return this.file ? [] : restsOf(this.options.rests ?? [], this.steps, this.answers);
  }

  private aboutNode(node: Named): HTMLElement {
    const offered = this.file ? [] : byKind(node.relationCounts ?? []);
    return h("div", { class: "actions", role: "group", "aria-label": titleOf(node) },
      h("strong", {}, titleOf(node)),
      this.actions.filter((each) => each.ofNode).filter((each) => !each.subjectsOnly || isSubject(node.__typename)).map((each) =>
        button(each.label, each.run, { "aria-keyshortcuts": each.key, title: `${each.label} (${each.key})`, ...(each.pressed ? { "aria-pressed": String(each.pressed(node.id)) } : {}) })),
      offered.length ? h("span", { class: "muted" }, `${t("expand")} (E):`) : null,
      offered.map((each) => button(`${each.label} ${each.count}${each.capped ? "+" : ""}`, () => void this.expand(node.id, each.kind), { class: "expand" })));
  }

  // ---------------------------------------------------------------- what can be done
  private everyAction(): Action[] {
    const chosen = (run: (id: string) => void) => (): void => {
      const id = this.scene.selected;
      if (id) run(id);
      else this.say(t("chooseFirst"));
    };
    const ofSubject = (view: string) => chosen((id) => {
      const node = this.scene.nodes.find((each) => each.id === id);
      if (node && isSubject(node.__typename)) this.context.go(view, { id });
    });
    const name = (): string => `creditgraph-${this.about.asOf}`;
    return [
      { key: "Z", label: t("undo"), run: () => { if (!this.context.back()) this.say(t("noStep")); } },
      { key: "Shift+Z", label: t("redo"), run: () => { if (!this.context.forth()) this.say(t("noStep")); } },
      { key: "[", label: t("earlier"), run: () => this.toDay(-1) },
      { key: "]", label: t("later"), run: () => this.toDay(1) },
      { key: "F", label: t("fit"), run: () => this.lens.fit() },
      { key: "+", label: t("zoomIn"), run: () => this.lens.zoom(1.25) },
      { key: "-", label: t("zoomOut"), run: () => this.lens.zoom(0.8) },
      { key: "T", label: t("asTable"), run: () => this.flip() },
      { key: "Enter", label: t("openPage"), ofNode: true, run: chosen((id) => this.open(id)) },
      { key: "O", label: t("ownership"), ofNode: true, subjectsOnly: true, run: ofSubject("ownership") },
      { key: "W", label: t("why"), ofNode: true, subjectsOnly: true, run: ofSubject("check") },
      { key: "L", label: t("markEnd"), ofNode: true, subjectsOnly: true, pressed: (id) => this.steps.marked.includes(id), run: chosen((id) => void this.mark(id)) },
      { key: "H", label: t("hide"), ofNode: true, run: chosen((id) => void this.hide([id])) },
      { key: "Shift+H", label: t("hideOthers"), ofNode: true, run: chosen((id) => void this.hide(othersThan(this.scene, id))) },
      { key: "P", label: t("pin"), ofNode: true, pressed: (id) => this.steps.pinned.has(id), run: chosen((id) => void this.pin(id)) },
      { key: "E", label: t("expand"), keyOnly: true, run: () => (this.menu.querySelector(".expand, .rest") as HTMLElement | null)?.focus() },
      { label: "SVG", run: () => download(`${name()}.svg`, "image/svg+xml", toSvg(this.svg, this.viewport, this.about)) },
      { label: "PNG", run: () => void toPng(this.svg, this.viewport, this.about).then((image) => download(`${name()}.png`, "image/png", image), this.context.fail) },
      { label: "CSV", run: () => {
        const files = toCsv(this.scene);
        download(`${name()}-edges.csv`, "text/csv", files.edges);
        download(`${name()}-nodes.csv`, "text/csv", files.nodes);
      } },
      { label: "JSON", run: () => download(`${name()}.json`, "application/json", toJson(this.scene, this.about.asOf)) },
      { label: t("print"), run: () => window.print() },
      { key: "?", label: t("keys"), run: () => keysDialog(this.actions) },
    ];
  }

  /** To the day of the nearest change, or where none is known by one day. */
  private toDay(by: 1 | -1): void {
    const { asOf, place } = this.context;
    const next = dayFrom(asOf, by, this.options.days ?? [], this.options.earlierDays);
    if (!next) return this.say(t("noDay"));
    this.context.go(place.view, { ...place, asOf: next });
  }

  private flip(): void {
    this.asTable = !this.asTable;
    this.paint();
    this.context.note({ t: this.asTable ? "1" : "" }, "replace");
    if (!this.asTable) this.lens.fit();
    (this.asTable ? this.tabled : (this.box(this.scene.selected ?? "") ?? this.svg)).focus();
  }

  /** Single letters, and only while the picture has the focus (WCAG 2.1.4). */
  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = this.svg.contains(event.target as Node);
    if (!inside && (event.key.length > 1 || (event.target as Element).closest("input, select, textarea"))) return;
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { nodes } = visible(this.scene);
    const at = this.scene.selected;
    if (inside && (arrow || (event.key === "Enter" && !at))) {
      const places = new Map(nodes.flatMap((node) => (this.layout.places.has(node.id) ? [[node.id, this.layout.places.get(node.id)!] as const] : [])));
      const next = at && arrow ? towards(places, at, arrow[0], arrow[1]) ?? at : nodes[0]?.id;
      event.preventDefault();
      if (next) this.select(next);
      return;
    }
    const letter = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const name = event.shiftKey && /^[A-Z]$/.test(letter) ? `Shift+${letter}` : letter;
    const action = this.actions.find((each) => each.key === name);
    if (!action) return;
    event.preventDefault();
    action.run();
  }
}
