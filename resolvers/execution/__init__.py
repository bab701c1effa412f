"""How operations run. One query at each of its stages:

    query Shop($id: String!) { shop: merchant(by: {externalId: $id}) { displayName account { id } } }

1. `operations.read` parses and validates the text within `limits`, once for each text. Its Document holds
   the Operations.
2. `Operation.coerce` reads the variables: `{"id": "shop-1"}`. `Operation.cost` counts the fields: 4.
3. `query_compiler` compiles the operation, once, to a CompiledQuery: the text `"shop":`, then a OneField
   with the CompiledSelection `displayName account { id }`.
4. `Reader.answer` lets a RowBatcher read the merchant's row: `external_id`, `id`, `row_version`,
   `document`.
5. The AnswerCache holds the rendered object under (selection, id, row version), or the CompiledSelection
   renders the document: `{"displayName":"Amber Bakery","account":{"id":"..."}}`.
6. The response joins the texts: `{"data":{"shop":{"displayName":"Amber Bakery","account":{"id":"..."}}}}`.

graphql-core executes every other operation. `admission` makes the same checks for it, `context` is what its
resolvers get, and `shared_execution` runs equal operations of subscribers once for each change.
"""
