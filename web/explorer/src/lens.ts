// Where a reader looks: pan, zoom, fit, and boxes dragged by hand. It must not know what the boxes are.

import type { Point } from "./layout";

interface Held {
  id: string | null;
  x: number;
  y: number;
  moved: boolean;
}

export class Lens {
  private view = { x: 0, y: 0, scale: 1 };
  private held: Held | null = null;

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly viewport: SVGGElement,
    private readonly dropped: (id: string, dx: number, dy: number) => void,
  ) {
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const box = (event.target as Element).closest("[data-id]");
      this.held = { id: box?.getAttribute("data-id") ?? null, x: event.clientX, y: event.clientY, moved: false };
    });
    svg.addEventListener("pointermove", (event) => this.drag(event));
    svg.addEventListener("pointerup", (event) => {
      const { held } = this;
      this.held = null;
      if (held?.id && held.moved) this.dropped(held.id, (event.clientX - held.x) / this.view.scale, (event.clientY - held.y) / this.view.scale);
    });
    svg.addEventListener("pointercancel", () => (this.held = null));
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, top } = svg.getBoundingClientRect();
      this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1, { x: event.clientX - left, y: event.clientY - top });
    }, { passive: false });
  }

  fit(): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const boxes = this.viewport.getBBox();
    if (!width || !boxes.width) return;
    const scale = Math.min(1.1, width / (boxes.width + 24), height / (boxes.height + 24));
    this.view = { scale, x: width / 2 - (boxes.x + boxes.width / 2) * scale, y: height / 2 - (boxes.y + boxes.height / 2) * scale };
    this.place();
  }

  zoom(by: number, at?: Point): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = Math.min(4, Math.max(0.1, this.view.scale * by));
    const ratio = scale / this.view.scale;
    this.view = { scale, x: x - (x - this.view.x) * ratio, y: y - (y - this.view.y) * ratio };
    this.place();
  }

  /** A box that left the window comes back into it, nothing else moves. */
  reveal(at: Point): void {
    const { width, height } = this.svg.getBoundingClientRect();
    const [x, y] = [at.x * this.view.scale + this.view.x, at.y * this.view.scale + this.view.y];
    const by = (value: number, most: number): number => Math.min(most - 60, Math.max(60, value)) - value;
    const [dx, dy] = [by(x, width), by(y, height)];
    if (!width || (!dx && !dy)) return;
    this.view = { ...this.view, x: this.view.x + dx, y: this.view.y + dy };
    this.place();
  }

  private drag(event: PointerEvent): void {
    const { held } = this;
    if (!held) return;
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.moved && Math.hypot(dx, dy) < 4) return;
    if (!held.moved) this.svg.setPointerCapture(event.pointerId);
    this.held = held.id ? { ...held, moved: true } : { ...held, moved: true, x: event.clientX, y: event.clientY };
    if (held.id) return;
    this.view = { ...this.view, x: this.view.x + dx, y: this.view.y + dy };
    this.place();
  }

  private place(): void {
    this.viewport.setAttribute("transform", `translate(${this.view.x} ${this.view.y}) scale(${this.view.scale})`);
  }
}
