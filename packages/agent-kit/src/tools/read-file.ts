import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { clipLine } from '../text/clip-text.js';
import { decodeText } from '../text/decode-text.js';
import { takeLines } from '../text/take-lines.js';
import { type AgentTool, createTool, failed, succeeded } from './agent-tool.js';
import { mapPath, pathInput } from './workspace-path.js';

const maxLines = 1_000;
const maxCharacters = 30_000;
const maxLineCharacters = 2_000;

/** Reads a text file, or some lines of it. */
export function createReadFile(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'read_file',
    description: [
      'Reads a text file of the workspace. Answers with its lines, each after its number and a tab, which are',
      `not part of the file. At most ${maxLines} lines come at once: name start_line and end_line for a part of a`,
      'long file. Read a file before you edit it.',
    ].join(' '),
    isRepeatable: true,
    input: z.strictObject({
      path: pathInput.describe('Relative to the root of the workspace.'),
      start_line: z.int().min(1).optional().describe('First line, from 1. Default: 1.'),
      end_line: z.int().min(1).optional().describe('Last line, included. Default: the end.'),
    }),
    async run(input, options) {
      const path = mapPath(workspace.root, input.path);
      const bytes = await workspace.readFile(path, options);
      if (bytes === null) return failed(`There is no file ${path}. Look with list_files.`);
      const text = decodeText(bytes);
      if (text === null) return failed(`${path} is not text: ${bytes.length} bytes.`);
      if (text === '') return succeeded(`${path} is empty.`);
      const start = input.start_line ?? 1;
      const { lines, total } = takeLines(text, start, maxLines);
      const end = Math.min(input.end_line ?? total, total);
      if (start > end) return failed(`${path} has ${total} lines; there are none from ${start} to ${end}.`);
      return succeeded(renderLines(lines, { start, end, total }));
    },
  });
}

/** `lines` begin at `start`. */
function renderLines(
  lines: readonly string[],
  { start, end, total }: { readonly start: number; readonly end: number; readonly total: number },
): string {
  const shown: string[] = [];
  let room = maxCharacters;
  for (const line of lines.slice(0, end - start + 1)) {
    const rendered = `${start + shown.length}\t${clipLine(line, maxLineCharacters)}`;
    room -= rendered.length + 1;
    if (room < 0) break;
    shown.push(rendered);
  }
  const last = start + shown.length - 1;
  const rest = last < end ? [`[lines ${last + 1} to ${end} are not shown: read them with start_line ${last + 1}]`] : [];
  const more = last === end && end < total ? [`[the file goes on to line ${total}]`] : [];
  return [...shown, ...rest, ...more].join('\n');
}
