import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSocat } from '../src/confine/entry-script.js';
import { confined, createScene, run, type Scene, sandbox, unconfined } from './scene.js';

let server: Server;
let port = 0;
let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
  server = createServer((request, response) => {
    response.end(
      `${request.method} ${request.url} for ${request.headers.host} via ${request.headers['proxy-connection'] ?? 'nobody'}`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await scene.dispose();
});

/** Asks for a page by the proxy of the environment, the second time through a tunnel. */
const ask = `
const http = require('http');
const proxy = new URL(process.env.HTTPS_PROXY);
const [target] = process.argv.slice(1);
const via = { host: proxy.hostname, port: proxy.port };
http.get({ ...via, path: 'http://' + target + '/page?x=1' }, async (response) => {
  let text = ''; for await (const chunk of response) text += chunk;
  console.log(response.statusCode, text.trim());
  http.request({ ...via, method: 'CONNECT', path: target }).once('connect', (response, socket) => {
    if (response.statusCode !== 200) { console.log('tunnel', response.statusCode); process.exit(); }
    http.get({ createConnection: () => socket, path: '/tunnelled' }, async (response) => {
      let text = ''; for await (const chunk of response) text += chunk;
      console.log('tunnel', response.statusCode, text.trim());
      process.exit();
    });
  }).end();
});`;

describe.skipIf(unconfined !== null || findSocat() === null)(confined('named hosts'), () => {
  const fetch = (network: string[], target: string): ReturnType<typeof run> =>
    run(sandbox, scene.policy({ network }), { argv: [process.execPath, '-e', ask, target], timeoutMs: 20_000 });

  it('are reached through the proxy, and no others', async () => {
    const allowed = await fetch([`localhost:${port}`], `localhost:${port}`);
    expect(allowed.stdout.split('\n').slice(0, 2), allowed.stderr).toEqual([
      `200 GET /page?x=1 for localhost:${port} via nobody`,
      expect.stringContaining('tunnel 200 GET /tunnelled'),
    ]);
    const refused = await fetch(['example.org'], `localhost:${port}`);
    expect(refused.stdout).toBe(`403 localhost:${port} isn't among the hosts that this job may reach.\ntunnel 403\n`);
  });

  it('are reached in no other way', async () => {
    const script = `exec 3<>/dev/tcp/127.0.0.1/${port} || getent hosts example.org || tail -n +3 /proc/net/dev | grep -v ' lo:'`;
    const result = await run(sandbox, scene.policy({ network: [`localhost:${port}`] }), {
      argv: ['bash', '-c', script],
      timeoutMs: 20_000,
    });
    expect(result.exitCode).not.toBe(0);
  });

  it('refuse to start on an entry that can not be read', async () => {
    const started = sandbox.spawn({ argv: ['true'] }, scene.policy({ network: ['*'] }));
    await expect(started).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
