import { LOT_COLUMNS, UNIQUE_VIOLATION } from '../db.js';
import { HttpError } from '../errors.js';
import { parseExact } from '../numbers.js';
import { validateLot } from '../validation.js';

// The operator is looked up again, because a token may outlive its user.
const INSERT_LOT = `
  INSERT INTO lots (lot_code, lot_type, production_run_id, weight_kg, temperature_c, metadata,
                    operator_id)
  VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM users WHERE id = $7))
  RETURNING ${LOT_COLUMNS}`;

// Parsed a second time, and only where there is something in it, to keep its numbers as written.
function exactMetadata(req, metadata) {
  if (Object.keys(metadata).length === 0) return '{}';
  return JSON.stringify(parseExact(req.bodyText).metadata);
}

export async function createLot(req, res) {
  const lot = validateLot(req.body);
  const { pool, sessions } = req.app.locals;
  const values = [
    lot.lot_code,
    lot.lot_type,
    lot.production_run_id,
    lot.weight_kg,
    lot.temperature_c,
    exactMetadata(req, lot.metadata),
    sessions.operator(req),
  ];
  let created;
  try {
    created = (await pool.query(INSERT_LOT, values)).rows[0];
  } catch (error) {
    if (error.code === UNIQUE_VIOLATION) throw new HttpError(409, 'lot_code already exists');
    throw error;
  }
  res
    .status(201)
    .set('Location', `/api/traceability/${encodeURIComponent(created.lot_code)}`)
    .json(created);
}
