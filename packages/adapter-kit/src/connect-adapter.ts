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
  // Each role's function makes just what its name says; the compiler can't follow an index by a type parameter.
  return adapter[role](read.settings, host) as ConnectedAdapter<Role>;
}

function settingOf({ path = [] }: StandardSchemaV1.Issue): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}
