// The short form of the schema, for caches.
import { shortSchema } from './generated/schema.ts'

export interface OutputType {
  name: string
  kind: 'OBJECT' | 'INTERFACE' | 'UNION'
  /** Interfaces of an object, or members of a union. */
  related: string[]
  /** By name: the marks `[]` and `?` of the type, and for connections the arguments that choose the list. */
  fields: Map<string, { marks: string; listArguments?: string[] }>
}

export const outputTypes: OutputType[] = /* @__PURE__ */ readShortSchema(shortSchema)

export function readShortSchema(text: string): OutputType[] {
  return text
    .trim()
    .replace(/^(\w+)\+ (.*) \+/gm, '$1Payload $2\n$1Result| $1Payload')
    .replace(/^(\w+)!/gm, '$1Error &Error message')
    .replace(/^(\w+)\*(.*)/gm, '$1Connection edges[] pageInfo$2\n$1Edge cursor node')
    .split('\n')
    .map((line) => {
      const [head = '', ...rest] = line.split(' ')
      const name = head.replace(/\W/, '')
      const kind = head.endsWith('|') ? 'UNION' : head.endsWith('?') ? 'INTERFACE' : 'OBJECT'
      const related = kind === 'UNION' ? rest : rest.filter((one) => one.startsWith('&')).map((one) => one.slice(1))
      const fields = new Map<string, { marks: string; listArguments?: string[] }>()
      for (const field of kind === 'UNION' ? [] : rest) {
        const [, fieldName, names, marks = ''] = /^(\w+)(?:\(([\w,]*)\))?(.*)$/.exec(field) ?? []
        if (fieldName === undefined) continue
        fields.set(
          fieldName,
          names === undefined ? { marks } : { marks, listArguments: names.split(',').filter(Boolean) },
        )
      }
      return { name, kind, related, fields }
    })
}

const ROOTS = ['Query', 'Mutation', 'Subscription']

/** The objects without an id. Caches store them inside their parent. */
export const embeddedTypes = /* @__PURE__ */ outputTypes
  .filter(({ name, kind, fields }) => kind === 'OBJECT' && !ROOTS.includes(name) && fields.get('id')?.marks !== '')
  .map((type) => type.name)

/** For each interface and union, the objects that it can be. */
export const possibleTypes: Record<string, string[]> = /* @__PURE__ */ Object.fromEntries(
  outputTypes
    .filter(({ kind }) => kind !== 'OBJECT')
    .map(({ name, kind, related }) => [
      name,
      kind === 'UNION'
        ? related
        : outputTypes.filter((one) => one.kind === 'OBJECT' && one.related.includes(name)).map((one) => one.name),
    ]),
)
