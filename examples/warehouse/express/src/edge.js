// What stands around every route: paths, bodies, CORS, gzip, and how an answer is sent.

import { gzipSync } from 'node:zlib';

import { invalid, unreadable } from './errors.js';

const ORIGIN = 'https://app.warehouse.example';
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const HEADERS = ['Accept', 'Accept-Language', 'Authorization', 'Content-Language', 'Content-Type'];
const SMALLEST_PACKED = 500;
const DEEPEST = 900;

// A percent-encoded slash is a slash, and what is no escape is itself.
export function readPath(req, _res, next) {
  const [path, ...query] = req.url.split('?');
  const raw = path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
  const encoded = raw.split('/').map(encodeURIComponent).join('/');
  req.url = [encoded, ...query].join('?');
  req.pairs = new URLSearchParams(query.join('?'));
  next();
}

export function preflight(req, res, next) {
  const { origin } = req.headers;
  const method = req.headers['access-control-request-method'];
  if (req.method !== 'OPTIONS' || origin === undefined || method === undefined) return next();
  const asked = req.headers['access-control-request-headers'];
  const allowed = HEADERS.map((name) => name.toLowerCase());
  const failures = [
    ...(origin === ORIGIN ? [] : ['origin']),
    ...(METHODS.includes(method) ? [] : ['method']),
    ...((asked ?? 'accept').split(',').every((name) => allowed.includes(name.trim().toLowerCase()))
      ? [] : ['headers']),
  ];
  const body = failures.length ? `Disallowed CORS ${failures.join(', ')}` : 'OK';
  res.writeHead(failures.length ? 400 : 200, {
    Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers, '
      + 'Access-Control-Request-Private-Network',
    'Access-Control-Allow-Methods': METHODS.join(', '),
    'Access-Control-Max-Age': '600',
    'Access-Control-Allow-Headers': HEADERS.join(', '),
    'Access-Control-Allow-Credentials': 'true',
    ...(origin === ORIGIN ? { 'Access-Control-Allow-Origin': origin } : {}),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
  });
  return res.end(body);
}

export function send(req, res, { status = 200, headers = {}, json, body, type }) {
  let bytes = json === undefined ? Buffer.from(body ?? '') : Buffer.from(JSON.stringify(json));
  const kind = json === undefined ? type : 'application/json';
  const { origin } = req.headers;
  const vary = [];
  const all = { ...headers };
  if (kind) all['Content-Type'] = kind;
  if (bytes.length >= SMALLEST_PACKED && !/^(image|video|audio)\//.test(kind)) {
    vary.push('Accept-Encoding');
    if ((req.headers['accept-encoding'] ?? '').includes('gzip')) {
      bytes = gzipSync(bytes, { level: 9 });
      all['Content-Encoding'] = 'gzip';
    }
  }
  if (origin !== undefined) {
    all['Access-Control-Allow-Credentials'] = 'true';
    all['Access-Control-Expose-Headers'] = 'Location';
    if (origin === ORIGIN) all['Access-Control-Allow-Origin'] = origin;
  }
  all.Vary = [...vary, 'Origin'].join(', ');
  if (status !== 204) all['Content-Length'] = bytes.length;
  res.writeHead(status, all);
  res.end(req.method === 'HEAD' ? undefined : bytes);
}

async function bytesOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const mediaType = (req) =>
  (req.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();

// The document, or undefined where there is none or where it does not say that it is JSON.
export async function readJson(req) {
  const bytes = await bytesOf(req);
  if (!bytes.length || !/^application\/(json|[^/]*\+json)$/.test(mediaType(req))) return undefined;
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
  if (depth(text) > DEEPEST) throw unreadable();
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(['body']);
  }
}

function depth(text) {
  let [deepest, now] = [0, 0];
  for (const [sign] of text.replace(/"(?:[^"\\]|\\.)*"/gs, '').matchAll(/[[\]{}]/g)) {
    now += sign === '[' || sign === '{' ? 1 : -1;
    deepest = Math.max(deepest, now);
  }
  return deepest;
}

// The parts of a form: a text, or a file with its bytes and type. What is cut off is not there.
function partsOf(bytes, boundary) {
  const mark = Buffer.from(`--${boundary}`);
  const found = {};
  if (!bytes.subarray(0, mark.length).equals(mark.subarray(0, bytes.length))) throw unreadable();
  for (let at = mark.length; at < bytes.length;) {
    const sign = bytes.toString('latin1', at, at + 2);
    if (sign === '--') break;
    if (sign !== '\r\n') throw unreadable();
    const head = bytes.indexOf('\r\n\r\n', at);
    const end = bytes.indexOf(`\r\n--${boundary}`, head + 4 - 2);
    if (head < 0 || end < 0) break;
    const lines = bytes.toString('utf8', at + 2, head);
    const [, name] = /^content-disposition:.*?;\s*name="([^"]*)"/im.exec(lines) ?? [];
    if (name === undefined) throw unreadable();
    const buffer = bytes.subarray(head + 4, Math.max(end, head + 4));
    const [, mimetype = 'text/plain'] = /^content-type:\s*(.*)$/im.exec(lines) ?? [];
    found[name] = /;\s*filename="/i.test(lines) ? { buffer, mimetype } : buffer.toString();
    at = end + 2 + mark.length;
  }
  return found;
}

// Texts and files by name; the last of a name counts.
export async function readForm(req) {
  const type = mediaType(req);
  if (type === 'application/x-www-form-urlencoded') {
    return Object.fromEntries(new URLSearchParams((await bytesOf(req)).toString()));
  }
  if (type !== 'multipart/form-data') return {};
  const [, quoted, plain] =
    /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(req.headers['content-type']) ?? [];
  if (!(quoted ?? plain)) throw unreadable();
  return partsOf(await bytesOf(req), quoted ?? plain);
}
