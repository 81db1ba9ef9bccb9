import { resolvePath } from '@baton/adapter-kit';
import { BatonError } from '@baton/core';
import { z } from 'zod';
import type { SigningSettings } from './signing.js';

/** What makes a fresh checkout ready for work, such as installing its dependencies. */
export interface SetupSettings {
  /** The operator's own words: `sh -c` runs them in the sandbox, in the checkout. */
  readonly run: string;
  /** Hosts that it may reach. Default: none. */
  readonly network: readonly string[];
  /**
   * What it makes beside dependencies and checks are to see all the same, by paths relative to the root: nothing that
   * is made of the repository's sources. Default: nothing.
   */
  readonly keep?: readonly string[];
  /** Default: 10 minutes. */
  readonly timeoutMs: number;
}

/** Settings of the adapter. Nothing of it is read from the environment. */
export interface GitWorktreeSettings {
  /** Default: none, and then no command runs in a fresh checkout. */
  readonly setup: SetupSettings | null;
  /** Checkouts per repository that stand ready in advance. 0: each is made when it is asked for. Default 2. */
  readonly spares: number;
  /**
   * What becomes of a base that pins submodules. `refuse`: it isn't worked, and `open` rejects with
   * `CAPABILITY_UNSUPPORTED`. `leave`: their directories are left to the setup, and empty without one. Default `refuse`.
   */
  readonly submodules?: 'refuse' | 'leave';
  /** Signs the commits that go to a remote. Default: none is signed. */
  readonly signing?: SigningSettings;
}

const duration = z.union([
  z.number().int().positive(),
  z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'is a duration such as 30s or 10m'),
]);

const keptPath = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))/,
    'is a path relative to the root of the repository, such as data/fixtures, without a slash at its end',
  );

/** What stands in the configuration, before it is read. */
export const settingsSchema = z.strictObject({
  setup: z
    .strictObject({
      run: z.string().min(1),
      network: z.array(z.string().min(1)).optional(),
      timeout: duration.optional(),
      keep: z.array(keptPath).optional(),
    })
    .optional(),
  spares: z.number().int().min(0).max(64).optional(),
  submodules: z.enum(['refuse', 'leave']).optional(),
  signing: z
    .discriminatedUnion('format', [
      z.strictObject({ format: z.literal('ssh'), key: z.string().min(1) }),
      z.strictObject({
        format: z.literal('openpgp'),
        key: z.string().regex(/^(0x)?[0-9A-Fa-f]{16,64}$/, 'is the fingerprint of a key'),
      }),
    ])
    .optional(),
});

/**
 * Reads the settings; `CONFIG_INVALID` where one is wrong or unknown. Names that begin with `x-` are left alone. Paths are
 * relative to `directory`.
 */
export function mapSettings(settings: Readonly<Record<string, unknown>>, directory = '/'): GitWorktreeSettings {
  const known = Object.fromEntries(Object.entries(settings).filter(([name]) => !name.startsWith('x-')));
  const parsed = settingsSchema.safeParse(known);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    const setting = ['workspace', ...(issue?.path ?? []), ...unknown.slice(0, 1)].map(String).join('.');
    throw new BatonError('CONFIG_INVALID', `The setting ${setting} is wrong: ${issue?.message ?? 'unreadable'}.`, {
      details: { setting },
      adapter: 'git-worktree',
      fix: 'The settings are setup (run, network, timeout, keep), spares, submodules (refuse, leave) and signing (format: ssh or openpgp, key).',
    });
  }
  const { setup, spares = 2, submodules, signing } = parsed.data;
  const rest = {
    spares,
    ...(submodules === undefined ? {} : { submodules }),
    ...(signing === undefined ? {} : { signing: mapSigning(signing, directory) }),
  };
  if (setup === undefined) return { setup: null, ...rest };
  const { run, network = [], timeout = 600_000, keep } = setup;
  const kept = keep === undefined ? {} : { keep };
  return { setup: { run, network, timeoutMs: milliseconds(timeout), ...kept }, ...rest };
}

function mapSigning({ format, key }: SigningSettings, directory: string): SigningSettings {
  return { format, key: format === 'ssh' ? resolvePath(key, directory) : key };
}

function milliseconds(value: number | string): number {
  if (typeof value === 'number') return value;
  const [, amount = '0', unit = 'ms'] = /^([\d.]+)([a-z]+)$/.exec(value) ?? [];
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
  return Math.round(Number(amount) * (units[unit] ?? 1));
}
