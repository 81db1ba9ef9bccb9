import type { WorkspaceView } from '@baton/core';
import type { AgentTool } from './agent-tool.js';
import { createAskPerson } from './ask-person.js';
import { createEditFile } from './edit-file.js';
import { createListFiles } from './list-files.js';
import { createReadFile } from './read-file.js';
import { createRunCommand } from './run-command.js';
import { createSearchFiles } from './search-files.js';
import { createWriteFile } from './write-file.js';

/** All that a model can do in a workspace, by name. The order is always the same: a provider's cache goes by it. */
export function createWorkspaceTools(workspace: WorkspaceView): ReadonlyMap<string, AgentTool> {
  const tools = [
    createListFiles(workspace),
    createSearchFiles(workspace),
    createReadFile(workspace),
    createEditFile(workspace),
    createWriteFile(workspace),
    createRunCommand(workspace),
    createAskPerson(),
  ];
  return new Map(tools.map((tool) => [tool.definition.name, tool]));
}
