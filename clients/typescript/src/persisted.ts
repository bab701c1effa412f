// The ids of persisted operations, as in persisted-documents.json and in the manifests of graphql-codegen.
import type { DocumentNode } from 'graphql'

/**
 * The SHA-256 of a document's text, in hexadecimal. `print` is that of the package `graphql`: the text must be the
 * one in the manifest, character by character. Browsers have `crypto.subtle` on https and on localhost.
 */
export async function documentHash(document: DocumentNode, print: (document: DocumentNode) => string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(print(document)))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
