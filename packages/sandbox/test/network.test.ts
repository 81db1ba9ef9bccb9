import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAllowedHosts, isInternalAddress } from '../src/allowed-hosts.js';
import { findSocat } from '../src/entry-script.js';
import { startNetworkProxy } from '../src/network-proxy.js';
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

describe('allowed hosts', () => {
  const allowed = createAllowedHosts([
    'Example.org',
    '*.packages.test',
    'registry.local:4873',
    '[::1]:8080',
    '10.0.0.1',
  ]);
  it.each([
    ['example.org', 443, true],
    ['EXAMPLE.ORG.', 80, true],
    ['example.org', 22, false],
    ['www.example.org', 443, false],
    ['example.org.evil.com', 443, false],
    ['evilexample.org', 443, false],
    ['registry.packages.test', 443, true],
    ['packages.test', 443, false],
    ['evilpackages.test', 443, false],
    ['registry.local', 4873, true],
    ['registry.local', 443, false],
    ['[::1]', 8080, true],
    ['10.0.0.1', 80, true],
    ['', 443, false],
    ['example.org', Number.NaN, false],
  ])('%s port %s: %s', (host, number, expected) => {
    expect(allowed.find(host, number) !== null).toBe(expected);
  });

  it('refuses entries that it can not read, rather than to guess', () => {
    for (const entry of [
      '',
      '*',
      '*.',
      'http://example.org',
      'a b',
      '.example.org',
      'example.org:99999',
      'exa*mple.org',
    ]) {
      expect(() => createAllowedHosts([entry]), entry).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });

  it('knows addresses of this machine and its networks, however they are written', () => {
    const internal = [
      '127.0.0.1',
      '10.1.2.3',
      '169.254.169.254',
      '192.168.0.1',
      '0.0.0.0',
      '::1',
      'fe80::1',
      'fd00::1',
      '::ffff:127.0.0.1',
      'nonsense',
    ];
    expect(internal.filter((address) => !isInternalAddress(address))).toEqual([]);
    expect(['1.1.1.1', '2606:4700::1111'].filter(isInternalAddress)).toEqual([]);
  });
});

describe('the proxy', () => {
  it('sends no allowed suffix to the machine itself, whatever its name is looked up to (rebinding)', async () => {
    await using proxy = await startNetworkProxy([`*.example.org:${port}`], async () => ['127.0.0.1']);
    const socket = connect(proxy.socketPath);
    socket.write(`CONNECT evil.example.org:${port} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('403');
  });

  it('cuts its connections and leaves no socket when it is disposed of', async () => {
    const proxy = await startNetworkProxy([`localhost:${port}`]);
    const directory = proxy.socketPath.split('/').at(-2) ?? '';
    const socket = connect(proxy.socketPath);
    socket.write(`CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(socket, 'data');
    await Promise.all([once(socket, 'close'), proxy[Symbol.asyncDispose]()]);
    expect(await readdir(tmpdir())).not.toContain(directory);
  });
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
    expect(refused.stdout).toBe("403 localhost isn't among the hosts that this job may reach.\ntunnel 403\n");
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
