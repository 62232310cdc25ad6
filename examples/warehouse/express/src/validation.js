// Small validators: each returns the value to use, or throws BAD.

const BAD = new Error('not valid');
const fail = () => { throw BAD; };
const given = (value) => (value === undefined ? fail() : value);

export const text = ({ min = 0, max = Infinity, pattern } = {}) => (value) => {
  if (typeof value !== 'string' || !value.isWellFormed()) fail();
  if (pattern ? !pattern.test(value) : value.includes('\0')) fail();
  const { length } = [...value];
  return length < min || length > max ? fail() : value;
};

export const whole = ({ ge, le }) => (value) =>
  (Number.isInteger(value) && value >= ge && value <= le ? value : fail());

const INTEGER = /^\s*[+-]?\d+(_\d+)*(\.0*)?\s*$/;
export const wholeText = (limits) => (value) =>
  (INTEGER.test(value) ? whole(limits)(Number(value.replaceAll('_', ''))) : fail());

export const oneOf = (...values) => (value) => (values.includes(value) ? value : fail());
export const bool = (value) => (typeof value === 'boolean' ? value : fail());

const WORDS = {
  true: ['1', 'on', 't', 'true', 'y', 'yes'], false: ['0', 'off', 'f', 'false', 'n', 'no'],
};
export const boolText = (value) => {
  const word = value.toLowerCase();
  if (WORDS.true.includes(word)) return true;
  return WORDS.false.includes(word) ? false : fail();
};

const UUID = /^(?:(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|([0-9a-f]{32})|\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\})$/i;
export const uuid = (value) => {
  const [, ...forms] = (typeof value === 'string' && UUID.exec(value)) || fail();
  const digits = forms.find(Boolean).replaceAll('-', '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

// A decimal as [units, places]: 1.50 is [15n, 1].
function exact(value) {
  const [, sign, whole_, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value)) || fail();
  if (Math.abs(Number(exponent)) > 400) fail();
  let units = BigInt(sign + whole_ + fraction);
  let places = fraction.length - Number(exponent);
  for (; places < 0; places += 1) units *= 10n;
  for (; places > 0 && units % 10n === 0n; places -= 1) units /= 10n;
  return [units, places];
}

const DECIMAL = /^-?\d{1,20}(\.\d{1,20})?$/;
export const decimal = ({ gt, ge, le, places }) => (value) => {
  if (typeof value === 'string' ? !DECIMAL.test(value) : typeof value !== 'number') fail();
  const [units, scale] = exact(value);
  const at = (limit) => BigInt(limit) * 10n ** BigInt(scale);
  if (places !== undefined && scale > places) fail();
  if (gt !== undefined && units <= at(gt)) fail();
  if ((ge !== undefined && units < at(ge)) || units > at(le)) fail();
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return (units < 0n ? '-' : '') + digits.slice(0, cut) + (scale ? `.${digits.slice(cut)}` : '');
};

export const day = (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) fail();
  const date = new Date(`${value}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
  return real && value >= '0001' ? value : fail();
};

export const list = (inner, { min = 0, max }) => (value) => {
  if (!Array.isArray(value) || value.length < min || value.length > max) fail();
  return value.map(inner);
};

export const nullable = (inner) => (value) => (value === null ? null : inner(value));
export const optional = (inner, otherwise) => (value) =>
  (value === undefined ? otherwise : inner(value));
export const required = (inner) => (value) => inner(given(value));

// An object whose members all hold, or `fields` names of those that do not, each after `where`.
export function members(shape, value, where, fields) {
  const result = {};
  for (const [name, check] of Object.entries(shape)) {
    try {
      result[name] = check(Object.hasOwn(value, name) ? value[name] : undefined);
    } catch (error) {
      if (error !== BAD) throw error;
      fields.push(`${where}.${name}`);
    }
  }
  return result;
}

export const object = (shape) => (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail();
  const fields = [];
  const result = members(shape, value, '', fields);
  return fields.length ? fail() : result;
};
