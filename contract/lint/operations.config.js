// graphql-eslint's recommended rules for the operations of the clients.
import plugin from '@graphql-eslint/eslint-plugin'

const { configs, parser } = plugin
const root = `${import.meta.dirname}/../..`
const documents = ['typescript', 'python'].map((client) => `${root}/clients/${client}/operations/*.graphql`)

export default [
  {
    files: ['clients/*/operations/*.graphql'],
    plugins: { '@graphql-eslint': plugin },
    languageOptions: {
      parser,
      parserOptions: { graphQLConfig: { schema: `${root}/schema.graphql`, documents } },
    },
    rules: configs['flat/operations-recommended'].rules,
  },
]
