import { createSecrets, type Secrets } from '@baton/adapter-kit';

/** Masks a key in what comes back. */
export type KeyMask = Pick<Secrets, 'mask' | 'stream'>;

/** A mask for every usual spelling of a key. Some servers quote the key that they refuse, and some echo requests. */
export function createKeyMask(key: string | null): KeyMask {
  const secrets = createSecrets({ key: key ?? undefined });
  secrets.read('key');
  return secrets;
}
