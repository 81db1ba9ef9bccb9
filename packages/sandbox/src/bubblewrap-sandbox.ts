import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { BatonError, type CallOptions, type Diagnosis, type Sandbox } from '@baton/core';
import { findSocat } from './confine/entry-script.js';
import { listInheritedDescriptors } from './confine/inherited-descriptors.js';
import { defaultPath } from './confine/minimal-environment.js';
import { spawnConfined } from './confine/spawn-confined.js';
import { spawnPlain } from './confine/spawn-plain.js';
import { sweepOwnedDirectories } from './files/owned-directory.js';
import { type Measurement, measure, openReport, type Spawn } from './measure/measure.js';
import { tryOverlay } from './measure/try-overlay.js';
import { createSharedCall } from './shared-call.js';

/** Settings of `createBubblewrapSandbox`. */
export interface BubblewrapSandboxOptions {
  /**
   * `required`: no command runs where files, network or processes were measured to be open. `best-effort`:
   * confined where bubblewrap runs at all, else as with `off`. `off`: no confinement; a clean environment, a
   * home of its own and an end for the whole process tree are kept.
   */
  readonly mode: 'required' | 'best-effort' | 'off';
  /** `PATH` of commands. Default: `/usr/local/bin:/usr/bin:/bin` and the directory of the running Node. */
  readonly path?: string;
  /** Absolute path of bubblewrap. Default: where distributions put it. */
  readonly bubblewrap?: string;
}

const usualPlaces = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'];
const fix =
  'Install bubblewrap 0.8 or newer and let this user make user namespaces, or set the sandbox to best-effort and live with what `baton doctor` shows as open.';

/** Confines commands by bubblewrap: Linux namespaces in which only what a policy lists is there. */
export function createBubblewrapSandbox(options: BubblewrapSandboxOptions): Sandbox {
  const path = options.path ?? defaultPath();
  const places = options.bubblewrap === undefined ? usualPlaces : [options.bubblewrap];
  const findBubblewrap = (): string | null => places.find((each) => existsSync(each)) ?? null;
  /** What this process was started with doesn't change: looked up once. */
  let inherited: readonly number[] | null = null;

  const plain: Spawn = (command, policy, call) => spawnPlain(command, policy, { ...call, path });
  const confined: Spawn = (command, policy, call) => {
    const bubblewrap = findBubblewrap();
    if (bubblewrap === null) throw unsupported('bubblewrap is not installed.');
    inherited ??= listInheritedDescriptors();
    return spawnConfined(command, policy, { ...call, bubblewrap, path, inherited });
  };
  const overlays = new Map<string, (call?: CallOptions) => Promise<boolean>>();
  const measureOnce = createSharedCall(
    async (signal) => {
      await sweepOwnedDirectories();
      if (options.mode === 'off') return unusable('The sandbox is turned off.');
      if (findBubblewrap() === null) return unusable('bubblewrap is not installed.');
      const measured = await measure(confined, plain, signal);
      return measured.complete ? measured : measure(confined, plain, signal);
    },
    // A probe that failed to run found nothing: no command is refused for it for the life of this process.
    (measured) => measured.complete || options.mode !== 'required',
  );

  return {
    spec: 'sandbox/1',
    id: 'bubblewrap',
    measure: async (call) => (await measureOnce(call)).report,
    async canOverlay(directory, call) {
      if (!(await measureOnce(call)).usable) return false;
      const known =
        overlays.get(directory) ?? createSharedCall((signal) => tryOverlay(directory, confined, { signal }));
      overlays.set(directory, known);
      return known(call);
    },
    async spawn(command, policy, call) {
      const { usable, report } = await measureOnce(call);
      const holds = [report.files, report.network, report.processes].every((each) => each === 'enforced');
      if (options.mode === 'required' && !holds) {
        throw unsupported(`Commands must be confined, but here they can't be: ${report.detail}`);
      }
      return usable ? confined(command, policy, call ?? {}) : plain(command, policy, call ?? {});
    },
    async *diagnose(call) {
      yield* diagnose({ bubblewrap: findBubblewrap(), mode: options.mode, ...(await measureOnce(call)) }, call);
    },
  };
}

function unusable(detail: string): Measurement {
  return { usable: false, complete: true, report: openReport(detail) };
}

function unsupported(message: string): BatonError<'CAPABILITY_UNSUPPORTED'> {
  return new BatonError('CAPABILITY_UNSUPPORTED', message, {
    details: { capability: 'sandbox' },
    adapter: 'bubblewrap',
    fix,
  });
}

async function* diagnose(
  found: {
    readonly bubblewrap: string | null;
    readonly mode: BubblewrapSandboxOptions['mode'];
    readonly report: Awaited<ReturnType<Sandbox['measure']>>;
  },
  call: CallOptions | undefined,
): AsyncGenerator<Diagnosis> {
  const { bubblewrap, mode, report } = found;
  const version = bubblewrap === null ? null : await readVersion(bubblewrap, call);
  yield {
    check: 'bubblewrap',
    ok: version !== null || mode === 'off',
    detail: version === null ? 'bubblewrap is not installed, or does not run.' : `${version} at ${bubblewrap}.`,
    fix: version === null && mode !== 'off' ? 'Install the package bubblewrap.' : null,
  };
  for (const kind of ['files', 'network', 'processes', 'memory'] as const) {
    const ok = report[kind] === 'enforced';
    yield {
      check: `sandbox ${kind}`,
      ok,
      detail: `${report[kind]}. ${report.detail}`,
      fix: ok
        ? null
        : kind === 'memory'
          ? 'Give this service a delegated control group with the memory and pids controllers.'
          : fix,
    };
  }
  const socat = findSocat();
  yield {
    check: 'named hosts',
    ok: socat !== null,
    detail:
      socat === null
        ? 'socat is missing: jobs can reach no host from the sandbox.'
        : `Named hosts are reached through ${socat}.`,
    fix: socat === null ? 'Install socat, or list no hosts.' : null,
  };
}

async function readVersion(bubblewrap: string, call: CallOptions | undefined): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(bubblewrap, ['--version'], { env: {}, signal: call?.signal });
    return stdout.trim();
  } catch {
    call?.signal?.throwIfAborted();
    return null;
  }
}
