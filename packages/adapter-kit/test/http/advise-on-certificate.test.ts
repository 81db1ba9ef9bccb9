import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adviseOnCertificate } from '../../src/index.js';

/** A certificate that nobody trusts. Null where there is no openssl. */
function makeCertificate(): { readonly key: Buffer; readonly cert: Buffer } | null {
  const directory = mkdtempSync(join(tmpdir(), 'baton-certificate-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'];
  try {
    execFileSync('openssl', [...request, '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return null;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const failureAt = async (url: string): Promise<unknown> => fetch(url).catch((error: unknown) => error);

describe('a connection that fails', () => {
  it('is told apart where its certificate is not trusted, with the variables that mend it', async (context) => {
    const certificate = makeCertificate();
    if (certificate === null) return context.skip('needs openssl');
    const server = createServer(certificate, (_, response) => response.end('never'));
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      const advice = adviseOnCertificate(await failureAt(`https://127.0.0.1:${port}/`));
      expect(advice).toMatch(/NODE_EXTRA_CA_CERTS.*GIT_SSL_CAINFO/);
      expect(adviseOnCertificate(new Error('wrapped', { cause: await failureAt(`https://127.0.0.1:${port}/`) }))).toBe(
        advice,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(adviseOnCertificate(await failureAt('http://127.0.0.1:1/'))).toBeNull();
    expect(adviseOnCertificate('no error')).toBeNull();
  });
});
