import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CommandError } from '../verb/command-error.js';

/** Where the demo's issues and pull requests are. `local` is a folder; the others are served on loopback while it runs. */
export const demoForges = ['local', 'github', 'gitlab'] as const;

export type DemoForge = (typeof demoForges)[number];

/** A pull or merge request as its host holds it. */
export interface DemoRequest {
  readonly number: number;
  readonly title: string;
  readonly head: string;
  readonly state: string;
  readonly labels: readonly string[];
  readonly body: string;
}

/** A host on loopback that speaks as the real one does, over HTTP and git, with a token of its own. */
export interface DemoHost extends AsyncDisposable {
  readonly origin: string;
  /** By the name of the variable that holds it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the source, in the configuration. */
  readonly source: Readonly<Record<string, unknown>>;
  /** What people call the issue of a number. */
  keyOf(number: number): string;
  requests(): readonly DemoRequest[];
  /** What Baton wrote below an issue. */
  commentsOf(number: number): readonly string[];
}

interface DemoIssue {
  readonly title: string;
  readonly labels: readonly string[];
  readonly author: string;
  readonly body: string;
}

const repository = 'acme/shop';
const tokenEnv = 'BATON_DEMO_TOKEN';

/** Reads what `--forge` was given. */
export function readDemoForge(given: unknown): DemoForge {
  const found = demoForges.find((each) => each === (given ?? 'local'));
  if (found) return found;
  throw new CommandError(`There is no demo over ${String(given)}.`, {
    code: 'USAGE',
    exit: 'usage',
    fix: `pass --forge with one of ${demoForges.join(', ')}`,
  });
}

/** Starts a host that serves `<gitRoot>/acme/shop.git`, with the issues of a folder handed over by somebody who may. */
export async function startDemoHost(
  forge: Exclude<DemoForge, 'local'>,
  { gitRoot, issues }: { readonly gitRoot: string; readonly issues: string },
): Promise<DemoHost> {
  const token = randomBytes(24).toString('hex');
  const texts = await Promise.all(
    (await readdir(issues)).toSorted().map((name) => readFile(join(issues, name), 'utf8')),
  );
  const handedOver = texts.map(readIssue);
  // Only this demo needs them.
  const hosts = await import('@baton/fake-hosts');
  const environment = { [tokenEnv]: token };
  const source = { use: forge, repository, tokenEnv, labels: ['baton'] };
  const keyOf = (number: number): string => `${repository}#${number}`;
  if (forge === 'github') {
    const host = await hosts.createFakeGithub({ gitRoot, token });
    const shop = host.repository(repository);
    shop.setPrivate(false);
    shop.allow('maintainer', 'write');
    for (const each of handedOver) shop.openIssue(each);
    return {
      ...{ origin: host.origin, environment, source: { ...source, baseUrl: host.baseUrl }, keyOf },
      requests: () => shop.pulls().map(({ state, draft, ...rest }) => ({ ...rest, state: draft ? 'draft' : state })),
      commentsOf: (number) => shop.comments(number).map(({ body }) => body),
      [Symbol.asyncDispose]: host.close,
    };
  }
  const host = await hosts.createFakeGitlab({ gitRoot, token });
  const shop = host.project(repository);
  shop.allow('maintainer', 'write');
  for (const each of handedOver) shop.openIssue(each);
  return {
    ...{ origin: host.origin, environment, source: { ...source, baseUrl: host.origin }, keyOf },
    requests: () =>
      shop.mergeRequests().map(({ iid, description, ...rest }) => ({ ...rest, number: iid, body: description })),
    commentsOf: (number) => shop.comments({ issue: number }).map(({ body }) => body),
    [Symbol.asyncDispose]: host.close,
  };
}

function readIssue(text: string): DemoIssue {
  const [, fields = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const { title, labels, author }: DemoIssue = parse(fields);
  return { title, labels, author, body };
}
