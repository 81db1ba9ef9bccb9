import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { clipLine } from '../text/clip-text.js';
import { type AgentTool, createTool, failed, succeeded } from './agent-tool.js';
import { mapPath, pathInput } from './workspace-path.js';

const maxLines = 200;
const maxLineCharacters = 300;
const maxCharacters = 20_000;
const maxOutputBytes = 1024 * 1024;
const timeoutMs = 60_000;

// The first line says which of the three searched. Each ends with 1 where it found nothing.
const script = `
pattern=$1 path=$2 glob=$3 caseless=$4 around=$5
if command -v rg >/dev/null 2>&1; then
  echo ripgrep
  set -- --line-number --no-heading --with-filename --color never --sort path --hidden --glob '!.git'
  [ "$around" = 0 ] || set -- "$@" --context "$around"
  [ -z "$glob" ] || set -- "$@" --glob "$glob"
  [ -z "$caseless" ] || set -- "$@" --ignore-case
  exec rg "$@" --regexp "$pattern" -- "$path"
fi
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
  echo 'git grep'
  set -- -n -I -E --untracked --no-color
  [ "$around" = 0 ] || set -- "$@" --context "$around"
  [ -z "$caseless" ] || set -- "$@" -i
  if [ -d "$path" ] && [ -n "$glob" ]; then exec git -c core.quotePath=off grep "$@" -e "$pattern" -- ":(glob)\${path#./}/**/$glob"; fi
  exec git -c core.quotePath=off --literal-pathspecs grep "$@" -e "$pattern" -- "$path"
fi
echo grep
set -- -r -n -H -I -E --color=never --exclude-dir=.git
[ "$around" = 0 ] || set -- "$@" --context="$around"
[ -z "$glob" ] || set -- "$@" --include="$glob"
[ -z "$caseless" ] || set -- "$@" -i
exec grep "$@" -e "$pattern" -- "$path"`;

/** Searches files for a pattern. */
export function createSearchFiles(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'search_files',
    description: [
      'Searches the text files of the workspace for an extended regular expression. Answers with the matching lines as',
      `path:line:text, at most ${maxLines}; lines around a match as path-line-text. What git ignores is left out.`,
    ].join(' '),
    isRepeatable: true,
    input: z.strictObject({
      pattern: z
        .string()
        .min(1)
        .max(4_000)
        .describe('A regular expression. Escape ( ) [ ] { } . * + ? | where you mean them.'),
      path: pathInput.optional().describe('A file or directory, relative to the root. Default: the root.'),
      glob: z.string().max(200).optional().describe('Only files with such a name, for example *.ts'),
      ignore_case: z.boolean().optional().describe('Default: false.'),
      context_lines: z.int().min(0).max(10).optional().describe('Lines to show around each match. Default: 0.'),
    }),
    async run(input, options) {
      const path = mapPath(workspace.root, input.path ?? '.');
      const words = [
        input.pattern,
        `./${path}`.replace(/^\.\/\.$/, '.'),
        input.glob ?? '',
        input.ignore_case ? 'yes' : '',
      ];
      const argv = ['sh', '-c', script, 'sh', ...words, String(input.context_lines ?? 0)] as const;
      const result = await workspace.exec({ argv, maxOutputBytes, timeoutMs }, options);
      if (result.timedOut) return failed('The search took too long: name a path or a glob.');
      const [searcher = '', ...lines] = result.stdout.split('\n');
      if (result.exitCode === 1) return succeeded(`Nothing matches in ${path} (searched by ${searcher}).`);
      if (result.exitCode !== 0 && lines.length < 2) {
        return failed(`${searcher} could not search: ${clipLine(result.stderr.trim(), 1_000)}`);
      }
      return succeeded(
        renderMatches(
          lines.filter((line) => line !== ''),
          searcher,
        ),
      );
    },
  });
}

function renderMatches(lines: readonly string[], searcher: string): string {
  const shown: string[] = [];
  let room = maxCharacters;
  for (const line of lines.slice(0, maxLines)) {
    const rendered = clipLine(line.replace(/^\.\//, ''), maxLineCharacters);
    room -= rendered.length + 1;
    if (room < 0) break;
    shown.push(rendered);
  }
  const rest = lines.length - shown.length;
  const note = rest > 0 ? `${rest} more lines are not shown: narrow the search; ` : '';
  return [...shown, `[${note}searched by ${searcher}]`].join('\n');
}
