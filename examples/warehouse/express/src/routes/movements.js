// What went where, and the stock as a table.

import { insert } from '../db.js';
import { conflict } from '../errors.js';
import { nullable, oneOf, optional, required, uuid, whole, wholeText } from '../validation.js';
import { stockOf, sum } from './items.js';
import { CODE, find } from './shapes.js';

const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const line = (cells) => `${cells.map((one) => cell(String(one))).join(',')}\r\n`;

export const movementRoutes = [
  {
    endpoint: 'GET /movements',
    query: {
      item_id: optional(uuid),
      limit: optional(wholeText({ ge: 1, le: 100 }), 50),
    },
    answer: async ({ pool, query: { item_id, limit } }) => {
      const query = `SELECT * FROM movements WHERE $1::uuid IS NULL OR item_id = $1
        ORDER BY id DESC LIMIT $2`;
      return { json: (await pool.query(query, [item_id, limit])).rows };
    },
  },
  {
    endpoint: 'POST /movements',
    body: {
      item_id: required(uuid),
      from_code: optional(nullable(CODE), null),
      to_code: optional(nullable(CODE), null),
      quantity: required(whole({ ge: 1, le: 10_000 })),
      reason: required(oneOf('received', 'moved', 'shipped', 'lost')),
    },
    agrees: ({ from_code, to_code }) => from_code !== to_code,
    answer: async ({ pool, body }) => {
      const { item_id, from_code, to_code, quantity } = body;
      await find(pool, 'item', item_id);
      for (const code of [from_code, to_code]) {
        if (code !== null) await find(pool, 'location', code);
      }
      if (from_code !== null && ((await stockOf(pool, item_id))[from_code] ?? 0) < quantity) {
        throw conflict('not enough there');
      }
      return { status: 201, json: (await pool.query(...insert('movements', body))).rows[0] };
    },
  },
  {
    endpoint: 'GET /reports/stock.csv',
    answer: async ({ pool }) => {
      let body = line(['sku', 'name', 'total', 'price']);
      for (const item of (await pool.query('SELECT * FROM items ORDER BY sku')).rows) {
        body += line([item.sku, item.name, sum(await stockOf(pool, item.id)), item.price]);
      }
      return { type: 'text/csv; charset=utf-8', body };
    },
  },
];
