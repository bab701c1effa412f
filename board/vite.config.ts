import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { type TypedDocumentNode, createRequest, formatDocument, stringifyDocument } from "@urql/core";
import { defineConfig } from "vite";

import * as generated from "./src/__generated__/operations.ts";

/** The operations by their hashes, with the texts that the board sends. The API publishes them. */
function manifest(): string {
  const documents = Object.values(generated as Record<string, TypedDocumentNode>);
  const texts = documents
    .filter(({ definitions }) => definitions.some(({ kind }) => kind === "OperationDefinition"))
    // The cache adds `__typename` to each operation before it is sent.
    .map((document) => stringifyDocument(formatDocument(createRequest(document, {}).query)));
  const entries = texts.map((text) => [createHash("sha256").update(text).digest("hex"), text] as const);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

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
    {
      name: "manifest of the operations",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "operations.json", source: manifest() });
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
