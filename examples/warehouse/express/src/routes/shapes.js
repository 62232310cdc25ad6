// Validators and looks that several routes share.

import { notFound } from '../errors.js';
import { oneOf, optional, required, text, uuid, wholeText } from '../validation.js';

export const EMAIL = text({ pattern: /^[A-Za-z0-9.+-]{1,40}@[A-Za-z0-9-]{1,40}\.[A-Za-z]{2,10}$/ });
export const PHONE = text({ pattern: /^\+?[0-9 ]{3,20}$/ });
export const NAME = text({ min: 1, max: 80 });
export const NOTE = text({ max: 200 });
export const CODE = text({ pattern: /^[A-Z]-[0-9]{2}$/ });
export const CATEGORY = oneOf('part', 'tool', 'packaging', 'chemical');
export const NUMBER = required(wholeText({ ge: 1, le: 2_147_483_647 }));
export const ID = required(uuid);
export const page = (most, usual) => ({
  limit: optional(wholeText({ ge: 1, le: most }), usual),
  offset: optional(wholeText({ ge: 0, le: 10_000 }), 0),
});

const WHERE = { supplier: 'id', item: 'id', location: 'code', document: 'id', order: 'id' };
export async function find(pool, what, key) {
  const query = `SELECT * FROM ${what}s WHERE ${WHERE[what]} = $1`;
  const row = (await pool.query(query, [key])).rows[0];
  if (!row) throw notFound(what);
  return row;
}

// Rows of a page and how many there are in all; `conditions` are [SQL with ?, value].
export async function pageOf(pool, { table, conditions = [], order, limit, offset }) {
  const values = conditions.map(([, value]) => value);
  const texts = conditions.map(([sql], index) => sql.replace('?', `$${index + 1}`));
  const where = texts.length ? `WHERE ${texts.join(' AND ')}` : '';
  const total = (await pool.query(`SELECT count(*) FROM ${table} ${where}`, values)).rows[0].count;
  const query = `SELECT * FROM ${table} ${where} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
  return { rows: (await pool.query(query, values)).rows, total };
}

export const nameHas = (q) =>
  (q === undefined ? [] : [['strpos(lower(name), lower(?)) > 0', q]]);
