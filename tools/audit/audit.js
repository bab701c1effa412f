// Runs the public audits against a service: node audit.js <address>, with a token in TOKEN. Prints each
// result as a line of JSON; tests/audit.py counts them.
import { serverAudits } from "graphql-http";

const headers = { authorization: `Bearer ${process.env.TOKEN}` };
const fetchFn = (url, options) => fetch(url, { ...options, headers: { ...headers, ...options?.headers } });

for (const { fn } of serverAudits({ url: process.argv[2], fetchFn })) {
  const { id, name, status, reason } = await fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
