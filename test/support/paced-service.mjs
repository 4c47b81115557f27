/** A service in a process of its own that waits and computes so long for each answer: `paced-service.mjs WAIT_MS BUSY_MS`. Prints its port. */
import http from 'node:http';

const [waitMs, busyMs] = process.argv.slice(2).map(Number);

const server = http.createServer((_request, response) => {
  const until = performance.now() + busyMs;
  while (performance.now() < until);
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }, waitMs);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
