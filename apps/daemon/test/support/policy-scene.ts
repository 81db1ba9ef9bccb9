import { BatonError, type Change } from '@baton/core';
import type { Project, RepositoryPolicy } from '@baton/engine';
import { stringify } from 'yaml';
import type { ProjectConfig } from '../../src/config/config.js';
import { documentOfValue } from '../../src/config/config-document.js';
import { resolveConfig } from '../../src/config/resolve-config.js';
import { createPolicyFile } from '../../src/policy/policy-file.js';
import { wireProjects } from '../../src/wire/wire-config.js';
import { createQuietServices } from './quiet-services.js';

/** What an operator says, as far as a repository's policy may meet it. */
export interface OperatorSettings {
  readonly onProtected: unknown;
  readonly protectedPaths: readonly string[];
  readonly limits: object;
  readonly commands: readonly string[];
  readonly report: boolean;
}

const plain: OperatorSettings = {
  onProtected: 'hold',
  protectedPaths: [],
  limits: {},
  commands: ['test'],
  report: false,
};

const environment = { HOME: '/nowhere', PATH: '/usr/bin:/bin' };
const services = createQuietServices(environment);

/** An operator's project: as configured, and as wired. */
export async function loadPolicyProject(
  operator: OperatorSettings = plain,
): Promise<{ readonly config: ProjectConfig; readonly project: Project }> {
  const report = operator.report ? { report: 'tap' } : {};
  const value = {
    version: 1,
    projects: [
      {
        name: 'web',
        source: { use: 'local' },
        agents: [{ use: 'command', run: 'true' }],
        verify: { commands: operator.commands.map((name) => ({ name, run: 'true', ...report })) },
        change: { onProtected: operator.onProtected, protectedPaths: operator.protectedPaths },
        limits: operator.limits,
        sandbox: { mode: 'off' },
      },
    ],
  };
  const config = resolveConfig(documentOfValue('/nowhere/baton.config.ts', value), [], environment, '/nowhere');
  const [project] = await wireProjects(config, services, '/nowhere');
  if (project === undefined) throw new Error('no project');
  return { config: config.projects[0], project };
}

/** What a file asks; `written` is its text, or what it holds. */
export function policyOf(config: ProjectConfig, written: unknown): Promise<RepositoryPolicy> {
  const text = typeof written === 'string' ? written : stringify(written);
  return createPolicyFile(config, (text) => text).read({ path: '.baton.yaml', text });
}

/** Why a file can't be followed. */
export async function refusalOf(config: ProjectConfig, text: string): Promise<BatonError> {
  const error: unknown = await policyOf(config, text).then(
    () => new Error('nothing was wrong'),
    (thrown: unknown) => thrown,
  );
  if (!BatonError.is(error)) throw error;
  return error;
}

/** From the mildest to the gravest. */
export const severities = ['pass', 'not-run', 'rework', 'hold', 'stop'] as const;

/** How grave the gravest verdict is of all gates that look at a change and run nothing. */
export async function verdictOn({ gates }: Project, changes: readonly Change[]): Promise<number> {
  const unused = (): never => {
    throw new Error('unexpected call: only the change is looked at');
  };
  const checkout = {
    ...{ exec: unused, spawn: unused, readFile: unused, writeFile: unused, renew: unused, altered: unused },
    restored: unused,
    setupProducts: unused,
  };
  const diff = changes.map(({ path }) => `diff --git a/${path} b/${path}\nnew file mode 100644\n`).join('');
  const grave = await Promise.all(
    gates
      .filter(({ baseline }) => baseline === undefined)
      .map(async (gate) => {
        const { verdict } = await gate.check({
          brief: {
            ...{ title: '', body: '', comments: [], laterEdits: [] },
            trigger: { kind: 'label', actor: { id: '1', login: 'a', kind: 'person' }, at: 0 },
          },
          ...{ changes, diff, baseCommit: '', tree: '', baseline: [] },
          readText: async () => null,
          listPaths: async () => [],
          checkout: { root: '/nowhere', scratch: '/nowhere', ...checkout },
        });
        return severities.indexOf(verdict);
      }),
  );
  return Math.max(...grave);
}
