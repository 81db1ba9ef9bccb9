import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { decodeText } from '../text/decode-text.js';
import { type AgentTool, createTool, failed, succeeded, type ToolOutcome } from './agent-tool.js';
import { describeNearest } from './nearest-lines.js';
import { mapPath, pathInput } from './workspace-path.js';

const maxNamedMatches = 10;

/** Replaces a passage of a file that matches exactly. */
export function createEditFile(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'edit_file',
    description: [
      'Replaces one passage of a text file by another. old_text has to stand in the file exactly once, every',
      'space and line end included (without the line numbers that read_file shows): take in as many lines around',
      'the change as make it unique. To change every occurrence, set replace_all.',
    ].join(' '),
    isRepeatable: false,
    input: z.strictObject({
      path: pathInput.describe('Relative to the root of the workspace.'),
      old_text: z.string().min(1).describe('The passage as it stands in the file.'),
      new_text: z.string().describe('What takes its place. Empty: the passage is removed.'),
      replace_all: z.boolean().optional().describe('Replace every occurrence. Default: false.'),
    }),
    async run(input, options) {
      const path = mapPath(workspace.root, input.path);
      const bytes = await workspace.readFile(path, options);
      if (bytes === null) return failed(`There is no file ${path}. To make one use write_file.`);
      const text = decodeText(bytes);
      if (text === null) return failed(`${path} is not UTF-8 text and can't be edited: ${bytes.length} bytes.`);
      const edit = mapEdit(text, input.old_text, input.new_text, input.replace_all ?? false);
      if ('refusal' in edit) return failed(`Nothing was changed in ${path}. ${edit.refusal}`);
      await workspace.writeFile(path, edit.text, options);
      return describeEdit(path, edit.lines);
    },
  });
}

type Edit = { readonly text: string; readonly lines: readonly number[] } | { readonly refusal: string };

function mapEdit(text: string, oldText: string, newText: string, all: boolean): Edit {
  if (oldText === newText) return { refusal: 'old_text and new_text are the same.' };
  // Models write bare line feeds, whatever the file has.
  const ends = text.includes('\r\n') && !oldText.includes('\r\n') && !text.includes(oldText);
  const mapEnds = (part: string): string => (ends ? part.replaceAll(/\r?\n/g, '\r\n') : part);
  const parts = text.split(mapEnds(oldText));
  const found = parts.length - 1;
  if (found === 0) return { refusal: `old_text does not stand there.\n${describeNearest(text, oldText)}` };
  const lines = mapLines(parts, mapEnds(oldText));
  if (found > 1 && !all) {
    const named = lines.slice(0, maxNamedMatches).join(', ');
    const more = found > maxNamedMatches ? ', …' : '';
    return {
      refusal: `old_text stands there ${found} times, at the lines ${named}${more}. Take in more lines around the one that you mean, or set replace_all.`,
    };
  }
  return { text: parts.join(mapEnds(newText)), lines };
}

/** The line at which each occurrence begins, from 1. */
function mapLines(parts: readonly string[], between: string): readonly number[] {
  const breaks = (part: string): number => part.split('\n').length - 1;
  let line = 1;
  return parts.slice(0, -1).map((part, index) => {
    line += breaks(part) + (index === 0 ? 0 : breaks(between));
    return line;
  });
}

function describeEdit(path: string, lines: readonly number[]): ToolOutcome {
  const [first] = lines;
  return succeeded(
    lines.length === 1 ? `Edited ${path} at line ${first}.` : `Edited ${path}: ${lines.length} occurrences.`,
  );
}
