// Suppliers.

import { insert, update } from '../db.js';
import { bool, boolText, nullable, optional, required, text } from '../validation.js';
import { EMAIL, ID, NAME, PHONE, find, nameHas, page, pageOf } from './shapes.js';

const shown = ({ id, name, email, phone, active, created_at }) =>
  ({ id, name, email, phone, active, created_at });

export const supplierRoutes = [
  {
    endpoint: 'GET /suppliers',
    query: { q: optional(text({ max: 50 })), active: optional(boolText), ...page(100, 20) },
    answer: async ({ pool, query: { q, active, limit, offset } }) => {
      const conditions = [...nameHas(q), ...(active === undefined ? [] : [['active = ?', active]])];
      const asked = { table: 'suppliers', conditions, order: 'number', limit, offset };
      const { rows, total } = await pageOf(pool, asked);
      return { json: { total, limit, offset, suppliers: rows.map(shown) } };
    },
  },
  {
    endpoint: 'POST /suppliers',
    body: {
      name: required(NAME),
      email: optional(nullable(EMAIL), null),
      phone: optional(nullable(PHONE), null),
      active: optional(bool, true),
    },
    answer: async ({ pool, body }) => {
      const [row] = (await pool.query(...insert('suppliers', body))).rows;
      return { status: 201, headers: { Location: `/api/v1/suppliers/${row.id}` }, json: shown(row) };
    },
  },
  {
    endpoint: 'GET /suppliers/:supplier_id',
    path: { supplier_id: ID },
    answer: async ({ pool, path }) => ({
      headers: { 'Cache-Control': 'no-store' },
      json: shown(await find(pool, 'supplier', path.supplier_id)),
    }),
  },
  {
    endpoint: 'PATCH /suppliers/:supplier_id',
    path: { supplier_id: ID },
    body: {
      name: optional(nullable(NAME)),
      email: optional(nullable(EMAIL)),
      phone: optional(nullable(PHONE)),
      active: optional(nullable(bool)),
    },
    agrees: ({ name, active }) => name !== null && active !== null,
    answer: async ({ pool, path, body }) => {
      const row = await find(pool, 'supplier', path.supplier_id);
      const given = Object.fromEntries(
        Object.entries(body).filter(([, value]) => value !== undefined),
      );
      if (!Object.keys(given).length) return { json: shown(row) };
      return { json: shown((await pool.query(...update('suppliers', row.id, given))).rows[0]) };
    },
  },
  {
    endpoint: 'DELETE /suppliers/:supplier_id',
    path: { supplier_id: ID },
    answer: async ({ pool, path }) => {
      const row = await find(pool, 'supplier', path.supplier_id);
      await pool.query('DELETE FROM suppliers WHERE id = $1', [row.id]);
      return { status: 204 };
    },
  },
];
