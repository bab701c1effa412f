import { compileMessage } from '@lingui/message-utils/compileMessage'
import { defineConfig, type Plugin } from 'vite'

/** Compiles the texts of `src/text/*.json`, so that the app needs no parser for them. */
function catalogs(): Plugin {
  return {
    name: 'catalogs',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/text\/[\w-]+\.json$/ },
      handler(source) {
        const texts = Object.entries(JSON.parse(source) as Record<string, string>)
        const compiled = Object.fromEntries(texts.map(([key, text]) => [key, compileMessage(text)]))
        return { code: `export default ${JSON.stringify(compiled)}`, moduleType: 'js' }
      },
    },
  }
}

export default defineConfig({
  base: '/portal/',
  plugins: [catalogs()],
  // The client is a folder of this repository with packages of its own.
  resolve: { dedupe: ['react', '@urql/core', '@urql/exchange-auth', '@urql/exchange-graphcache'] },
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
