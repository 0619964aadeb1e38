// Asks the worker for a layout: the page goes on answering, and dagre is loaded with the first picture only.
// It must not know what is laid out.

import type { Layout, Wish } from "./layout";

let worker: Worker | null = null;
let asked = 0;

export function arranged(wish: Wish): Promise<Layout> {
  worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const [busy, turn, began] = [worker, ++asked, performance.now()];
  return new Promise((done, failed) => {
    const hear = (event: MessageEvent<{ turn: number; layout?: Layout; error?: string }>): void => {
      if (event.data.turn !== turn) return;
      busy.removeEventListener("message", hear);
      performance.measure("arranged", { start: began });
      if (event.data.layout) done(event.data.layout);
      else failed(new Error(event.data.error));
    };
    busy.addEventListener("message", hear);
    busy.addEventListener("error", (event) => {
      worker = null; // it may not have been loaded at all: the next time it is asked for again
      failed(new Error(event.message));
    }, { once: true });
    busy.postMessage({ turn, wish });
  });
}
