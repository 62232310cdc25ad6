// The pool, and how PostgreSQL's types become JSON.

import pg from 'pg';

import { parseExact } from './numbers.js';

const { types } = pg;
// `numeric` arrives as text; all of ours have at most 15 digits, which a JavaScript number holds.
types.setTypeParser(types.builtins.NUMERIC, Number);
types.setTypeParser(types.builtins.JSONB, parseExact);

export const UNIQUE_VIOLATION = '23505';
export const FOREIGN_KEY_VIOLATION = '23503';

export const LOT_COLUMNS = `id, lot_code, lot_type, production_run_id, weight_kg, temperature_c,
  metadata, phase_id, operator_id, created_at`;

export function createPool({ url, schema, max }) {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'flowviz-express',
    ...(schema ? { options: `-c search_path="${schema}"` } : {}),
  });
  // A connection that breaks while idle is replaced by the pool; without a listener it would end us.
  pool.on('error', (error) => console.error('flowviz: idle database connection:', error.message));
  return pool;
}
