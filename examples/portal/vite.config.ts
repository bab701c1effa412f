import { fileURLToPath } from 'node:url'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { defineConfig, type Plugin } from 'vite'

/** A text with parameters becomes its parts. Tags are text, because the app shows no markup of a translation. */
function compile(text: string): string | MessageFormatElement[] {
  const parts = parse(text, { ignoreTag: true })
  const [first, ...others] = parts
  return first?.type === TYPE.literal && others.length === 0 ? first.value : parts
}

/** Compiles the texts of `src/text/*.json`, so that the app needs no parser for them. */
function catalogs(): Plugin {
  return {
    name: 'catalogs',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/text\/[\w-]+\.json$/ },
      handler(source) {
        const texts = Object.entries(JSON.parse(source) as Record<string, string>)
        const compiled = Object.fromEntries(texts.map(([key, text]) => [key, compile(text)]))
        return { code: `export default ${JSON.stringify(compiled)}`, moduleType: 'js' }
      },
    },
  }
}

// The sources of the package in this repository, so that the build needs no build of the package. In an app of your own,
// remove the two aliases of `@connectql/client`, and `dedupe`.
const CLIENT = fileURLToPath(new URL('../../clients/typescript/src', import.meta.url))

export default defineConfig({
  base: '/portal/',
  plugins: [catalogs()],
  resolve: {
    alias: [
      // The texts are compiled, so the app needs no parser.
      {
        find: /^@formatjs\/icu-messageformat-parser$/,
        replacement: '@formatjs/icu-messageformat-parser/no-parser.js',
      },
      { find: /^@connectql\/client$/, replacement: `${CLIENT}/index.ts` },
      { find: /^@connectql\/client\/(\w+)$/, replacement: `${CLIENT}/$1.ts` },
    ],
    dedupe: ['react', '@urql/core', '@urql/exchange-auth', '@urql/exchange-graphcache'],
  },
  server: {
    port: 5173,
    strictPort: true,
    // The start server of `make run` has the settings, the merchants and their tokens.
    proxy: { '/portal/config.json': 'http://localhost:8010' },
  },
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" of packages means nothing in a browser.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
})
