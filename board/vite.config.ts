import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

// The page itself comes from api/board/page.py. File names have no hash, so that replicas of two versions
// serve each other's pages during an upgrade. Each build of the same sources writes the same bytes.
export default defineConfig({
  base: "./",
  // The sources of the package, so that the build needs no build of the package.
  resolve: { alias: { "@connectql/client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)) } },
  publicDir: false,
  plugins: [
    {
      name: "license of the font",
      generateBundle() {
        const source = readFileSync(new URL("node_modules/@fontsource-variable/inter/LICENSE", import.meta.url));
        this.emitFile({ type: "asset", fileName: "inter-license.txt", source });
      },
    },
  ],
  build: {
    outDir: "../api/board/static",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    license: { fileName: "licenses.md" },
    rollupOptions: {
      input: "src/main.tsx",
      output: {
        entryFileNames: "board.js",
        assetFileNames: (asset) => (asset.names.some((name) => name.endsWith(".css")) ? "board.css" : "[name][extname]"),
        codeSplitting: false,
      },
    },
  },
});
