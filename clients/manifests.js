// Writes the manifests of clients/swift and clients/kotlin from the operations, by the rules of the generators
// of Apollo iOS 2.4 and Apollo Kotlin 5.1. `--check` compares instead. Fails if an operation is invalid.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../contract/federation/package.json', import.meta.url))
const { Kind, buildSchema, concatAST, parse, print, validate, visit } = require('graphql')

const at = (path) => new URL(path, import.meta.url)
const read = (path) => readFileSync(at(path), 'utf8')

const schema = buildSchema(read('../schema.graphql'))
const folder = 'typescript/operations/'
const files = readdirSync(at(folder)).filter((file) => file.endsWith('.graphql')).sort()
const document = concatAST(files.map((file) => parse(read(folder + file), { noLocation: true })))
const errors = validate(schema, document)
for (const error of errors) console.error(error.message)

const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
const isTypename = (selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename'
const isFragment = (selection) => selection.kind !== Kind.FIELD

// Apollo iOS adds `__typename` to each object and fragment.
const forIos = (node) =>
  visit(node, {
    SelectionSet: {
      leave(set, _key, parent) {
        const isObject = [Kind.FIELD, Kind.FRAGMENT_DEFINITION].includes(parent.kind)
        if (!isObject || set.selections.some(isTypename)) return undefined
        return { ...set, selections: [TYPENAME, ...set.selections] }
      },
    },
  })

// Apollo Kotlin adds it, as the first field, to each set of fields with a fragment.
const forKotlin = (node) =>
  visit(node, {
    SelectionSet: {
      leave(set) {
        if (!set.selections.some(isFragment)) return undefined
        return { ...set, selections: [TYPENAME, ...set.selections.filter((one) => !isTypename(one))] }
      },
    },
  })

const fragments = new Map(
  document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]),
)

// The fragments below a definition. Those that a fragment uses come before it.
const used = (definition, names = new Set()) => {
  visit(definition, {
    FragmentSpread({ name: { value } }) {
      if (names.has(value)) return
      used(fragments.get(value), names)
      names.add(value)
    },
  })
  return [...names]
}

const oneLine = (text) => text.split('\n').map((line) => line.trim()).join(' ')

const platforms = {
  'swift/persisted-operations.json': (operation) => {
    const names = used(operation).sort()
    return [operation, ...names.map((name) => fragments.get(name))].map((one) => oneLine(print(forIos(one)))).join('\n')
  },
  'kotlin/persisted-operations.json': (operation) =>
    [operation, ...used(operation).map((name) => fragments.get(name))]
      .map((one) => oneLine(print(forKotlin(one))))
      .join('  '),
}

const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
for (const [file, text] of Object.entries(platforms)) {
  const entries = operations.map((operation) => {
    const body = text(operation)
    const problems = validate(schema, parse(body))
    for (const error of problems) console.error(`${file}, ${operation.name.value}: ${error.message}`)
    if (problems.length > 0) process.exitCode = 1
    const id = createHash('sha256').update(body).digest('hex')
    return { id, body, name: operation.name.value, type: operation.operation }
  })
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: entries }
  const content = `${JSON.stringify(manifest, null, 2)}\n`
  if (!process.argv.includes('--check')) {
    writeFileSync(at(file), content)
  } else if (read(file) !== content) {
    console.error(`clients/${file} is stale; run: make client`)
    process.exitCode = 1
  }
}
if (errors.length > 0) process.exitCode = 1
