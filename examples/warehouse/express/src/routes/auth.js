// Health, logging in, and who is.

import { unauthorized } from '../errors.js';
import { LIFETIME_S, tokenFor } from '../tokens.js';
import { required, text } from '../validation.js';
import { EMAIL } from './shapes.js';

export const authRoutes = [
  {
    endpoint: 'GET /health',
    open: true,
    answer: () => ({ json: { status: 'ok', service: 'warehouse' } }),
  },
  {
    endpoint: 'POST /auth/token',
    open: true,
    body: { email: required(EMAIL), password: required(text({ min: 1, max: 200 })) },
    answer: async ({ pool, secret, body }) => {
      const query = 'SELECT * FROM users WHERE lower(email) = lower($1)';
      const user = (await pool.query(query, [body.email])).rows[0];
      if (!user || user.password !== body.password) {
        throw unauthorized('email or password is wrong');
      }
      const token = tokenFor(user, secret);
      return { json: { access_token: token, token_type: 'bearer', expires_in: LIFETIME_S } };
    },
  },
  {
    endpoint: 'GET /auth/me',
    answer: ({ user: { id, email, name } }) => ({ json: { id, email, name } }),
  },
];
