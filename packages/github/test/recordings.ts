import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** One exchange with GitHub as it was recorded. */
export interface Exchange {
  readonly scope: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly response: unknown;
  readonly headers: Readonly<Record<string, string | number>>;
}

/** The recorded exchanges with api.github.com, in their order, by scenario. */
export function loadScenarios(): ReadonlyMap<string, readonly Exchange[]> {
  const folder = join(dirname(require.resolve('@octokit/fixtures/package.json')), 'scenarios', 'api.github.com');
  const load = (name: string): readonly Exchange[] => require(join(folder, name, 'normalized-fixture.json'));
  return new Map(readdirSync(folder).map((name) => [name, load(name)]));
}

/** One payload of a webhook. */
export interface Payload {
  /** Of what version, event and action: for messages. */
  readonly name: string;
  readonly event: string;
  readonly value: object;
}

/** What webhooks of github.com and of five versions of Enterprise sent. */
export function loadPayloads(): readonly Payload[] {
  const versions = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'];
  const folder = dirname(require.resolve('@octokit/webhooks-examples/package.json'));
  return versions.flatMap((version) => {
    const events: readonly { readonly name: string; readonly examples: readonly object[] }[] = require(
      join(folder, version, 'index.json'),
    );
    return events.flatMap(({ name: event, examples }) =>
      examples.map((value) => ({ name: `${version} ${event} ${field(value, 'action')}`, event, value })),
    );
  });
}

/** What stands at a path of dots; undefined where nothing does. */
export function field(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value);
}

/** The same as text. */
export function text(value: unknown, path: string): string {
  return String(field(value, path));
}

/** Every different one of what stands at a path of the payloads, with the payload that it stood in. */
export function recorded(path: string, isAsked: (event: string) => boolean = () => true) {
  const found = new Map<string, { readonly name: string; readonly raw: object; readonly repository: unknown }>();
  for (const { name, event, value } of loadPayloads()) {
    const [raw, repository] = [field(value, path), field(value, 'repository')];
    const isThere = typeof raw === 'object' && raw !== null && isAsked(event);
    if (isThere) found.set(JSON.stringify([raw, field(repository, 'full_name')]), { name, raw, repository });
  }
  return [...found.values()];
}
