/**
 * @generated SignedSource<<7031ce56d0d775f0c7c0d66b7919a19c>>
 * @lightSyntaxTransform
 */

/* eslint-disable */

'use strict';

var node = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "externalId"
  }
],
v1 = [
  {
    "fields": [
      {
        "kind": "Variable",
        "name": "externalId",
        "variableName": "externalId"
      }
    ],
    "kind": "ObjectValue",
    "name": "by"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "displayName",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "operationsChangedSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Merchant",
        "kind": "LinkedField",
        "name": "merchantChanged",
        "plural": false,
        "selections": [
          (v2/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "operationsChangedSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Merchant",
        "kind": "LinkedField",
        "name": "merchantChanged",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "12f385de5660a607580ac3cf88fa1f67",
    "id": null,
    "metadata": {},
    "name": "operationsChangedSubscription",
    "operationKind": "subscription",
    "text": "subscription operationsChangedSubscription(\n  $externalId: String!\n) {\n  merchantChanged(by: {externalId: $externalId}) {\n    displayName\n    id\n  }\n}\n"
  }
};
})();

node.hash = "dd9e7e7c759c70709d9d089efcf15642";

module.exports = node;
