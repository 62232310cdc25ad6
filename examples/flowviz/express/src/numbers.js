// Metadata comes from machines whose serial numbers have 64 bits and more. A JavaScript number would
// round them, so those that it cannot hold as they are written travel as their own text.

function keepExact(key, value, { source }) {
  if (typeof value !== 'number' || String(value) === source) return value;
  return JSON.rawJSON(source);
}

export const parseExact = (text) => JSON.parse(text, keepExact);
