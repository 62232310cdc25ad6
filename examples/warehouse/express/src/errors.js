// One envelope for every error: {"error": {code, message, fields}}.

const CODES = {
  400: 'bad_request', 401: 'unauthorized', 404: 'not_found', 405: 'method_not_allowed',
  409: 'conflict', 413: 'too_large', 422: 'invalid',
};

export class Refusal extends Error {
  constructor(status, message, { fields = [], headers = {} } = {}) {
    super(message);
    Object.assign(this, { status, fields, headers });
  }

  get answer() {
    const { status, headers, message, fields } = this;
    return { status, headers, json: { error: { code: CODES[status], message, fields } } };
  }
}

export const notFound = (what) => new Refusal(404, `no such ${what}`);
export const conflict = (message) => new Refusal(409, message);
export const unreadable = () => new Refusal(400, 'the body cannot be read');
export const invalid = (fields) =>
  new Refusal(422, 'the request is not valid', { fields: [...new Set(fields)].sort() });
export const unauthorized = (message) =>
  new Refusal(401, message, { headers: { 'WWW-Authenticate': 'Bearer' } });
