import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { decodeText } from '../text/decode-text.js';
import { placesOf } from '../text/places-of.js';
import { type AgentTool, createTool, failed, succeeded, type ToolOutcome } from './agent-tool.js';
import { describeNearest } from './nearest-lines.js';
import { mapPath, pathInput } from './workspace-path.js';

const maxNamedMatches = 10;
/** A longer file isn't edited, nor made: an answer has to come at once, and everybody else waits for it. */
const maxCharacters = 2_000_000;

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
      if (text.length > maxCharacters) {
        return failed(
          `${path} has ${text.length} characters, and files of up to ${maxCharacters} can be edited so. Change it with run_command.`,
        );
      }
      const edit = mapEdit(text, input.old_text, input.new_text, input.replace_all ?? false);
      if ('refusal' in edit) return failed(`Nothing was changed in ${path}. ${edit.refusal}`);
      await workspace.writeFile(path, edit.text, options);
      return describeEdit(path, edit);
    },
  });
}

type Edit =
  | { readonly text: string; readonly found: number; readonly line: number | undefined }
  | { readonly refusal: string };

function mapEdit(text: string, oldText: string, newText: string, all: boolean): Edit {
  if (oldText === newText) return { refusal: 'old_text and new_text are the same.' };
  // Models write bare line feeds, whatever the file has.
  const ends = text.includes('\r\n') && !oldText.includes('\r\n') && placesOf(text, oldText).next().done;
  const mapEnds = (part: string): string => (ends ? part.replaceAll(/\r?\n/g, '\r\n') : part);
  const [sought, given] = [mapEnds(oldText), mapEnds(newText)];
  const places = [...placesOf(text, sought)];
  const found = places.length;
  const lines = linesAt(text, places.slice(0, maxNamedMatches));
  if (found === 0) return { refusal: `old_text does not stand there.\n${describeNearest(text, oldText)}` };
  if (found > 1 && !all) {
    const more = found > lines.length ? ', …' : '';
    return {
      refusal: `old_text stands there ${found} times, at the lines ${lines.join(', ')}${more}. Take in more lines around the one that you mean, or set replace_all.`,
    };
  }
  const length = text.length + found * (given.length - sought.length);
  if (length > maxCharacters) {
    return { refusal: `It would have ${length} characters; up to ${maxCharacters} can be written so.` };
  }
  const kept = [...places, text.length].map((at, index) =>
    text.slice(index === 0 ? 0 : (places[index - 1] ?? 0) + sought.length, at),
  );
  return { text: kept.join(given), found, line: lines[0] };
}

/** In which lines these places are, from 1. */
function linesAt(text: string, places: readonly number[]): readonly number[] {
  let [line, seen] = [1, 0];
  return places.map((at) => {
    line += text.slice(seen, at).split('\n').length - 1;
    seen = at;
    return line;
  });
}

function describeEdit(path: string, { found, line }: Extract<Edit, { readonly text: string }>): ToolOutcome {
  return succeeded(found === 1 ? `Edited ${path} at line ${line}.` : `Edited ${path}: ${found} occurrences.`);
}
