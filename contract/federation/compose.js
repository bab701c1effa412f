// Composes the subgraph with other graphs, with the libraries of Apollo and The Guild. Standard input has the
// subgraph without a prefix and with one: {"plain": "...", "prefixed": "..."}. Prints a line for each problem.
import { readFileSync } from 'node:fs'
import { composeServices as composeWithApollo } from '@apollo/composition'
import { composeServices as composeWithGuild } from '@theguild/federation-composition'
import { parse, print } from 'graphql'

const { plain, prefixed } = JSON.parse(readFileSync(0, 'utf8'))
const read = (name) => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8')
const [relay, errors] = ['relay', 'errors'].map(read)

// The name, the subgraphs, and whether they must compose.
const cases = [
  ['alone', { connectql: plain }, true],
  ['alone, with a prefix', { connectql: prefixed }, true],
  ['beside a Relay graph', { connectql: prefixed, relay }, true],
  ['beside a graph with its own Error', { connectql: prefixed, errors }, true],
  ['beside both', { connectql: prefixed, relay, errors }, true],
  ['beside a Relay graph, without the prefix', { connectql: plain, relay }, false],
  ['beside a graph with its own Error, without the prefix', { connectql: plain, errors }, false],
]
const report = (problem) => {
  console.error(problem)
  process.exitCode = 1
}
const libraries = { Apollo: composeWithApollo, 'The Guild': composeWithGuild }

for (const [name, subgraphs, composes] of cases) {
  const services = Object.entries(subgraphs).map(([name, text]) => ({
    name,
    url: `http://${name}.example/graphql`,
    typeDefs: parse(text),
  }))
  for (const [library, compose] of Object.entries(libraries)) {
    const result = compose(services)
    const problems = (result.errors ?? []).map((error) => `${error.extensions?.code ?? ''} ${error.message}`)
    if (composes && problems.length > 0) {
      report(`${library}, ${name}: ${problems.slice(0, 5).join('\n  ')}`)
    } else if (!composes && problems.length === 0) {
      report(`${library}, ${name}: composes, although names collide`)
    }
  }
}
