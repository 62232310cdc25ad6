// Bearer tokens: a JWT of an hour, and the user that it belongs to.

import { createHmac, timingSafeEqual } from 'node:crypto';

import { unauthorized } from './errors.js';

export const LIFETIME_S = 3600;
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sealOf = (text, secret) => createHmac('sha256', secret).update(text).digest();

export function tokenFor(user, secret) {
  const now = Math.floor(Date.now() / 1000);
  const head = encoded({ alg: 'HS256', typ: 'JWT' });
  const text = `${head}.${encoded({ sub: String(user.id), iat: now, exp: now + LIFETIME_S })}`;
  return `${text}.${sealOf(text, secret).toString('base64url')}`;
}

export async function userOf(pool, header, secret) {
  const [scheme, token] = (header ?? '').split(/ (.*)/s);
  if (scheme.toLowerCase() !== 'bearer' || !token) throw unauthorized('a token is needed');
  const claims = claimsOf(token, secret);
  const found = claims && claims.exp > Date.now() / 1000
    && (await pool.query('SELECT * FROM users WHERE id = $1', [claims.sub])).rows[0];
  if (!found) throw unauthorized('the token is not valid');
  return found;
}

function claimsOf(token, secret) {
  const [head, claims, seal, ...more] = token.split('.');
  if (seal === undefined || more.length) return undefined;
  const [expected, given] = [sealOf(`${head}.${claims}`, secret), Buffer.from(seal, 'base64url')];
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  return JSON.parse(Buffer.from(claims, 'base64url'));
}
