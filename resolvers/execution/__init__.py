"""The execution of operations. The stages of a query, by example:

    query Shop($id: String!) { shop: merchant(by: {externalId: $id}) { displayName account { id } } }

1. `operations.read` parses a text, checks `limits` and validates it, once for each text. The Document holds
   its Operations.
2. `Operation.coerce` reads the variables: `{"id": "shop-1"}`. `Operation.cost` counts the fields: 4.
3. `query_compiler` compiles the operation once. The CompiledQuery holds the text `"shop":` and a OneField
   with the CompiledSelection `displayName account { id }`.
4. `Reader.answer` reads the merchant's row through a RowBatcher: `external_id`, `id`, `row_version`,
   `document`.
5. The AnswerCache holds the rendered object under (selection, id, row version). If it is missing, the
   CompiledSelection renders the document: `{"displayName":"Amber Bakery","account":{"id":"..."}}`.
6. The response joins the texts: `{"data":{"shop":{"displayName":"Amber Bakery","account":{"id":"..."}}}}`.

graphql-core executes all other operations. `admission` makes the same checks for them, and `context` is the
context of their resolvers. `shared_execution` runs equal operations of subscribers once for each change.
"""
