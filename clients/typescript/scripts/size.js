// The size of the package in an app with urql, and in one with Apollo Client, without the peer dependencies: each at
// most 15 kB (15,000 bytes) with gzip, with all documents.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const LIMIT = 15_000

/** The size of these entries together. */
async function size(...entries) {
  const { outputFiles } = await build({
    stdin: {
      contents: entries.map((name) => `export * from './src/${name}.ts'`).join('\n'),
      resolveDir: new URL('..', import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    packages: 'external',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

let isTooLarge = false
for (const cache of ['urql', 'apollo']) {
  const bytes = await size('index', 'react', cache)
  console.log(`@connectql/client with ${cache}: ${bytes} bytes of at most ${LIMIT} with gzip`)
  isTooLarge ||= bytes > LIMIT
}
process.exit(isTooLarge ? 1 : 0)
