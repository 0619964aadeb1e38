// Builds the explorer with fixed file names. What the schema does not offer yet, the page does not offer either.
// Its documents are written beside it (documents.json): the server trusts them, and the page asks by their ids alone.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import * as queries from "./explorer/src/queries";

const schema = readFileSync("../schema/schema.graphql", "utf-8");
const query = schema.slice(schema.indexOf("\ntype Query {"));
const root = query.slice(0, query.indexOf("\n}"));
const offered = ["ownership", "links", "bidConflicts"].filter((name) => new RegExp(`\\n  ${name}\\(`).test(root));
const fixed = { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" };

const idOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const documents: Plugin = {
  name: "documents",
  apply: "build",
  load(id) {
    if (!id.endsWith("/explorer/src/queries.ts")) return null;
    return Object.entries(queries).map(([name, text]) => `export const ${name} = ${JSON.stringify(idOf(text))};`).join("\n");
  },
  generateBundle() {
    const source = JSON.stringify(Object.fromEntries(Object.values(queries).map((text) => [idOf(text), text])), null, 1);
    this.emitFile({ type: "asset", fileName: "documents.json", source: `${source}\n` });
  },
};

export default defineConfig({
  root: "explorer",
  base: "/static/explorer/",
  plugins: [documents],
  define: { __OFFERED__: JSON.stringify(offered) },
  build: {
    outDir: process.env.EXPLORER_OUT ?? "../static/explorer",
    emptyOutDir: true,
    assetsDir: ".",
    modulePreload: { polyfill: false },
    rollupOptions: { output: fixed },
  },
  worker: { format: "es", rollupOptions: { output: fixed } },
  server: { proxy: { "/graphql": "http://127.0.0.1:8000", "/bids.xlsx": "http://127.0.0.1:8000" } },
  test: { include: ["test/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
