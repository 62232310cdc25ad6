// The pool, and how PostgreSQL's types become JSON.

import pg from 'pg';

pg.types.setTypeParser(pg.types.builtins.DATE, String);
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export const FOREIGN_KEY_VIOLATION = '23503';
export const UNIQUE_VIOLATION = '23505';

export function createPool(url, schema) {
  const pool = new pg.Pool({ connectionString: url, options: `-c search_path="${schema}"` });
  pool.on('error', (error) => console.error('warehouse: idle connection:', error.message));
  return pool;
}

// Columns and values of an object as an INSERT: [text, values].
export function insert(table, row) {
  const names = Object.keys(row);
  const marks = names.map((_, index) => `$${index + 1}`);
  return [
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks.join(', ')}) RETURNING *`,
    Object.values(row),
  ];
}

export function update(table, id, row) {
  const names = Object.keys(row);
  const sets = names.map((name, index) => `${name} = $${index + 2}`);
  return [
    `UPDATE ${table} SET ${sets.join(', ')} WHERE id = $1 RETURNING *`,
    [id, ...Object.values(row)],
  ];
}
