// A pool of eight connections, named prepared statements, and the service's formats of ids, times and cursors.
import pg from 'pg'

export const START = '00000000-0000-0000-0000-000000000000'

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })

export async function query(name, text, values) {
  return (await pool.query({ name, text, values })).rows
}

export function end(rows) {
  if (rows.length === 0) return null
  return Buffer.from(JSON.stringify(['CREATED_AT_ASC', rows.at(-1).id])).toString('base64url')
}

export function key(cursor) {
  return cursor && JSON.parse(Buffer.from(cursor, 'base64url'))[1]
}

export function globalId(type, id) {
  return Buffer.from(`${type}:${id}`).toString('base64url')
}

export function time(date) {
  return date && date.toISOString()
}
