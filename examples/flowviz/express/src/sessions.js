// Session tokens: opaque to everyone but us, sealed with AES-256-GCM, so that no table is needed.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export const SESSION_SECONDS = 8 * 60 * 60;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createSessions(secret) {
  const key = createHash('sha256').update(secret).digest();

  return {
    issue(userId) {
      const expires = Math.floor(Date.now() / 1000) + SESSION_SECONDS;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(`${userId}|${expires}`, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },

    // The user's id, or null: lots and decisions may be recorded by machines that never log in.
    operator(req) {
      const [, token] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? [];
      if (!token) return null;
      try {
        const bytes = Buffer.from(token, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        const body = bytes.subarray(IV_BYTES + TAG_BYTES);
        const text = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
        const [userId, expires] = text.split('|');
        return Number(expires) > Date.now() / 1000 ? userId : null;
      } catch {
        return null;
      }
    },
  };
}
