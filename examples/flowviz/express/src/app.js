// The application: middleware and the five routes, in the order in which a request meets them.

import express from 'express';

import { readJson } from './body.js';
import { HttpError, errorHandler } from './errors.js';
import { health } from './routes/health.js';
import { createMetrics } from './metrics.js';
import { login } from './routes/login.js';
import { createLot } from './routes/lots.js';
import { createQcDecision } from './routes/qc-decisions.js';
import { traceability } from './routes/traceability.js';

// One front end, so one fixed origin: nothing varies with the request, and nothing is reflected.
function cors(origin) {
  return (req, res, next) => {
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Access-Control-Allow-Credentials', 'true');
    res.setHeader('Access-Control-Expose-Headers', 'Location');
    res.setHeader('Vary', 'Origin');
    if (req.method !== 'OPTIONS') return next();
    res.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS');
    res.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    res.setHeader('Access-Control-Max-Age', '600');
    return res.status(204).end();
  };
}

function noStore(req, res, next) {
  res.setHeader('Cache-Control', 'no-store');
  next();
}

export function createApp({ pool, sessions, corsOrigin, metrics = false }) {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.locals.pool = pool;
  app.locals.sessions = sessions;

  if (metrics) app.use(createMetrics());
  app.use(cors(corsOrigin));
  app.get('/api/health', health);
  app.post('/api/login', noStore, readJson, login);
  app.post('/api/lots', readJson, createLot);
  app.post('/api/qc-decisions', readJson, createQcDecision);
  app.get('/api/traceability/:lot_code', traceability);

  app.use((req, res, next) => next(new HttpError(404, 'Not Found')));
  app.use(errorHandler);
  return app;
}
