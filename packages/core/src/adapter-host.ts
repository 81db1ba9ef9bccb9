import type { JsonValue } from './json.js';
import type { Runtime } from './runtime.js';
import type { Sandbox } from './sandbox.js';

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
   * What an environment variable holds that is no secret, such as the address of a provider; without white space at
   * its ends; null where nothing is left. An adapter reads the environment by this alone, so that operators can be told
   * what was read.
   */
  environment(name: string): string | null;
  /**
   * What all adapters of this id share that one daemon makes, such as the requests that an account has left: made by the
   * first that asks for `key`, and kept as long as the daemon runs.
   */
  shared<Value>(key: string, make: () => Value): Value;
  /**
   * Every secret that is known, in any usual spelling, replaced by its name: for texts that an adapter keeps in files of
   * its own, and before it hands on only a part of what others said. Of a secret that was cut no mask knows the rest.
   */
  mask(text: string): string;
  /** What the operator says that a model costs. Null where nothing is said: a cost is then unknown, never 0. */
  price(model: string): ModelPrice | null;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, JsonValue>>): void;
}
