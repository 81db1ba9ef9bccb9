import { type AdapterHost, type AdapterSettings, BatonError } from '@baton/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type AdapterPackage, type AdapterRole, adapterRoles } from './define-adapter.js';
import { readSettings } from './read-settings.js';

/** What an adapter is in a role. */
export type ConnectedAdapter<Role extends AdapterRole> = ReturnType<NonNullable<AdapterPackage[Role]>>;

/**
 * An adapter in one of its roles, by settings as they stand in a configuration: for who embeds Baton, and for tests.
 * Rejects with `CONFIG_INVALID` where it hasn't that role, or with all that is wrong about the settings.
 */
export async function connectAdapter<Role extends AdapterRole>(
  adapter: AdapterPackage,
  role: Role,
  given: AdapterSettings,
  host: AdapterHost,
): Promise<ConnectedAdapter<Role>> {
  const { id } = adapter;
  if (adapter[role] === undefined) {
    const served = adapterRoles.filter((each) => adapter[each] !== undefined);
    throw new BatonError('CONFIG_INVALID', `${id} has no role ${role}, only: ${served.join(', ')}.`, {
      details: { setting: 'use' },
      adapter: id,
    });
  }
  const { read, issues, variables } = await readSettings(adapter, given, (name) => host.environment(name));
  if (read === null) {
    const flaws = issues.map((issue) => {
      const setting = settingOf(issue);
      const variable = variables.get(setting);
      return `${setting || 'as a whole'}${variable === undefined ? '' : `, which ${variable} says`}: ${issue.message}`;
    });
    const setting = issues[0] === undefined ? '' : settingOf(issues[0]);
    const environmentVariable = variables.get(setting);
    throw new BatonError('CONFIG_INVALID', `The settings of ${id} are wrong: ${flaws.join('; ')}.`, {
      details: { setting, ...(environmentVariable === undefined ? {} : { environmentVariable }) },
      adapter: id,
    });
  }
  return makeRole(adapter, role, read.settings, host);
}

/** What is spoken in each role. */
const specs = {
  source: 'issue-source/1',
  forge: 'forge/1',
  agent: 'coding-agent/1',
  workspaces: 'workspace/1',
  store: 'job-store/1',
  gate: 'gate/1',
} as const satisfies { readonly [Role in AdapterRole]: ConnectedAdapter<Role>['spec'] };

/**
 * An adapter in a role that it has, of settings that its schema has read. `SPEC_UNSUPPORTED` where what it makes speaks
 * no contract that Baton knows; `CONFIG_INVALID` where it fails otherwise, its own words included.
 */
export function makeRole<Role extends AdapterRole>(
  adapter: AdapterPackage,
  role: Role,
  settings: unknown,
  host: AdapterHost,
): ConnectedAdapter<Role> {
  const { id } = adapter;
  let made: unknown;
  try {
    made = adapter[role]?.(settings, host);
  } catch (error) {
    if (BatonError.is(error)) throw error;
    throw new BatonError('CONFIG_INVALID', `${id} fails to make its role ${role}: ${String(error)}.`, {
      ...{ details: { setting: '' }, adapter: id, cause: error },
      fix: 'mend or reinstall the package',
    });
  }
  const found = typeof made === 'object' && made !== null && 'spec' in made ? String(made.spec) : 'nothing';
  if (found !== specs[role]) {
    throw new BatonError(
      'SPEC_UNSUPPORTED',
      `${id} speaks ${found} in its role ${role}, where ${specs[role]} is known.`,
      {
        ...{ details: { found, supported: [specs[role]] }, adapter: id },
        fix: 'install a version of the package that goes with this Baton',
      },
    );
  }
  // Each role's function makes just what its name says; the compiler can't follow an index by a type parameter.
  return made as ConnectedAdapter<Role>;
}

function settingOf({ path = [] }: StandardSchemaV1.Issue): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
