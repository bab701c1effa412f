"""The execution of operations. The stages of a query, by example:

    query Shop($id: String!) { shop: merchant(by: {externalId: $id}) { displayName account { id } } }

1. `operations.read` parses a text, checks the limits in `limits`, and validates the text. It does so only
   once for each text. The Document holds the Operations of the text.
2. `Operation.coerce` reads the variables: `{"id": "shop-1"}`. `Operation.cost` counts the fields: 4.
3. `query_compiler` compiles the operation once. The CompiledQuery holds the text `"shop":` and a OneField
   with the CompiledSelection `displayName account { id }`.
4. `Reader.answer` looks in the AnswerCache for an object that was rendered for this selection and external
   id. A RowBatcher reads the columns `external_id`, `id` and `row_version` of the merchant's row, and also
   the `document` if no object is cached.
5. If the row has the same version as the cached object, this object is the answer. Otherwise, the
   CompiledSelection renders the document: `{"displayName":"Amber Bakery","account":{"id":"..."}}`.
6. The response joins the texts: `{"data":{"shop":{"displayName":"Amber Bakery","account":{"id":"..."}}}}`.

graphql-core executes the operations that `query_compiler` does not compile. `admission` makes the same checks
for them, and their resolvers use `context`. If several subscribers may get the same result,
`shared_execution` runs the operation only once for each change.
"""
