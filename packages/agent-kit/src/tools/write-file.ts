import type { WorkspaceView } from '@baton/core';
import { z } from 'zod';
import { type AgentTool, createTool, succeeded } from './agent-tool.js';
import { mapPath, pathInput } from './workspace-path.js';

/** Writes a whole file. */
export function createWriteFile(workspace: WorkspaceView): AgentTool {
  return createTool({
    name: 'write_file',
    description: [
      'Writes a whole file of the workspace, and the directories on the way. What stood there is replaced.',
      'For a change to an existing file use edit_file: it costs less and shows what was meant.',
    ].join(' '),
    isRepeatable: false,
    input: z.strictObject({
      path: pathInput.describe('Relative to the root of the workspace.'),
      content: z.string().describe('All that will stand in the file.'),
    }),
    async run(input, options) {
      const path = mapPath(workspace.root, input.path);
      const before = await workspace.readFile(path, options);
      await workspace.writeFile(path, input.content, options);
      const lines = input.content.split('\n').length - (input.content.endsWith('\n') ? 1 : 0);
      const size = `${input.content === '' ? 0 : lines} lines`;
      return succeeded(before === null ? `Wrote ${path}, a new file: ${size}.` : `Replaced ${path}: ${size}.`);
    },
  });
}
