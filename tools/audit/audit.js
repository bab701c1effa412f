// Runs the audits of graphql-http against a service: node audit.js <url>, with a token in TOKEN. Prints each
// result as a line of JSON. tests/api/graphql/compared_audits.py counts the results.
import { serverAudits } from "graphql-http";

const headers = { authorization: `Bearer ${process.env.TOKEN}` };
const fetchFn = (url, options) => fetch(url, { ...options, headers: { ...headers, ...options?.headers } });

for (const { fn } of serverAudits({ url: process.argv[2], fetchFn })) {
  const { id, name, status, reason } = await fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
