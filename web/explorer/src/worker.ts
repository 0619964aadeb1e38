// The worker: a wish comes in, a layout or the reason why there is none goes out.
// It must not know who asked; `turn` is handed back as it came.

import { arrange } from "./arrange";
import type { Wish } from "./layout";

self.onmessage = (event: MessageEvent<{ turn: number; wish: Wish }>) => {
  const { turn, wish } = event.data;
  try {
    postMessage({ turn, layout: arrange(wish) });
  } catch (error) {
    postMessage({ turn, error: String(error) });
  }
};
