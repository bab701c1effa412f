// `npm run generate` writes src/generated/ and persisted-documents.json from schema.graphql and operations/.
// With `--check` it compares them instead.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as operationTypes from '@graphql-codegen/typescript-operations'
import {
  buildSchema,
  GraphQLNonNull,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  print,
  validate,
  visit,
} from 'graphql'
import { readShortSchema } from '../src/schema.ts'

const here = new URL('../', import.meta.url)
const schemaText = readFileSync(new URL('../../schema.graphql', here), 'utf8')
const schema = buildSchema(schemaText)
const HEADER = '// Written by `npm run generate`. Do not edit.\n'

/**
 * The definitions of operations/, with `__typename` in every selection. Clients would add it where it is missing, and
 * then a document would have another hash.
 */
function readDefinitions() {
  const folder = new URL('operations/', here)
  const text = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  const document = parse(text, { noLocation: true })
  const errors = validate(schema, document)
  if (errors.length) throw new Error(errors.map(String).join('\n'))
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
  return visit(document, {
    SelectionSet(node, _key, parent) {
      const isRoot = parent.kind === Kind.OPERATION_DEFINITION
      if (isRoot) return undefined
      const others = node.selections.filter((one) => one.name?.value !== '__typename')
      return { ...node, selections: [typename, ...others] }
    },
  }).definitions
}

/** The names of the fragments that this definition needs, directly or through others. */
function fragmentNames(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      if (!found.has(name.value)) {
        found.add(name.value)
        fragmentNames(fragments.get(name.value), fragments, found)
      }
    },
  })
  return [...found].sort()
}

/** A selection in the short form of src/documents.ts, which adds `__typename`. */
function shortSelections({ selections }) {
  const parts = selections.map((one) => {
    const name = one.kind === Kind.INLINE_FRAGMENT ? `...on ${one.typeCondition.name.value}` : one.name.value
    if (one.directives?.length || one.alias) throw new Error(`${name}: no short form for an alias or a directive`)
    if (one.kind === Kind.FRAGMENT_SPREAD) return `...${name}`
    if (name === '__typename') return ''
    const names = (one.arguments ?? []).map((argument) => {
      if (argument.value.name?.value !== argument.name.value) {
        throw new Error(`${name}: an argument must be a variable of the same name`)
      }
      return argument.name.value
    })
    const inner = one.selectionSet ? `{${shortSelections(one.selectionSet)}}` : ''
    return name + (names.length ? `(${names})` : '') + inner
  })
  return parts.filter(Boolean).join(' ').replaceAll('} ', '}')
}

const shortVariable = ({ variable, type, defaultValue }) =>
  `${variable.name.value}:${print(type)}${defaultValue ? `=${print(defaultValue)}` : ''}`

/** One constant for each fragment, which the documents share, and the text of each operation. */
function documents(definitions) {
  const fragments = new Map()
  const lines = []
  const texts = {}
  for (const definition of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const name = definition.name.value
    fragments.set(name, definition)
    const short = [name, definition.typeCondition.name.value, shortSelections(definition.selectionSet)]
    lines.push(`const ${name} = /* @__PURE__ */ fragment(${short.map((one) => JSON.stringify(one)).join(', ')})`)
  }
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const name = definition.name.value
    const needed = fragmentNames(definition, fragments)
    const text = print({
      kind: Kind.DOCUMENT,
      definitions: [definition, ...needed.map((one) => fragments.get(one))],
    })
    texts[createHash('sha256').update(text).digest('hex')] = text
    const kind = definition.operation
    const variables = definition.variableDefinitions.map(shortVariable).join(' ')
    const short = [kind, name, variables, shortSelections(definition.selectionSet)]
    const parameters = [...short.map((one) => JSON.stringify(one)), ...needed].join(', ')
    const type = name + kind[0].toUpperCase() + kind.slice(1)
    lines.push(
      `export const ${name}Document = /* @__PURE__ */ operation(${parameters}) as Document<${type}, ${type}Variables>`,
    )
  }
  return { code: `${lines.join('\n')}\n`, texts }
}

function types(definitions) {
  return codegen({
    filename: 'operations.ts',
    schema: parse(schemaText),
    documents: [{ document: { kind: Kind.DOCUMENT, definitions } }],
    plugins: [{ operations: {} }],
    pluginMap: { operations: operationTypes },
    config: {
      skipTypename: true,
      strictScalars: true,
      useTypeImports: true,
      scalars: {
        CountryCode: 'string',
        CurrencyCode: 'string',
        Date: 'string',
        DateTime: 'string',
        MinorUnits: 'number',
        URL: 'string',
      },
    },
  })
}

const PAGING = new Set(['first', 'after', 'last', 'before'])

/** The arguments of a field that returns a connection, without those that choose the page. */
function listArguments(field) {
  if (!getNamedType(field.type).name.endsWith('Connection')) return ''
  return `(${field.args.map((argument) => argument.name).filter((name) => !PAGING.has(name))})`
}

function marks(type) {
  if (!isNonNullType(type)) return `${marks(new GraphQLNonNull(type))}?`
  return isListType(type.ofType) ? `[${marks(type.ofType.ofType)}]` : ''
}

/**
 * All output types in a short form, one in a line: name, `&` interface, and fields. The mark of a field is `[]` for a
 * list, and `?` where null is possible. A line of a union is its name with `|`, and its members. What all results,
 * errors and connections share is left out. src/schema.ts reads it.
 */
function shortSchema() {
  const lines = []
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isUnionType(type)) {
      lines.push([`${type.name}|`, ...type.getTypes().map((member) => member.name)].join(' '))
    } else if (isObjectType(type) || isInterfaceType(type)) {
      const interfaces = type.getInterfaces().map((one) => `&${one.name}`)
      const fields = Object.values(type.getFields()).map(
        (field) => field.name + listArguments(field) + marks(field.type),
      )
      lines.push([type.name + (isInterfaceType(type) ? '?' : ''), ...interfaces, ...fields].join(' '))
    }
  }
  return lines
    .join('\n')
    .replace(/^(\w+)Payload (.*)\n\1Result\| \1Payload/gm, '$1+ $2 +')
    .replace(/^(\w+)Error &Error message/gm, '$1!')
    .replace(/^(\w+)Connection edges\[\] pageInfo(.*\n(?:.*\n)*?)\1Edge cursor node\n/gm, '$1*$2')
}

/** Fails if src/schema.ts reads another schema out of the short form. */
function checked(text) {
  const read = new Map(readShortSchema(text).map((one) => [one.name, one]))
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !isCompositeType(type)) continue
    const { related, fields } = read.get(type.name)
    const expected = isUnionType(type)
      ? type.getTypes()
      : [...type.getInterfaces(), ...Object.values(type.getFields()).map((one) => one.name + marks(one.type))]
    const found = [...related, ...[...fields].map(([name, one]) => name + one.marks)]
    if (String(found) !== String(expected)) throw new Error(`${type.name}: ${found} instead of ${expected}`)
  }
  return text
}

/** The types of all errors, for texts that must be complete. */
const errorNames = () => schema.getPossibleTypes(schema.getType('Error')).map((type) => `'${type.name}'`)

const definitions = readDefinitions()
const { code, texts } = documents(definitions)
const written = {
  'src/generated/operations.ts':
    `${HEADER}import type { TypedDocumentNode as Document } from '@graphql-typed-document-node/core'\n` +
    "import { fragment, operation } from '../documents.ts'\n" +
    `${await types(definitions)}\nexport type ErrorName =\n  | ${errorNames().join('\n  | ')}\n\n${code}`,
  'src/generated/schema.ts': `${HEADER}export const shortSchema = \`\n${checked(shortSchema())}\n\`\n`,
  'persisted-documents.json': `${JSON.stringify(texts, null, 2)}\n`,
}

let stale = false
for (const [name, text] of Object.entries(written)) {
  const file = new URL(name, here)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`clients/typescript/${name} is not up to date: run make client`)
    stale = true
  }
}
process.exit(stale ? 1 : 0)
