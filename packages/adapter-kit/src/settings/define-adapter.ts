import {
  type AdapterHost,
  BatonError,
  type CodingAgent,
  type Forge,
  type Gate,
  type IssueSource,
  type JobStore,
  type WorkspaceProvider,
} from '@baton/core';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { kebabCase } from './setting-patterns.js';

/**
 * What an adapter's settings have to be, and what they come to: a schema of any library that follows Standard Schema
 * and Standard JSON Schema (https://standardschema.dev), such as one of zod 4.
 */
export interface SettingsSchema<Settings> {
  readonly '~standard': StandardSchemaV1.Props<unknown, Settings> & StandardJSONSchemaV1.Props<unknown, Settings>;
}

/**
 * What `use: <package>` in the configuration names: its settings, said once, and a function for each role that it
 * serves. Each does no input or output, and is given what `settings` made of what stands beside `use`. What a schema
 * can't say it throws as `CONFIG_INVALID`, whose `setting` is a path in the settings: `app.privateKeyEnv`.
 */
export interface AdapterDefinition<Settings> {
  /** Stable kebab-case name. No two adapters of one configuration have the same. */
  readonly id: string;
  /**
   * The keys beside `use`. A source and a forge of one adapter have the same, and the forge takes what it isn't given
   * from the source. Completed and checked by its JSON Schema, whose descriptions and defaults people are shown. A
   * top-level key that is text may say `environmentVariable: 'NAME'` there: where the file says nothing it is what that
   * variable holds, and only where that isn't set its default.
   */
  readonly settings: SettingsSchema<Settings>;
  source?(settings: Settings, host: AdapterHost): IssueSource;
  forge?(settings: Settings, host: AdapterHost): Forge;
  agent?(settings: Settings, host: AdapterHost): CodingAgent;
  workspaces?(settings: Settings, host: AdapterHost): WorkspaceProvider;
  store?(settings: Settings, host: AdapterHost): JobStore;
  gate?(settings: Settings, host: AdapterHost): Gate;
}

/** A definition as it is loaded, when only its own schema knows what its settings are. */
export type AdapterPackage = AdapterDefinition<unknown>;

/** The roles that an adapter can have. */
export type AdapterRole = 'source' | 'forge' | 'agent' | 'workspaces' | 'store' | 'gate';

/** Every role, in the order in which people are told of them. */
export const adapterRoles: readonly AdapterRole[] = ['source', 'forge', 'agent', 'workspaces', 'store', 'gate'];

/** The default export of an adapter package. Throws `CONFIG_INVALID` where the name is none, or no role is served. */
export function defineAdapter<Settings>(definition: AdapterDefinition<Settings>): AdapterPackage {
  const { id } = definition;
  if (!kebabCase.test(id)) {
    throw wrong(id, 'id', 'has to be in kebab-case, such as acme-tracker');
  }
  if (adapterRoles.every((role) => definition[role] === undefined)) {
    throw wrong(id, 'id', `serves no role: define one of ${adapterRoles.join(', ')}`);
  }
  return definition;
}

function wrong(id: string, setting: string, sentence: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', `The adapter ${JSON.stringify(id)} ${sentence}.`, { details: { setting } });
}
