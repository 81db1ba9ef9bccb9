import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { collectOutput } from '@baton/adapter-kit';
import { type AdapterHost, BatonError, type CallOptions, type Command, type Runtime, type Sandbox } from '@baton/core';
import type { Checkouts, Place } from '../checkout/checkout.js';
import { type Confinement, policyOf } from '../checkout/sandbox-policy.js';
import type { Git } from '../git/git.js';
import type { SetupSettings } from '../settings/settings.js';
import type { Layout } from '../vault/layout.js';
import type { Symlinks } from '../vault/symlinks.js';
import { noteMade } from './setup-files.js';
import { createInputMatcher } from './setup-inputs.js';

/** Runs the operator's setup command in checkouts. */
export interface Setup {
  /**
   * Changes with the command and with what in a tree says what it installs: for each such value the setup runs once
   * in a checkout.
   */
  keyOf(repository: string, tree: string, options?: CallOptions): Promise<string | null>;
  /** Whether a checkout that was set up for `key` was set up by this command, whatever it installed. */
  isCurrent(key: string | null): boolean;
  /**
   * Runs it in a checkout that equals `tree`. Tracked files that it changed are put back; others that it made
   * are ignored from then on. Its network is there only where it is trusted: in a checkout that holds the base and
   * nothing else. `COMMAND_FAILED` with the end of its output, `TIMEOUT`.
   */
  run(place: Place, tree: string, confinement: SetupConfinement, options?: CallOptions): Promise<void>;
}

/** What a setup may reach, and whether the code that it runs is the base's alone. */
export interface SetupConfinement extends Confinement {
  readonly trusted: boolean;
}

/** What `createSetup` works with. */
export interface SetupParts {
  readonly git: Git;
  readonly layout: Layout;
  readonly checkouts: Checkouts;
  readonly symlinks: Symlinks;
  readonly sandbox: Sandbox;
  readonly runtime: Runtime;
  /** Takes secrets out of what it printed, before that is cut. */
  readonly mask: AdapterHost['mask'];
}

/** The setup of a project; null where it has none. */
export function createSetup(settings: SetupSettings | null, parts: SetupParts): Setup {
  const { git, layout, checkouts, symlinks, sandbox, runtime, mask } = parts;
  const run = settings?.run ?? '';
  const command = settings === null ? null : digest(JSON.stringify([run, settings.keep ?? []]));
  return {
    async keyOf(repository, tree, options) {
      if (command === null) return null;
      const argv = ['ls-tree', '-r', '-z', '--full-tree', tree, '--'] as const;
      const vault = layout.vault(repository);
      const { stdout } = await git({ argv, gitDir: vault }, options);
      // Each entry is `<mode> <type> <id>` TAB `<path>` (git-ls-tree(1)).
      const entries = stdout.split('\0');
      const hasLinks = entries.some((entry) => entry.startsWith('120000 '));
      const isInput = createInputMatcher(hasLinks ? await symlinks.list(vault, tree, options) : [], run);
      const inputs = entries.filter((entry) => isInput(entry.slice(entry.indexOf('\t') + 1)));
      return `${command}:${digest(inputs.join('\0'))}`;
    },
    isCurrent: (key) => (key?.split(':')[0] ?? null) === command,
    async run(place, tree, { trusted, ...confinement }, options) {
      if (settings === null) return;
      const toRun: Command = {
        argv: ['sh', '-c', settings.run],
        timeoutMs: settings.timeoutMs,
        maxOutputBytes: 16_384,
      };
      // What an agent wrote runs in it elsewhere, before anybody judged it: it gets no more than the agent had.
      const network = trusted ? settings.network : [];
      const policy = { ...policyOf(layout, place, confinement), network };
      const running = await sandbox.spawn(toRun, policy, options);
      const result = await collectOutput(running, toRun, { ...options, clock: runtime.clock });
      if (result.timedOut) {
        throw new BatonError(
          'TIMEOUT',
          `The setup "${settings.run}" was still running after ${settings.timeoutMs} ms.`,
          {
            details: { afterMs: settings.timeoutMs },
            adapter: 'git-worktree',
            fix: 'Raise workspace.setup.timeout, or see what it waits for: its network is limited to workspace.setup.network.',
          },
        );
      }
      if (result.exitCode !== 0) {
        const said = `${result.stdout}\n${result.stderr}`.trim();
        throw new BatonError(
          'COMMAND_FAILED',
          `The setup "${settings.run}" failed (exit code ${result.exitCode}): ${mask(said).slice(-2_000).toWellFormed()}`,
          {
            details: { command: settings.run },
            adapter: 'git-worktree',
            fix: trusted
              ? 'Run the setup in a fresh clone; mend it there or in workspace.setup.run.'
              : 'The change asks for other dependencies than the base, so the setup ran without a network. Look at them, and merge or approve the change by hand.',
          },
        );
      }
      await settle(place, tree, options);
    },
  };

  async function settle(place: Place, tree: string, options?: CallOptions): Promise<void> {
    const { slot, repository } = place;
    await checkouts.reset(place, tree, options);
    const where = { gitDir: layout.vault(repository), workTree: layout.worktree(slot), index: layout.index(slot) };
    const list = async (...shape: readonly string[]): Promise<readonly string[]> => {
      const argv = ['ls-files', '-z', '--others', '--exclude-standard', ...shape] as const;
      const { stdout } = await git({ argv, ...where, encoding: 'latin1' }, options);
      return stdout.split('\0').filter((name) => name !== '');
    };
    // Patterns cost git their number times that of files, so these name whole directories.
    const paths = (await list('--directory', '--no-empty-directory')).filter((name) => !name.includes('\n'));
    const patterns = paths.map((path) => `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}\n`).join('');
    await writeFile(layout.excludes(slot), patterns, 'latin1');
    // What is new in such a directory later on is work.
    await noteMade(layout.made(slot), await list());
  }
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
