import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf-8"));
const name = `graphiql-${dependencies.graphiql}`;

export default defineConfig({
  base: `/static/${name}/`,
  esbuild: { jsx: "automatic" },
  build: { outDir: `static/${name}`, emptyOutDir: true, assetsDir: ".", sourcemap: false, chunkSizeWarningLimit: 3000 },
});
