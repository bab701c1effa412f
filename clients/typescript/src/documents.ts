// Documents in a short form, a quarter of the size of their syntax trees. `npm run generate` writes the short form.
import type {
  ConstValueNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  NameNode,
  OperationTypeNode,
  SelectionNode,
  SelectionSetNode,
  TypeNode,
  VariableDefinitionNode,
} from 'graphql'

/**
 * Names of fields and `...` of fragments in one text, and fields with selections. The head of the latter is `name`,
 * `name(argument,…)` for arguments that are variables of the same name, or `on Type`.
 */
export type Selections = readonly (string | readonly [head: string, selections: Selections])[]

// graphql-js exports its kinds as an enum, which this package must not import.
const node = <Node>(kind: string, parts: object) => ({ kind, ...parts }) as Node
const named = (value: string) => node<NameNode>('Name', { value })
const words = (text: string, separator: string) => text.split(separator).filter(Boolean)

export function fragment(name: string, type: string, selections: Selections): FragmentDefinitionNode {
  return node('FragmentDefinition', {
    name: named(name),
    typeCondition: typeNode(type),
    selectionSet: selectionSet(selections),
  })
}

/** `variables` is such as `by:MerchantRef! first:Int=20`. */
export function operation(
  kind: `${OperationTypeNode}`,
  name: string,
  variables: string,
  selections: Selections,
  ...fragments: FragmentDefinitionNode[]
): DocumentNode {
  const definition = node('OperationDefinition', {
    operation: kind,
    name: named(name),
    variableDefinitions: words(variables, ' ').map(variableDefinition),
    selectionSet: selectionSet(selections, true),
  })
  return node('Document', { definitions: [definition, ...fragments] })
}

/** Caches need `__typename` in every selection below the root. */
function selectionSet(selections: Selections, isRoot = false): SelectionSetNode {
  const nodes = selections.flatMap((one): SelectionNode[] => {
    if (typeof one === 'string') return words(one, ' ').map(leaf)
    const [head, inner] = one
    if (head.startsWith('on ')) {
      return [node('InlineFragment', { typeCondition: typeNode(head.slice(3)), selectionSet: selectionSet(inner) })]
    }
    const [name = '', names = ''] = head.slice(0, head.endsWith(')') ? -1 : undefined).split('(')
    const argumentNodes = words(names, ',').map((value) =>
      node('Argument', { name: named(value), value: node('Variable', { name: named(value) }) }),
    )
    return [node('Field', { name: named(name), arguments: argumentNodes, selectionSet: selectionSet(inner) })]
  })
  return node('SelectionSet', { selections: isRoot ? nodes : [leaf('__typename'), ...nodes] })
}

function leaf(name: string): FieldNode {
  return name.startsWith('...')
    ? node('FragmentSpread', { name: named(name.slice(3)) })
    : node('Field', { name: named(name) })
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
