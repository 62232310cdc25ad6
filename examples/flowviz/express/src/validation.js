// What the contract allows, field by field. `undefined` and `null` both mean "not given".

import { ValidationError } from './errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
// The pattern of HTML's email inputs, and at least one dot in the domain.
const EMAIL = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${LABEL}(?:\\.${LABEL})+$`);
const EMAIL_MAX = 254;

const LOT_TYPES = ['RAW', 'DEB', 'BULK', 'MIX', 'SKW', 'FRZ', 'FG'];
const DECISIONS = ['PASS', 'HOLD', 'FAIL'];
const NOTES_REQUIRED = ['HOLD', 'FAIL'];
const NOTES_MIN = 10;

const codePoints = (text) => [...text].length;

// PostgreSQL stores neither NUL nor half a surrogate pair.
const isStorable = (text) => !text.includes('\u0000') && text.isWellFormed();

function text(body, name, { min = 0, max = Infinity } = {}) {
  const value = body[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'string') throw new ValidationError(`${name} must be a string`);
  if (!isStorable(value)) throw new ValidationError(`${name} holds a character that is not allowed`);
  const length = codePoints(value);
  if (length < min || length > max) {
    throw new ValidationError(`${name} must have ${min} to ${max} characters`);
  }
  return value;
}

function required(value, name) {
  if (value === null) throw new ValidationError(`${name} is required`);
  return value;
}

function oneOf(body, name, values) {
  const value = body[name] ?? null;
  if (value !== null && !values.includes(value)) {
    throw new ValidationError(`${name} must be one of ${values.join(', ')}`);
  }
  return value;
}

function uuid(body, name) {
  const value = body[name] ?? null;
  if (value !== null && !(typeof value === 'string' && UUID.test(value))) {
    throw new ValidationError(`${name} must be a UUID`);
  }
  return value;
}

function number(body, name, { min, max, decimals = null }) {
  const value = body[name] ?? null;
  if (value === null) return null;
  if (typeof value !== 'number') throw new ValidationError(`${name} must be a number`);
  if (!(value >= min && value <= max)) {
    throw new ValidationError(`${name} must be between ${min} and ${max}`);
  }
  if (decimals !== null) {
    const scale = 10 ** decimals;
    if (Math.round(value * scale) / scale !== value) {
      throw new ValidationError(`${name} must have at most ${decimals} decimals`);
    }
  }
  return value;
}

function allStorable(value) {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => isStorable(key) && allStorable(item));
}

function object(body, name) {
  const value = body[name] ?? null;
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ValidationError(`${name} must be an object`);
  }
  if (!allStorable(value)) throw new ValidationError(`${name} holds a character that is not allowed`);
  return value;
}

export function validateLogin(body) {
  const email = required(text(body, 'email'), 'email');
  if (email.length > EMAIL_MAX || !EMAIL.test(email)) {
    throw new ValidationError('email must be a valid email address');
  }
  return { email };
}

export function validateLot(body) {
  return {
    lot_code: required(text(body, 'lot_code', { min: 1, max: 100 }), 'lot_code'),
    lot_type: oneOf(body, 'lot_type', LOT_TYPES),
    production_run_id: uuid(body, 'production_run_id'),
    weight_kg: number(body, 'weight_kg', { min: 0, max: 10000, decimals: 2 }),
    temperature_c: number(body, 'temperature_c', { min: -50, max: 100, decimals: 1 }),
    metadata: object(body, 'metadata'),
  };
}

export function validateQcDecision(body) {
  const decision = oneOf(body, 'decision', DECISIONS);
  const notes = text(body, 'notes');
  if (NOTES_REQUIRED.includes(decision) && codePoints(notes ?? '') < NOTES_MIN) {
    throw new ValidationError(`notes must have at least ${NOTES_MIN} characters for ${decision}`);
  }
  return {
    lot_id: uuid(body, 'lot_id'),
    qc_gate_id: uuid(body, 'qc_gate_id'),
    decision,
    notes,
    temperature_c: number(body, 'temperature_c', { min: -50, max: 100 }),
    digital_signature: text(body, 'digital_signature'),
  };
}

export function validateLotCode(code) {
  if (!isStorable(code)) throw new ValidationError('lot_code holds a character that is not allowed');
  return code;
}
