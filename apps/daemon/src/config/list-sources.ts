import type { JsonValue } from '@baton/core';
import type { Config } from './config.js';
import { formatKeyPath, formatPlace, type KeyPath } from './config-problem.js';
import { isSecretName, maskAddress } from './secret-value.js';

/** One effective value, and where it comes from. */
export interface ConfigSource {
  /** `projects[0].limits.usd`. */
  readonly path: string;
  /** As the file would spell it. Masked where it is a secret. */
  readonly value: unknown;
  /** `default`, `baton.config.yaml:4:7`, or the same with the variable that filled it in. */
  readonly source: string;
}

const durations = /(^|\.)(pollInterval|timeout|wallClock|stall)$/;

/** `45m`; a number of milliseconds where no unit fits. */
export function formatDurationSetting(milliseconds: number): string | number {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const fitting = units.find(([, length]) => milliseconds > 0 && milliseconds % length === 0);
  return fitting === undefined ? milliseconds : `${milliseconds / fitting[1]}${fitting[0]}`;
}

function shown(path: string, value: unknown, variables: readonly string[]): unknown {
  if (typeof value === 'number' && durations.test(path)) return formatDurationSetting(value);
  if (typeof value !== 'string') return value;
  const key = path.slice(path.lastIndexOf('.') + 1);
  // `tokenEnv` names a variable: that is no secret.
  const secret = [...variables, ...(key.endsWith('Env') ? [] : [key])].some(isSecretName);
  return secret ? '***' : maskAddress(value);
}

function leaves(value: unknown, path: KeyPath): readonly (readonly [KeyPath, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item] as const)
    : Object.entries(value);
  if (entries.length === 0) return [[path, value]];
  return entries.flatMap(([key, inner]) => (inner === undefined ? [] : leaves(inner, [...path, key])));
}

/** A setting of an adapter that is in force though the file doesn't state it. */
export interface UnstatedSetting {
  readonly path: KeyPath;
  readonly value: JsonValue;
  /** The variable that says it. Null: it is the adapter's default. */
  readonly variable: string | null;
}

/** Every effective value of a configuration, in the file's order, with where it comes from. */
export function listConfigSources(
  config: Config,
  cwd: string,
  adapters: readonly UnstatedSetting[],
): readonly ConfigSource[] {
  const { document } = config;
  const listed = leaves(config.effective, []).map(([path, value]) => {
    const name = formatKeyPath(path);
    const variables = document.variables(path);
    const place = document.place(path);
    const at = formatPlace({ file: document.file, line: place?.line ?? null, column: place?.column ?? null }, cwd);
    const from = variables.length === 0 ? at : `${at} from ${variables.join(', ')}`;
    return { path: name, value: shown(name, value, variables), source: document.has(path) ? from : 'default' };
  });
  return adapters.reduce<readonly ConfigSource[]>(withAdapterSetting, listed);
}

/** Behind what else is said of the adapter. */
function withAdapterSetting(listed: readonly ConfigSource[], setting: UnstatedSetting): readonly ConfigSource[] {
  const { path, value, variable } = setting;
  const above = formatKeyPath(path.slice(0, -1));
  const last = listed.findLastIndex((each) => each.path.startsWith(`${above}.`));
  const name = formatKeyPath(path);
  const source = variable === null ? 'default' : `environment variable ${variable}`;
  const row = { path: name, value: shown(name, value, variable === null ? [] : [variable]), source };
  return last === -1 ? [...listed, row] : listed.toSpliced(last + 1, 0, row);
}

/** The effective configuration as a tree, secrets masked. */
export function maskedConfig(config: Config): unknown {
  const mask = (value: unknown, path: KeyPath): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown, index) => mask(item, [...path, index]));
    if (typeof value !== 'object' || value === null) {
      return shown(formatKeyPath(path), value, config.document.variables(path));
    }
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return Object.fromEntries(entries.map(([key, inner]) => [key, mask(inner, [...path, key])]));
  };
  return mask(config.effective, []);
}
