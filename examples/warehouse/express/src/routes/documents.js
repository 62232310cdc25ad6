// Documents of items: uploads and downloads.

import { createHash } from 'node:crypto';

import { insert } from '../db.js';
import { Refusal } from '../errors.js';
import { oneOf, optional, required } from '../validation.js';
import { ID, NAME, NUMBER, find } from './shapes.js';

const TYPES = ['text/plain', 'text/csv', 'application/pdf', 'image/png'];
const LARGEST = 100_000;

const shown = ({ content, ...row }) => ({
  ...row,
  size: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

const upload = (value) => {
  if (value?.buffer) return value;
  return oneOf()(value);
};
const kind = oneOf('datasheet', 'drawing', 'photo');

export const documentRoutes = [
  {
    endpoint: 'GET /items/:item_id/documents',
    path: { item_id: ID },
    answer: async ({ pool, path }) => {
      const item = await find(pool, 'item', path.item_id);
      const query = 'SELECT * FROM documents WHERE item_id = $1 ORDER BY id';
      return { json: (await pool.query(query, [item.id])).rows.map(shown) };
    },
  },
  {
    endpoint: 'POST /items/:item_id/documents',
    path: { item_id: ID },
    form: {
      file: required(upload),
      title: required(NAME),
      kind: (value) => optional(kind, 'datasheet')(value || undefined),
    },
    answer: async ({ pool, path, body: { file, title, kind: given } }) => {
      const item = await find(pool, 'item', path.item_id);
      if (file.buffer.length > LARGEST) throw new Refusal(413, 'the file is too large');
      const declared = file.mimetype.split(';')[0].trim().toLowerCase();
      const [row] = (await pool.query(...insert('documents', {
        item_id: item.id,
        title,
        kind: given,
        content_type: TYPES.includes(declared) ? declared : 'application/octet-stream',
        content: file.buffer,
      }))).rows;
      return { status: 201, json: shown(row) };
    },
  },
  {
    endpoint: 'GET /documents/:document_id/content',
    path: { document_id: NUMBER },
    answer: async ({ pool, path }) => {
      const { id, content, content_type } = await find(pool, 'document', path.document_id);
      const headers = { 'Content-Disposition': `attachment; filename="document-${id}"` };
      return { headers, type: content_type, body: content };
    },
  },
];
