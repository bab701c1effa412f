// The address of the service, and the inputs of createMerchant.
const { API_URL, STRIPE_URL, TOKEN } = process.env

export const url = API_URL
export const headers = { authorization: `Bearer ${TOKEN}` }

/** Print what the client returned, for the test. */
export const report = (result) => process.stdout.write(JSON.stringify(result))

const steer = (fault) =>
  fetch(`${STRIPE_URL}/simulator/faults`, {
    method: fault ? 'POST' : 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: fault && JSON.stringify({ method: 'POST', path: '/v2/core/accounts', ...fault }),
  })

const shop = (externalId, changed) => ({
  externalId,
  displayName: 'Shop',
  contactEmail: 'owner@shop.example',
  country: 'US',
  ...changed,
})

/** Call createMerchant once for each member of its result. */
export async function createInEveryWay(create) {
  const refusal = { error: { code: 'connect_profile_not_submitted', message: 'Complete your profile.' } }
  const results = [
    await create(shop('new-1')),
    await create(shop('new-1', { displayName: 'Other' })),
    await create(shop('new-2', { contactEmail: 'nobody' })),
    await create(shop('new-2', { country: 'AQ' })),
  ]
  await steer({ status: 400, body: refusal })
  results.push(await create(shop('new-2')))
  await steer({ status: 503, times: 99 })
  results.push(await create(shop('new-3')))
  await steer(null)
  return results
}
