// Orders: drafts, then confirmed or cancelled.

import { insert } from '../db.js';
import { conflict } from '../errors.js';
import {
  day, list, nullable, object, oneOf, optional, required, uuid, whole,
} from '../validation.js';
import { CODE, NOTE, NUMBER, find, page, pageOf } from './shapes.js';

async function shown(pool, { confirmed_at, ...row }) {
  const query = `SELECT item_id, quantity, unit_price FROM order_lines WHERE order_id = $1
    ORDER BY position`;
  return { ...row, lines: (await pool.query(query, [row.id])).rows, confirmed_at };
}

// Half a cent counts up; prices are decimals as text.
function totalOf(lines, discount) {
  let hundredths = 0n;
  for (const { quantity, unit_price } of lines) {
    hundredths += BigInt(quantity) * BigInt(unit_price.replace('.', '')) * BigInt(100 - discount);
  }
  const cents = String((hundredths + 50n) / 100n).padStart(3, '0');
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

const moveOn = (status, sql) => ({
  endpoint: `POST /orders/:order_id/${status === 'confirmed' ? 'confirm' : 'cancel'}`,
  path: { order_id: NUMBER },
  answer: async ({ pool, path }) => {
    const order = await find(pool, 'order', path.order_id);
    if (order.status !== 'draft') throw conflict('the order is no draft');
    const query = `UPDATE orders SET ${sql} WHERE id = $1 RETURNING *`;
    return { json: await shown(pool, (await pool.query(query, [order.id])).rows[0]) };
  },
});

export const orderRoutes = [
  {
    endpoint: 'GET /orders',
    query: { status: optional(oneOf('draft', 'confirmed', 'cancelled')), ...page(50, 20) },
    answer: async ({ pool, query: { status, limit, offset } }) => {
      const conditions = status === undefined ? [] : [['status = ?', status]];
      const asked = { table: 'orders', conditions, order: 'id DESC', limit, offset };
      const { rows, total } = await pageOf(pool, asked);
      const orders = [];
      for (const row of rows) orders.push(await shown(pool, row));
      return { json: { total, limit, offset, orders } };
    },
  },
  {
    endpoint: 'POST /orders',
    body: {
      supplier_id: required(uuid),
      ship_to: required(CODE),
      lines: required(list(
        object({ item_id: required(uuid), quantity: required(whole({ ge: 1, le: 1000 })) }),
        { min: 1, max: 10 },
      )),
      discount_percent: optional(whole({ ge: 0, le: 50 }), 0),
      wanted_on: optional(nullable(day), null),
      note: optional(nullable(NOTE), null),
    },
    answer: async ({ pool, body: { lines, ...given } }) => {
      await find(pool, 'supplier', given.supplier_id);
      await find(pool, 'location', given.ship_to);
      const priced = [];
      for (const line of lines) {
        const item = await find(pool, 'item', line.item_id);
        priced.push({ ...line, unit_price: item.price });
      }
      const total = totalOf(priced, given.discount_percent);
      const [order] = (await pool.query(...insert('orders', { ...given, total }))).rows;
      for (const [position, line] of priced.entries()) {
        await pool.query(...insert('order_lines', { order_id: order.id, position, ...line }));
      }
      const headers = { Location: `/api/v1/orders/${order.id}` };
      return { status: 201, headers, json: await shown(pool, order) };
    },
  },
  {
    endpoint: 'GET /orders/:order_id',
    path: { order_id: NUMBER },
    answer: async ({ pool, path }) => ({
      json: await shown(pool, await find(pool, 'order', path.order_id)),
    }),
  },
  moveOn('confirmed', "status = 'confirmed', confirmed_at = date_trunc('second', now())"),
  moveOn('cancelled', "status = 'cancelled'"),
];
