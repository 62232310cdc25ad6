// The process: reads the environment, listens, and leaves in good order on SIGTERM.

import { createApp } from './src/app.js';
import { createPool } from './src/db.js';
import { createSessions } from './src/sessions.js';

function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`flowviz: the environment variable ${name} is not set`);
    process.exit(2);
  }
  return value;
}

const host = process.env.HOST || '127.0.0.1';
const port = Number(process.env.PORT || 3000);
const pool = createPool({
  url: required('DATABASE_URL'),
  schema: process.env.FLOWVIZ_SCHEMA,
  max: Number(process.env.PGPOOL_MAX || 10),
});
const app = createApp({
  pool,
  sessions: createSessions(required('SESSION_SECRET')),
  corsOrigin: process.env.CORS_ORIGIN || 'http://localhost:5173',
  metrics: Boolean(process.env.FLOWVIZ_METRICS),
});

const server = app.listen(port, host, (error) => {
  if (error) {
    console.error(`flowviz: cannot listen on ${host}:${port}: ${error.message}`);
    process.exit(1);
  }
  console.log(`flowviz: listening on http://${host}:${server.address().port}`);
});
// Longer than nginx keeps its upstream connections (60 s), so that we are never the first to
// close one that a request is just being written to.
server.keepAliveTimeout = 65_000;
server.headersTimeout = 70_000;

let leaving = false;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    if (leaving) return;
    leaving = true;
    // Idle connections close at once, busy ones after their response.
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    setTimeout(() => process.exit(1), 10_000).unref();
  });
}
