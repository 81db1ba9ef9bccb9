import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { type AgentTool, createTool, failed, succeeded } from './agent-tool.js';
import { mapPath, pathInput } from './workspace-path.js';

const maxEntries = 300;
const maxOutputBytes = 4 * 1024 * 1024;
const timeoutMs = 60_000;

// What git ignores is left out where ripgrep or git can tell.
const script = `
cd -- "$1" 2>/dev/null || { echo "There is no directory $1." >&2; exit 66; }
if command -v rg >/dev/null 2>&1; then rg --files --hidden --no-messages --glob '!.git' . || [ $? -eq 1 ]
elif git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git -c core.quotePath=off ls-files -co --exclude-standard
else find . -name .git -prune -o ! -type d -print
fi`;

/** Lists files, in as much depth as fits. */
export function createListFiles(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'list_files',
    description: [
      'Lists the files below a directory of the workspace, as deep as fits: a directory that is not opened up is',
      'shown with the number of files in it. What git ignores is left out. Start with this to find your way.',
    ].join(' '),
    isRepeatable: true,
    input: z.strictObject({
      path: pathInput.optional().describe('A directory, relative to the root of the workspace. Default: the root.'),
    }),
    async run(input, options) {
      const path = mapPath(workspace.root, input.path ?? '.');
      // `./` keeps a leading dash from being an option.
      const argv = ['sh', '-c', script, 'sh', `./${path}`] as const;
      const result = await workspace.exec({ argv, maxOutputBytes, timeoutMs }, options);
      if (result.timedOut) return failed('Listing took too long: name a directory further down.');
      if (result.exitCode !== 0) return failed(result.stderr.trim() || `${path} could not be listed.`);
      const files = result.stdout
        .split('\n')
        .map((line) => line.replace(/^\.\//, ''))
        .filter((line) => line !== '');
      if (files.length === 0) return succeeded(`There are no files in ${path}.`);
      const more = result.truncated
        ? ['[there are more files than were looked at: name a directory further down]']
        : [];
      return succeeded([...renderEntries(files.sort()), ...more].join('\n'));
    },
  });
}

/** `files` in order, so that those of one directory stand together. */
function renderEntries(files: readonly string[]): readonly string[] {
  const places = files.map((file, at) => ({
    levels: countSlashes(file, file.length) + 1,
    shared: countSlashes(file, sharedLength(files[at - 1] ?? '', file)),
  }));
  const deepest = places.reduce((most, { levels }) => Math.max(most, levels), 1);
  // A file is an entry of its own, and so is each directory at its first file.
  const fits = (depth: number): boolean =>
    places.filter(({ levels, shared }) => levels <= depth || shared < depth).length <= maxEntries;
  let depth = 1;
  while (depth < deepest && fits(depth + 1)) depth += 1;
  const entries = entriesAt(files, depth);
  const shown = entries.slice(0, maxEntries);
  return entries.length > shown.length ? [...shown, `[${entries.length - shown.length} more entries]`] : shown;
}

/** How long the beginning is that two paths have in common. */
function sharedLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function countSlashes(path: string, length: number): number {
  let count = 0;
  for (let at = path.indexOf('/'); at !== -1 && at < length; at = path.indexOf('/', at + 1)) count += 1;
  return count;
}

/** Files, and directories in place of what lies deeper. */
function entriesAt(files: readonly string[], depth: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const segments = file.split('/');
    const entry = segments.length <= depth ? file : `${segments.slice(0, depth).join('/')}/`;
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  return [...counts].map(([entry, count]) => (entry.endsWith('/') ? `${entry} (${count} files)` : entry));
}
