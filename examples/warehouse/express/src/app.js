// The application: every route with what it reads, and the errors of all of them.

import express from 'express';

import { preflight, readForm, readJson, readPath, send } from './edge.js';
import { FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION } from './db.js';
import { Refusal, conflict, invalid } from './errors.js';
import { userOf } from './tokens.js';
import { members } from './validation.js';
import { authRoutes } from './routes/auth.js';
import { documentRoutes } from './routes/documents.js';
import { itemRoutes } from './routes/items.js';
import { movementRoutes } from './routes/movements.js';
import { orderRoutes } from './routes/orders.js';
import { supplierRoutes } from './routes/suppliers.js';
import { locationRoutes } from './routes/locations.js';

const PREFIX = '/api/v1';
const ROUTES = [
  ...authRoutes, ...supplierRoutes, ...locationRoutes, ...itemRoutes, ...documentRoutes,
  ...movementRoutes, ...orderRoutes,
];

export function createApp(pool, secret) {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use(readPath, preflight);
  const methods = new Map();
  for (const route of ROUTES) {
    const [method, path] = route.endpoint.split(' ');
    methods.set(path, [...(methods.get(path) ?? []), method]);
    if (method === 'GET') app.head(PREFIX + path, refuseMethod(methods.get(path)));
    app[method.toLowerCase()](PREFIX + path, async (req, res) => {
      send(req, res, await answer(route, { req, pool, secret }));
    });
  }
  for (const [path, offered] of methods) app.all(PREFIX + path, refuseMethod(offered));
  app.use((_req, _res, next) => next(new Refusal(404, 'there is no such path')));
  app.use((error, req, res, _next) => send(req, res, asRefusal(error).answer));
  return app;
}

// Of several methods of a path the first alone is named, as the framework after us does.
const refuseMethod = (offered) => (_req, _res, next) =>
  next(new Refusal(405, 'the method is not allowed here', { headers: { Allow: offered[0] } }));

async function answer(route, { req, pool, secret }) {
  let body;
  if (route.form) body = await readForm(req);
  else if (route.body) body = await readJson(req);
  const user = route.open ? undefined : await userOf(pool, req.headers.authorization, secret);
  const fields = [];
  const path = members(route.path ?? {}, req.params, 'path', fields);
  const query = members(route.query ?? {}, Object.fromEntries(req.pairs), 'query', fields);
  const shape = route.form ?? route.body;
  if (shape && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    fields.push('body');
  } else if (shape) {
    body = members(shape, body, 'body', fields);
    if (!fields.some((name) => name.startsWith('body')) && route.agrees && !route.agrees(body)) {
      fields.push('body');
    }
  }
  if (fields.length) throw invalid(fields);
  return route.answer({ pool, secret, user, path, query, body, pairs: req.pairs });
}

function asRefusal(error) {
  if (error instanceof Refusal) return error;
  if (error.code === UNIQUE_VIOLATION) return conflict('already exists');
  if (error.code === FOREIGN_KEY_VIOLATION) return conflict('still in use');
  console.error(error);
  return new Refusal(500, 'internal error');
}

