import { FOREIGN_KEY_VIOLATION } from '../db.js';
import { HttpError } from '../errors.js';
import { validateQcDecision } from '../validation.js';

// Gates live in the line controller, so qc_gate_id is not checked here; lot_id is, by its foreign key.
const INSERT_DECISION = `
  INSERT INTO qc_decisions (lot_id, qc_gate_id, decision, notes, temperature_c, digital_signature,
                            operator_id)
  VALUES ($1, $2, $3, $4, $5, $6, (SELECT id FROM users WHERE id = $7))
  RETURNING id, lot_id, qc_gate_id, decision, notes, temperature_c, digital_signature, operator_id,
            decided_at`;

export async function createQcDecision(req, res) {
  const decision = validateQcDecision(req.body);
  const { pool, sessions } = req.app.locals;
  const values = [
    decision.lot_id,
    decision.qc_gate_id,
    decision.decision,
    decision.notes,
    decision.temperature_c,
    decision.digital_signature,
    sessions.operator(req),
  ];
  let created;
  try {
    created = (await pool.query(INSERT_DECISION, values)).rows[0];
  } catch (error) {
    if (error.code === FOREIGN_KEY_VIOLATION) throw new HttpError(404, 'Lot not found');
    throw error;
  }
  res.status(201).json(created);
}
