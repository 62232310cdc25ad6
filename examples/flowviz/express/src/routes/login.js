import { HttpError } from '../errors.js';
import { SESSION_SECONDS } from '../sessions.js';
import { validateLogin } from '../validation.js';

// `last_login` is written by the nightly audit job from the access log, not here: a login stays a
// read, which is what lets it be served from a replica.
const FIND_USER = `
  SELECT id, email, full_name, role, created_at, last_login
  FROM users WHERE lower(email) = lower($1)`;

export async function login(req, res) {
  const { email } = validateLogin(req.body);
  const { pool, sessions } = req.app.locals;
  const { rows } = await pool.query(FIND_USER, [email]);
  if (rows.length === 0) {
    throw new HttpError(401, 'Unknown user', { 'WWW-Authenticate': 'Bearer realm="flowviz"' });
  }
  const token = sessions.issue(rows[0].id);
  // Not res.cookie(): it adds Expires beside Max-Age, a second truth that depends on two clocks.
  res.setHeader(
    'Set-Cookie',
    `flowviz_session=${token}; Max-Age=${SESSION_SECONDS}; Path=/; HttpOnly; SameSite=Lax`,
  );
  res.json({ user: rows[0], token });
}
