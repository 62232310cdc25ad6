// The process: reads the environment, listens, and leaves on SIGTERM.

import { createApp } from './src/app.js';
import { createPool } from './src/db.js';

const pool = createPool(process.env.DATABASE_URL, process.env.WAREHOUSE_SCHEMA || 'public');
const server = createApp(pool, process.env.JWT_SECRET).listen(
  Number(process.env.PORT), '127.0.0.1',
);
server.keepAliveTimeout = 65_000;
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => pool.end().then(() => process.exit(0)));
    server.closeAllConnections();
  });
}
