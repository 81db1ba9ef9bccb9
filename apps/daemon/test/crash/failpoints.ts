/**
 * Preloaded by node (`--import`) into a daemon that runs from its sources, beside `with-sources.ts`, which puts what
 * is made here around the adapters. Before and after each effect of a contract it tells where the daemon is, by a
 * line in the file that `BATON_TEST_TRACE` names; and it kills the process group, as `kill -9` does, at the point that
 * `BATON_TEST_CRASH` names: `store.record:before:3` is the third time that one is reached in this process, and a
 * number alone counts all points. Nothing of Baton's own reads these variables.
 */
import { appendFileSync } from 'node:fs';
import type { CodingAgent, JobStore, Sandbox, Workspace } from '@baton/core';
import type { Project } from '@baton/engine';
import type { ProcessServices } from '../../src/wire/process-services.js';
import { type ContractName, contractMethods } from './contract-methods.ts';

const { BATON_TEST_TRACE: traceFile, BATON_TEST_CRASH: crashAt } = process.env;
const reached = new Map<string, number>();
let total = 0;

function tell(line: string): void {
  if (traceFile !== undefined) appendFileSync(traceFile, `${line}\n`);
}

function reach(point: string, detail: string): void {
  const nth = (reached.get(point) ?? 0) + 1;
  reached.set(point, nth);
  total += 1;
  const name = `${point}:${nth}`;
  tell(`${name} ${detail}`.trimEnd());
  if (crashAt !== name && crashAt !== String(total)) return;
  tell(`killed ${name}`);
  process.kill(0, 'SIGKILL');
}

type Callable = (...argv: unknown[]) => unknown;

/** What of a call tells in a trace whose job it is about, and where that is. `of`: what its adapter was made for. */
function detailOf(name: string, argv: readonly unknown[], of: string): string {
  if (name === 'store.record') {
    const [lease, change] = argv as Parameters<JobStore['record']>;
    return `${lease.job.id} ${change.entries.map(({ type }) => type).join(',')}`;
  }
  if (name === 'agent.start' || name === 'agent.resume') {
    const [{ workspace }] = argv as Parameters<CodingAgent['start']>;
    return (workspace as Workspace).key.job;
  }
  return of;
}

/** Handed out by a method, and held to a contract of its own. */
const inner: Readonly<Record<string, ContractName>> = {
  'workspaces.open': 'workspace',
  'agent.start': 'session',
  'agent.resume': 'session',
};

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function withPoints(name: string, call: () => unknown, detail: string): unknown {
  const before = (): void => reach(`${name}:before`, detail);
  const after = (value: unknown): unknown => {
    reach(`${name}:after`, detail);
    const contract = inner[name];
    return contract === undefined ? value : around(contract, value as object, detail);
  };
  if (name === 'session.run') {
    return (async function* () {
      before();
      for await (const event of call() as AsyncIterable<{ readonly type: string }>) {
        // What came is known to nobody else yet.
        reach('session.run:event', `${detail} ${event.type}`);
        yield event;
      }
      after(undefined);
    })();
  }
  before();
  const answer = call();
  if (isAsyncIterable(answer)) throw new Error(`${name} is an effect that answers bit by bit: say where it can break.`);
  return answer instanceof Promise ? answer.then(after) : after(answer);
}

/** An adapter with points before and after each of its effects. */
function around<Adapter extends object>(contract: ContractName, adapter: Adapter, of = ''): Adapter {
  const members: Readonly<Record<string, string>> = contractMethods[contract];
  return new Proxy(adapter, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as Callable;
      if (typeof key !== 'string' || members[key] !== 'effect') return method;
      const name = `${contract}.${key}`;
      return (...argv: unknown[]) => withPoints(name, () => method(...argv), detailOf(name, argv, of));
    },
  });
}

function aroundProject(project: Project): Project {
  const [first, ...others] = project.agents;
  const aroundAgent = (each: typeof first): typeof first => ({ ...each, agent: around('agent', each.agent) });
  return {
    ...project,
    source: around('source', project.source),
    forge: around('forge', project.forge),
    workspaces: around('workspaces', project.workspaces),
    leakScanner: around('scanner', project.leakScanner),
    gates: project.gates.map((gate) => around('gate', gate)),
    agents: [aroundAgent(first), ...others.map(aroundAgent)],
  };
}

/** What `with-sources.ts` puts in the place of the functions that wire adapters. */
const failpoints = {
  wireStore:
    <Rest extends unknown[]>(was: (...argv: Rest) => Promise<JobStore>) =>
    async (...argv: Rest) =>
      around('store', await was(...argv)),
  wireProjects:
    <Rest extends unknown[]>(was: (...argv: Rest) => Promise<readonly Project[]>) =>
    async (...argv: Rest) =>
      (await was(...argv)).map(aroundProject),
  createProcessServices:
    <Rest extends unknown[]>(was: (...argv: Rest) => ProcessServices) =>
    (...argv: Rest): ProcessServices => {
      const services = was(...argv);
      const sandboxes = new Map<Sandbox, Sandbox>();
      return {
        ...services,
        sandbox(mode) {
          const sandbox = services.sandbox(mode);
          const known = sandboxes.get(sandbox) ?? around('sandbox', sandbox);
          sandboxes.set(sandbox, known);
          return known;
        },
      };
    },
};

Reflect.set(globalThis, 'batonFailpoints', failpoints);
