// Reads a JSON object from the request. We do not use express.json(): it replaces broken UTF-8
// silently, and it leaves `req.body` undefined for a wrong content type, which handlers forget.

import express from 'express';

import { ValidationError } from './errors.js';

export const BODY_LIMIT_BYTES = 100 * 1024;
const MAX_DEPTH = 100;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/;

const raw = express.raw({ type: () => true, limit: BODY_LIMIT_BYTES, inflate: false });
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isTooDeep(value) {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const next = [];
    for (const item of level) {
      if (typeof item === 'object' && item !== null) {
        for (const child of Object.values(item)) {
          if (typeof child === 'object' && child !== null) next.push(child);
        }
      }
    }
    level = next;
  }
  return false;
}

function parse(req) {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase();
  if (!JSON_TYPE.test(type)) throw new ValidationError('Content-Type must be application/json');
  if (req.body === undefined || req.body.length === 0) {
    throw new ValidationError('Request body is required');
  }
  let body;
  try {
    req.bodyText = utf8.decode(req.body);
    body = JSON.parse(req.bodyText);
  } catch {
    throw new ValidationError('Request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ValidationError('Request body must be a JSON object');
  }
  if (isTooDeep(body)) throw new ValidationError(`Request body is nested deeper than ${MAX_DEPTH}`);
  return body;
}

export function readJson(req, res, next) {
  raw(req, res, (error) => {
    if (error) return next(error);
    try {
      req.body = parse(req);
    } catch (problem) {
      return next(problem);
    }
    return next();
  });
}
