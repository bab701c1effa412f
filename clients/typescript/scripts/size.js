// The size of all entries together, without the peer dependencies: at most 15 kB (15,000 bytes) with gzip.
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const LIMIT = 15_000
const { outputFiles } = await build({
  stdin: {
    contents: ['index', 'urql', 'apollo', 'react'].map((name) => `export * from './src/${name}.ts'`).join('\n'),
    resolveDir: new URL('..', import.meta.url).pathname,
  },
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  packages: 'external',
})
const size = gzipSync(outputFiles[0].contents, { level: 9 }).length
console.log(`@connectql/client: ${size} bytes of at most ${LIMIT} with gzip`)
process.exit(size > LIMIT ? 1 : 0)
