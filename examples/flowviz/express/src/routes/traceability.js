import { LOT_COLUMNS } from '../db.js';
import { HttpError } from '../errors.js';
import { validateLotCode } from '../validation.js';

const columns = LOT_COLUMNS.split(',')
  .map((name) => `lots.${name.trim()}`)
  .join(', ');

// One round trip: the lot itself and its neighbours of one generation, told apart by `relation`.
const TRACE = `
  WITH central AS (SELECT * FROM lots WHERE lot_code = $1)
  SELECT 'central' AS relation, ${columns} FROM central AS lots
  UNION ALL
  SELECT 'parent', ${columns} FROM central
    JOIN lot_genealogy AS link ON link.child_id = central.id JOIN lots ON lots.id = link.parent_id
  UNION ALL
  SELECT 'child', ${columns} FROM central
    JOIN lot_genealogy AS link ON link.parent_id = central.id JOIN lots ON lots.id = link.child_id`;

export async function traceability(req, res) {
  const code = validateLotCode(req.params.lot_code);
  const { rows } = await req.app.locals.pool.query(TRACE, [code]);
  const related = (wanted) =>
    rows.filter(({ relation }) => relation === wanted).map(({ relation, ...lot }) => lot);
  const [central] = related('central');
  if (!central) throw new HttpError(404, 'Lot not found');
  res.json({ central, parents: related('parent'), children: related('child') });
}
