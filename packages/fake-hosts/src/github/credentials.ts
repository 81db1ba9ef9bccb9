import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, verify } from 'node:crypto';
import { type HttpAnswer, type HttpRequest, json } from '../server-message.js';
import type { HttpRoutes } from '../server-routes.js';
import type { Access } from './access.js';
import { isoOf } from './model.js';

/** An App as its settings page shows it. */
export interface FakeGithubApp {
  readonly appId: number;
  readonly installationId: number;
  readonly slug: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Who may ask. */
export interface Credentials {
  readonly app: FakeGithubApp | null;
  readonly routes: HttpRoutes;
  /** 401 where the credentials are wrong, else null. */
  check(request: HttpRequest): HttpAnswer | null;
  /** Whether git may come in with this password. */
  allows(password: string): boolean;
  /** A token of another account: as good as the first. */
  add(token: string): void;
  /** From now on every token is refused that was handed out so far. */
  revoke(): void;
}

const badCredentials = json({ message: 'Bad credentials', status: '401' }, 401);

/** With `token` alone, or for an App that exchanges signed tokens for those of its installation. */
export function createCredentials(
  token: string,
  {
    withApp,
    access,
    now,
  }: { readonly withApp: boolean; readonly access: Pick<Access, 'permissions'>; readonly now: () => number },
): Credentials {
  const valid = new Set(withApp ? [] : [token]);
  const keys = withApp ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : null;
  const privateKey = keys?.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() ?? '';
  const publicKey = keys === null ? null : createPublicKey(keys.publicKey.export({ type: 'spki', format: 'pem' }));
  const app = withApp ? { appId: 4711, installationId: 815, slug: 'baton', privateKey } : null;
  const isApp = ({ headers }: HttpRequest): boolean =>
    publicKey !== null && app !== null && isSigned(credentialOf(headers['authorization']), app.appId, publicKey, now());
  const given = (): object =>
    Object.fromEntries(Object.entries(access.permissions).filter(([, each]) => each !== 'none'));
  return {
    app,
    routes: app
      ? {
          'GET /api/v3/app': () => json({ id: app.appId, slug: app.slug, name: 'Baton' }),
          'GET /api/v3/repos/:owner/:repo/installation': () =>
            json({ id: app.installationId, app_slug: app.slug, permissions: given(), suspended_at: null }),
          'POST /api/v3/app/installations/:id/access_tokens': ({ params }) => {
            if (params['id'] !== String(app.installationId)) return json({ message: 'Not Found' }, 404);
            const made = `ghs_${randomBytes(18).toString('hex')}`;
            valid.add(made);
            const expiresAt = Math.floor(now() / 1000) * 1000 + 3_600_000;
            return json({ token: made, expires_at: isoOf(expiresAt), permissions: given() }, 201);
          },
        }
      : {},
    check(request) {
      if (/^\/api\/v3\/(?:app\b|repos\/[^/]+\/[^/]+\/installation$)/.test(request.path)) {
        return isApp(request) ? null : badCredentials;
      }
      // Signed addresses stand for themselves.
      if (request.path.startsWith('/logs/')) return null;
      return valid.has(credentialOf(request.headers['authorization'])) ? null : badCredentials;
    },
    allows: (password) => valid.has(password),
    add: (given) => void valid.add(given),
    revoke: () => valid.clear(),
  };
}

/** The token of a request. Empty where there is none. */
export function credentialOf(header: string | undefined): string {
  return /^(?:token|bearer) (.+)$/i.exec(header ?? '')?.[1] ?? '';
}

function isSigned(jwt: string, appId: number, key: KeyObject, now: number): boolean {
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  if (!verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'))) return false;
  const { iss, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return String(iss) === String(appId) && exp * 1000 > now;
}
