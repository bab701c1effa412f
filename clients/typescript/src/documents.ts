// Documents in a short form, a quarter of the size of their syntax trees. `npm run generate` writes the short form.
import type {
  ConstValueNode,
  DocumentNode,
  FragmentDefinitionNode,
  NameNode,
  OperationTypeNode,
  SelectionNode,
  SelectionSetNode,
  TypeNode,
  VariableDefinitionNode,
} from 'graphql'

// graphql-js exports its kinds as an enum, which this package must not import.
const node = <Node>(kind: string, parts: object) => ({ kind, ...parts }) as Node
const named = (value: string) => node<NameNode>('Name', { value })
const words = (text: string, separator: string | RegExp) => text.split(separator).filter(Boolean)

/** `selections` is such as `id amount{...MoneyFields}`. */
export function fragment(name: string, type: string, selections: string): FragmentDefinitionNode {
  return node('FragmentDefinition', {
    name: named(name),
    typeCondition: typeNode(type),
    selectionSet: selectionSet(tokens(selections)),
  })
}

/** `variables` is such as `by:MerchantRef! first:Int=20`, and an argument is the variable of the same name. */
export function operation(
  kind: `${OperationTypeNode}`,
  name: string,
  variables: string,
  selections: string,
  ...fragments: FragmentDefinitionNode[]
): DocumentNode {
  const definition = node('OperationDefinition', {
    operation: kind,
    name: named(name),
    variableDefinitions: words(variables, ' ').map(variableDefinition),
    selectionSet: selectionSet(tokens(selections), []),
  })
  return node('Document', { definitions: [definition, ...fragments] })
}

const tokens = (text: string) => text.match(/\.{3}on \w+|[\w.]+(\([\w,]+\))?|[{}]/g) ?? []

/** Take the tokens up to the next `}` at this level. Caches need `__typename` in every selection below the root. */
function selectionSet(rest: string[], selections: SelectionNode[] = [selection('__typename')]): SelectionSetNode {
  for (let token; (token = rest.shift()) && token !== '}'; ) {
    selections.push(selection(token, rest[0] === '{' && rest.shift() ? { selectionSet: selectionSet(rest) } : {}))
  }
  return node('SelectionSet', { selections })
}

function selection(token: string, inner: { selectionSet?: SelectionSetNode } = {}): SelectionNode {
  if (token.startsWith('...on ')) return node('InlineFragment', { typeCondition: typeNode(token.slice(6)), ...inner })
  if (token.startsWith('...')) return node('FragmentSpread', { name: named(token.slice(3)) })
  const [name = '', ...names] = words(token, /[(),]/)
  const argumentNodes = names.map((value) =>
    node('Argument', { name: named(value), value: node('Variable', { name: named(value) }) }),
  )
  return node('Field', { name: named(name), arguments: argumentNodes, ...inner })
}

function variableDefinition(text: string): VariableDefinitionNode {
  const [, name = '', type = '', value] = /^(\w+):([^=]+)=?(.*)$/.exec(text) ?? []
  return node('VariableDefinition', {
    variable: node('Variable', { name: named(name) }),
    type: typeNode(type),
    ...(value && { defaultValue: constant(value) }),
  })
}

const constant = (value: string): ConstValueNode => node(/^\d/.test(value) ? 'IntValue' : 'EnumValue', { value })

function typeNode(text: string): TypeNode {
  if (text.endsWith('!')) return node('NonNullType', { type: typeNode(text.slice(0, -1)) })
  if (text.startsWith('[')) return node('ListType', { type: typeNode(text.slice(1, -1)) })
  return node('NamedType', { name: named(text) })
}
