// Items, and how many of them there are.

import { insert, update } from '../db.js';
import { decimal, list, nullable, oneOf, optional, required, text, uuid } from '../validation.js';
import { CATEGORY, CODE, ID, NAME, NOTE, find, nameHas, page, pageOf } from './shapes.js';

const ITEM = {
  sku: required(text({ pattern: /^[A-Z0-9-]{3,20}$/ })),
  name: required(NAME),
  category: optional(CATEGORY, 'part'),
  price: required(decimal({ gt: 0, le: 100_000, places: 2 })),
  weight_kg: optional(nullable(decimal({ ge: 0, le: 1000, places: 3 })), null),
  tags: optional(list(text({ min: 1, max: 20 }), { max: 5 }), []),
  notes: optional(nullable(NOTE), null),
  supplier_id: required(uuid),
  home_code: optional(nullable(CODE), null),
};
const ORDERS = {
  name: 'name, number',
  '-name': 'name DESC, number',
  price: 'price, number',
  '-price': 'price DESC, number',
};

const shown = ({ number, ...row }) => row;

export async function stockOf(pool, itemId) {
  const query = 'SELECT from_code, to_code, quantity FROM movements WHERE item_id = $1';
  const counts = {};
  for (const one of (await pool.query(query, [itemId])).rows) {
    for (const [code, sign] of [[one.from_code, -1], [one.to_code, 1]]) {
      if (code !== null) counts[code] = (counts[code] ?? 0) + sign * one.quantity;
    }
  }
  const codes = Object.keys(counts).filter((code) => counts[code]).sort();
  return Object.fromEntries(codes.map((code) => [code, counts[code]]));
}

export const sum = (counts) => Object.values(counts).reduce((total, one) => total + one, 0);

async function checkReferences(pool, body) {
  await find(pool, 'supplier', body.supplier_id);
  if (body.home_code !== null) await find(pool, 'location', body.home_code);
}

const quoted = (value) => encodeURIComponent(value)
  .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  .replaceAll('%20', '+');

function nextPage(pairs, limit, offset) {
  const kept = [...pairs].filter(([name]) => name !== 'limit' && name !== 'offset');
  const all = [...kept, ['limit', limit], ['offset', offset + limit]];
  return `/api/v1/items?${all.map((pair) => pair.map(quoted).join('=')).join('&')}`;
}

export const itemRoutes = [
  {
    endpoint: 'GET /items',
    query: {
      q: optional(text({ max: 50 })),
      category: optional(CATEGORY),
      supplier_id: optional(uuid),
      min_price: optional(decimal({ ge: 0, le: 100_000 })),
      sort: optional(oneOf(...Object.keys(ORDERS))),
      ...page(100, 20),
    },
    answer: async ({ pool, query, pairs }) => {
      const { limit, offset } = query;
      const conditions = nameHas(query.q);
      for (const [sql, value] of [
        ['category = ?', query.category],
        ['supplier_id = ?', query.supplier_id],
        ['price >= ?::numeric', query.min_price],
      ]) if (value !== undefined) conditions.push([sql, value]);
      const order = ORDERS[query.sort] ?? 'number';
      const { rows, total } = await pageOf(pool, { table: 'items', conditions, order, limit, offset });
      const next = offset + rows.length < total ? nextPage(pairs, limit, offset) : null;
      return { json: { total, limit, offset, items: rows.map(shown), next } };
    },
  },
  {
    endpoint: 'POST /items',
    body: ITEM,
    answer: async ({ pool, body }) => {
      await checkReferences(pool, body);
      const [row] = (await pool.query(...insert('items', body))).rows;
      return { status: 201, headers: { Location: `/api/v1/items/${row.id}` }, json: shown(row) };
    },
  },
  {
    endpoint: 'GET /items/:item_id',
    path: { item_id: ID },
    answer: async ({ pool, path }) => ({ json: shown(await find(pool, 'item', path.item_id)) }),
  },
  {
    endpoint: 'PUT /items/:item_id',
    path: { item_id: ID },
    body: ITEM,
    answer: async ({ pool, path, body }) => {
      const { id } = await find(pool, 'item', path.item_id);
      await checkReferences(pool, body);
      return { json: shown((await pool.query(...update('items', id, body))).rows[0]) };
    },
  },
  {
    endpoint: 'DELETE /items/:item_id',
    path: { item_id: ID },
    answer: async ({ pool, path }) => {
      const { id } = await find(pool, 'item', path.item_id);
      await pool.query('DELETE FROM items WHERE id = $1', [id]);
      return { status: 204 };
    },
  },
  {
    endpoint: 'GET /items/:item_id/stock',
    path: { item_id: ID },
    answer: async ({ pool, path: { item_id } }) => {
      await find(pool, 'item', item_id);
      const counts = await stockOf(pool, item_id);
      return { json: { item_id, total: sum(counts), by_location: counts } };
    },
  },
];
