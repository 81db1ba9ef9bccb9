import type { CodingAgent } from './coding-agent.js';
import type { Forge } from './forge.js';
import type { Gate } from './gate.js';
import type { IssueSource } from './issue-source.js';
import type { JobStore } from './job-store.js';
import type { JsonValue } from './json.js';
import type { Runtime } from './runtime.js';
import type { Sandbox } from './sandbox.js';
import type { WorkspaceProvider } from './workspace.js';

/** What stands beside `use` in the configuration. */
export type AdapterSettings = Readonly<Record<string, JsonValue>>;

/**
 * What a model's tokens cost, in US dollars per million, which is the same as in millionths of a dollar each.
 * From the operator's configuration: Baton ships no prices.
 */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** For input that the provider read from its cache. Null: as `input`. */
  readonly cachedInput: number | null;
}

/** What an adapter package is given when configuration wires it: no global, no environment of its own. */
export interface AdapterHost {
  readonly runtime: Runtime;
  readonly sandbox: Sandbox;
  /** Where this adapter may keep files. Absolute; outside every checkout. Made by the adapter, for its owner alone (0700). */
  readonly stateDirectory: string;
  /** Directory of the configuration file: relative paths in settings are relative to it. */
  readonly configDirectory: string;
  /** Reads a secret by the name of its environment variable; remembered, so that it is masked and searched for. */
  secret(name: string): string | null;
  /**
   * Every secret that is known, in any usual spelling, replaced by its name: for texts that an adapter keeps in files of
   * its own, and before it hands on only a part of what others said. Of a secret that was cut no mask knows the rest.
   */
  mask(text: string): string;
  /** What the operator says that a model costs. Null where nothing is said: a cost is then unknown, never 0. */
  price(model: string): ModelPrice | null;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, JsonValue>>): void;
}

/** The roles that one connection serves. A role that is absent isn't served. */
export interface AdapterConnection {
  readonly source?: (settings: AdapterSettings) => IssueSource;
  readonly forge?: (settings: AdapterSettings) => Forge;
  readonly agent?: (settings: AdapterSettings) => CodingAgent;
  readonly workspaces?: (settings: AdapterSettings) => WorkspaceProvider;
  readonly store?: (settings: AdapterSettings) => JobStore;
  readonly gate?: (settings: AdapterSettings) => Gate;
}

/**
 * The default export of an adapter package, which `use: <package>` in the configuration names.
 * One connection may serve several roles (GitHub is a source and a forge) and then shares its client.
 */
export interface AdapterPackage {
  readonly id: string;
  /** JSON Schema of the settings beside `use`. */
  readonly settingsSchema: JsonValue;
  /** Does no input or output. Throws `CONFIG_INVALID` on a wrong setting. */
  readonly connect: (settings: AdapterSettings, host: AdapterHost) => AdapterConnection;
}
