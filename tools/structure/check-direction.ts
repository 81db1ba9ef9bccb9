import { relative, resolve } from 'node:path';
import type { Complaint } from './complaint.ts';
import { readImports } from './read-imports.ts';
import type { WorkspacePackage } from './read-packages.ts';

/** What the sources of a room may import. A room that is not named here is an adapter. */
const rooms: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', []],
  ['adapter-kit', ['core']],
  ['agent-kit', ['core', 'adapter-kit']],
  ['model-proxy', ['core', 'adapter-kit', 'agent-kit']],
  ['engine', ['core']],
  ['conformance', ['core']],
  ['memory', ['core', 'adapter-kit']],
  ['fake-hosts', ['core']],
]);
const adapter: readonly string[] = ['core', 'adapter-kit', 'agent-kit', 'model-proxy'];
/** What only tests, benchmarks and examples are made of; a demo too. */
const forTests: ReadonlySet<string> = new Set(['conformance', 'memory', 'fake-hosts']);
const sharedRooms: ReadonlySet<string> = new Set(rooms.keys());

/** Why the sources of one room must not import another, or null where they may. */
function objectionInSources(from: WorkspacePackage, to: string): string | null {
  if (to === 'daemon') return 'nothing imports the daemon';
  if (from.folder === 'bench' || from.folder.startsWith('examples/')) return null;
  if (from.room === 'daemon') return null;
  if (forTests.has(to)) return `${to} serves tests, benchmarks, examples and the daemon's demo alone`;
  const allowed = rooms.get(from.room) ?? adapter;
  if (allowed.includes(to)) return null;
  if (from.room === 'engine') return 'the engine knows contracts only';
  const kind = sharedRooms.has(from.room) ? from.room : 'an adapter';
  return `${kind} may import ${allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`}`;
}

/** Tests may use whatever shows the package at work, but stay below the daemon, and adapters below the engine. */
function objectionInTests(from: WorkspacePackage, to: string): string | null {
  if (to === 'daemon') return 'nothing imports the daemon';
  if (to === 'engine' && from.room !== 'daemon') return 'an adapter is tested without the engine';
  return null;
}

const fixForEdge =
  'state what is needed as a contract in core and let the daemon wire it, or move what is shared to adapter-kit.';

function checkImports(root: string, from: WorkspacePackage, packageNames: ReadonlySet<string>): Complaint[] {
  return readImports(root, from.folder).flatMap(({ file, line, specifier }) => {
    const where = `${file}:${line}`;
    if (specifier.startsWith('.')) {
      const inside = relative(resolve(root, from.folder), resolve(root, file, '..', specifier));
      if (!inside.startsWith('..')) return [];
      const fix = 'import the package by its name, or move the code into this one.';
      return [{ where, what: `"${specifier}" leaves the package ${from.name}`, fix }];
    }
    const name = specifier.split('/').slice(0, 2).join('/');
    if (!packageNames.has(name) || name === from.name) return [];
    const inTests = file.startsWith(`${from.folder}/test/`);
    const to = name.replace(/^@baton\//, '');
    const objection = inTests ? objectionInTests(from, to) : objectionInSources(from, to);
    return objection === null ? [] : [{ where, what: `imports ${name}, but ${objection}`, fix: fixForEdge }];
  });
}

function checkDeclarations(from: WorkspacePackage, packageNames: ReadonlySet<string>): Complaint[] {
  return from.dependencies.flatMap((name) => {
    const objection = packageNames.has(name) ? objectionInSources(from, name.replace(/^@baton\//, '')) : null;
    if (objection === null) return [];
    const fix = 'remove it, or make it a devDependency where only tests need it.';
    return [{ where: `${from.folder}/package.json`, what: `depends on ${name}, but ${objection}`, fix }];
  });
}

/** `core ← adapter-kit ← adapters`, `core ← engine`, `adapter-kit ← memory`, `core ← conformance, fake-hosts`, the daemon on top. */
export function checkDirection(root: string, packages: readonly WorkspacePackage[]): Complaint[] {
  const names = new Set(packages.map((workspacePackage) => workspacePackage.name));
  return packages.flatMap((from) => [...checkDeclarations(from, names), ...checkImports(root, from, names)]);
}
