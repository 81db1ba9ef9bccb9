import { durationPattern, parseDuration, resolvePath } from '@baton/adapter-kit';
import { z } from 'zod';
import type { SigningSettings } from '../git/signing.js';

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

const duration = z
  .union([z.number(), z.string().regex(durationPattern, 'is a duration such as 30s or 10m')])
  .refine((value) => (parseDuration(value) ?? 0) > 0, 'is a duration above zero');

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
      run: z.string().min(1).describe('Run as `sh -c` in the sandbox, in each fresh checkout: installs dependencies'),
      network: z.array(z.string().min(1)).default([]).describe('Hosts that it may reach'),
      timeout: duration.default('10m').describe('After which it has failed'),
      keep: z
        .array(keptPath)
        .exactOptional()
        .describe('What it makes beside dependencies and checks are to see all the same. Default: nothing'),
    })
    .exactOptional()
    .describe('Makes a fresh checkout ready. Default: nothing is run'),
  spares: z.number().int().min(0).max(64).default(2).describe('Checkouts per repository that stand ready in advance'),
  submodules: z
    .enum(['refuse', 'leave'])
    .exactOptional()
    .describe(
      'leave: a base that pins submodules is worked, and their directories are left to the setup. Default: refuse',
    ),
  signing: z
    .discriminatedUnion('format', [
      z.strictObject({ format: z.literal('ssh'), key: z.string().min(1) }),
      z.strictObject({
        format: z.literal('openpgp'),
        key: z.string().regex(/^(0x)?[0-9A-Fa-f]{16,64}$/, 'is the fingerprint of a key'),
      }),
    ])
    .exactOptional()
    .describe('Signs the commits that go to a remote, by a key that no sandbox sees. Default: none is signed'),
});

/** What the schema has read, as the provider takes it. Paths are relative to `directory`. Throws nothing. */
export function mapSettings(
  { setup, spares, submodules, signing }: z.output<typeof settingsSchema>,
  directory: string,
): GitWorktreeSettings {
  return {
    setup: setup === undefined ? null : mapSetup(setup),
    spares,
    ...(submodules === undefined ? {} : { submodules }),
    ...(signing === undefined ? {} : { signing: mapSigning(signing, directory) }),
  };
}

function mapSetup({ timeout, ...rest }: NonNullable<z.output<typeof settingsSchema>['setup']>): SetupSettings {
  // A duration is one: the schema has seen to it.
  return { ...rest, timeoutMs: parseDuration(timeout) ?? 0 };
}

function mapSigning({ format, key }: SigningSettings, directory: string): SigningSettings {
  return { format, key: format === 'ssh' ? resolvePath(key, directory) : key };
}
