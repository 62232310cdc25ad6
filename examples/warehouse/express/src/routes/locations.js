// Locations in the warehouse.

import { insert } from '../db.js';
import { decimal, nullable, optional, required, text } from '../validation.js';
import { CODE, NAME, find } from './shapes.js';

const shown = ({ code, name, max_load_kg }) => ({ code, name, max_load_kg });

export const locationRoutes = [
  {
    endpoint: 'GET /locations',
    answer: async ({ pool }) => ({
      json: (await pool.query('SELECT * FROM locations ORDER BY code')).rows.map(shown),
    }),
  },
  {
    endpoint: 'POST /locations',
    body: {
      code: required(CODE),
      name: required(NAME),
      max_load_kg: optional(nullable(decimal({ ge: 0, le: 99999, places: 1 })), null),
    },
    answer: async ({ pool, body }) => {
      const [row] = (await pool.query(...insert('locations', body))).rows;
      const headers = { Location: `/api/v1/locations/${row.code}` };
      return { status: 201, headers, json: shown(row) };
    },
  },
  {
    endpoint: 'GET /locations/:code',
    path: { code: required(text({ min: 1, max: 8, pattern: /^[A-Za-z0-9-]+$/ })) },
    answer: async ({ pool, path }) => ({ json: shown(await find(pool, 'location', path.code)) }),
  },
];
