// Builds the explorer with fixed file names. What the schema does not offer yet, the page does not offer either.
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const schema = readFileSync("../schema/schema.graphql", "utf-8");
const query = schema.slice(schema.indexOf("\ntype Query {"));
const root = query.slice(0, query.indexOf("\n}"));
const offered = ["ownership", "links", "bidConflicts"].filter((name) => new RegExp(`\\n  ${name}\\(`).test(root));
const fixed = { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" };

export default defineConfig({
  root: "explorer",
  base: "/static/explorer/",
  define: { __OFFERED__: JSON.stringify(offered) },
  build: {
    outDir: process.env.EXPLORER_OUT ?? "../static/explorer",
    emptyOutDir: true,
    assetsDir: ".",
    modulePreload: { polyfill: false },
    rollupOptions: { output: fixed },
  },
  worker: { format: "es", rollupOptions: { output: fixed } },
  server: { proxy: { "/graphql": "http://127.0.0.1:8000" } },
  test: { include: ["test/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
