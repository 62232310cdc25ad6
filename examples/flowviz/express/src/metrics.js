// What Prometheus reads: requests by endpoint and status, and how long they took. Only where
// FLOWVIZ_METRICS is set; not part of the contract, and the proxy in front does not pass it on.

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 2.5];
const ENDPOINTS = [
  [/^\/api\/health\/?$/, '/api/health'],
  [/^\/api\/login\/?$/, '/api/login'],
  [/^\/api\/lots\/?$/, '/api/lots'],
  [/^\/api\/qc-decisions\/?$/, '/api/qc-decisions'],
  [/^\/api\/traceability\/[^/]+\/?$/, '/api/traceability/{lot_code}'],
];

// Never the path itself: whoever asks for random paths would fill our memory.
function endpointOf(req) {
  const path = req.url.split('?', 1)[0];
  const found = ENDPOINTS.find(([pattern]) => pattern.test(path));
  return found ? `${req.method} ${found[1]}` : 'other';
}

export function createMetrics() {
  const requests = new Map();
  const durations = new Map();

  function observe(endpoint, status, seconds) {
    const key = `endpoint="${endpoint}",status="${status}"`;
    requests.set(key, (requests.get(key) ?? 0) + 1);
    const seen = durations.get(endpoint) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
    durations.set(endpoint, seen);
    BUCKETS.forEach((bound, index) => {
      if (seconds <= bound) seen.counts[index] += 1;
    });
    seen.sum += seconds;
    seen.count += 1;
  }

  function render() {
    const lines = ['# TYPE http_requests_total counter'];
    for (const [key, count] of requests) lines.push(`http_requests_total{${key}} ${count}`);
    lines.push('# TYPE http_request_duration_seconds histogram');
    for (const [endpoint, seen] of durations) {
      const name = 'http_request_duration_seconds';
      const label = `endpoint="${endpoint}"`;
      BUCKETS.forEach((bound, index) => {
        lines.push(`${name}_bucket{${label},le="${bound}"} ${seen.counts[index]}`);
      });
      lines.push(`${name}_bucket{${label},le="+Inf"} ${seen.count}`);
      lines.push(`${name}_sum{${label}} ${seen.sum}`, `${name}_count{${label}} ${seen.count}`);
    }
    return `${lines.join('\n')}\n`;
  }

  return (req, res, next) => {
    if (req.method === 'GET' && req.url === '/metrics') {
      return res.type('text/plain; version=0.0.4').send(render());
    }
    const start = process.hrtime.bigint();
    const endpoint = endpointOf(req);
    res.on('close', () => {
      observe(endpoint, res.statusCode, Number(process.hrtime.bigint() - start) / 1e9);
    });
    return next();
  };
}
