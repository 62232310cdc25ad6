// Every error leaves as `{error: text}`; what we did not foresee leaves as a 500 that tells nothing.

export class HttpError extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export class ValidationError extends HttpError {
  constructor(message) {
    super(400, message);
  }
}

// PostgreSQL's class 22 is "data exception": the value was of the right type and still not storable,
// for example a number in metadata beyond what `numeric` holds.
const isDataException = (error) => typeof error.code === 'string' && /^22...$/.test(error.code);

export function errorHandler(error, req, res, next) {
  if (error instanceof HttpError) {
    res.set(error.headers).status(error.status).json({ error: error.message });
  } else if (isDataException(error)) {
    res.status(400).json({ error: 'A value is out of the range that can be stored' });
  } else if (error instanceof URIError || error.status === 400) {
    res.status(400).json({ error: 'Malformed request' });
  } else if (error.type === 'entity.too.large') {
    res.status(413).json({ error: 'Request body is too large' });
  } else if (error.type === 'encoding.unsupported') {
    res.status(400).json({ error: 'Content-Encoding is not supported' });
  } else {
    console.error(error);
    res.status(500).json({ error: 'Internal Server Error' });
  }
}
