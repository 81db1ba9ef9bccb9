import { globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Complaint } from './complaint.ts';
import { readImports } from './read-imports.ts';
import type { WorkspacePackage } from './read-packages.ts';

/** How many files may stand side by side. */
const most = 25;

/** Of one kind, a file each, with a table that names them all: nobody looks through these for what belongs together. */
const lists: ReadonlySet<string> = new Set(['packages/engine/test/simulator/invariants']);

/** The room of a file: the folder below `src` in which it stands, or the file itself where it stands in none. */
function roomOf(source: string, file: string): string {
  return relative(source, file).split('/')[0] ?? file;
}

/** Rooms that import one another, by whichever way round: neither can be read or changed without the other. */
function checkCircles(root: string, source: string): Complaint[] {
  const sites = readImports(root, source).filter(({ specifier }) => specifier.startsWith('.'));
  const ways = new Map<string, Map<string, string>>();
  for (const { file, line, specifier } of sites) {
    const from = roomOf(source, file);
    const to = roomOf(source, join(dirname(file), specifier).replace(/\.js$/, '.ts'));
    const others = ways.get(from) ?? new Map<string, string>();
    if (to !== from && !to.startsWith('..') && !others.has(to)) others.set(to, `${file}:${line}`);
    ways.set(from, others);
  }
  const done = new Set<string>();
  const complaints: Complaint[] = [];

  function visit(room: string, path: readonly string[]): void {
    const start = path.indexOf(room);
    if (start >= 0) {
      complaints.push({
        where: ways.get(path.at(-1) ?? room)?.get(room) ?? source,
        what: `circle of rooms: ${[...path.slice(start), room].join(' → ')}`,
        fix: 'move what both need into a room below, or the file to where it is used.',
      });
      return;
    }
    if (done.has(room)) return;
    for (const next of ways.get(room)?.keys() ?? []) visit(next, [...path, room]);
    done.add(room);
  }

  for (const room of ways.keys()) visit(room, []);
  return complaints;
}

function checkSizes(root: string, below: string): Complaint[] {
  const counts = new Map<string, number>();
  for (const file of globSync(`${below}/**/*.{ts,liquid}`, { cwd: root })) {
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder, count]) => count > most && !lists.has(folder))
    .map(([folder, count]) => ({
      where: folder,
      what: `${count} files stand side by side, and ${most} may`,
      fix: 'give those that belong together a folder, named for what they are about.',
    }));
}

/** Inside a package the folders of `src` import one another in one direction, and none, of tests neither, is too large to be looked over. */
export function checkRooms(root: string, packages: readonly WorkspacePackage[]): Complaint[] {
  return packages.flatMap(({ folder }) => {
    const source = join(folder, 'src');
    return [...checkCircles(root, source), ...checkSizes(root, source), ...checkSizes(root, join(folder, 'test'))];
  });
}
