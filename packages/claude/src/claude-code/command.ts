import { join } from 'node:path';
import type { AgentLimits, Command } from '@baton/core';
import { askingInstructions, type LaunchFiles, type ModelChannel } from '@baton/model-proxy';

/** What one run of Claude Code is made of. */
export interface ClaudeCodeRun {
  readonly program: string;
  readonly model: string | null;
  readonly scratch: string;
  readonly instructions: string;
  /** The session to go on with. Null: a new one. */
  readonly session: string | null;
  readonly limits: AgentLimits;
}

/** What needs no network and asks nobody. Searching is done with `Bash`. */
const tools = 'Bash,Edit,NotebookEdit,Read,Write';

/** Where Claude Code keeps its configuration and its sessions: outside the repository, kept over restarts. */
export function claudeCodeHome(scratch: string): string {
  return join(scratch, 'claude-code');
}

/** The command line, without a word of an issue: the prompt comes on standard input. */
export function claudeCodeCommand(
  run: ClaudeCodeRun,
  channel: ModelChannel,
): { readonly command: Command; readonly files: LaunchFiles } {
  const home = claudeCodeHome(run.scratch);
  const instructions = join(home, 'instructions.md');
  const { maxSteps } = run.limits;
  return {
    files: { [instructions]: `${run.instructions}\n\n${askingInstructions}\n` },
    command: {
      argv: [
        run.program,
        '--print',
        ...['--output-format', 'stream-json', '--verbose'],
        // Its permissions are no boundary: the sandbox is.
        ...['--permission-mode', 'bypassPermissions'],
        // Settings, hooks and servers of the repository are a stranger's code; those of the home, an earlier turn's.
        ...['--setting-sources', '', '--strict-mcp-config', '--disable-slash-commands'],
        ...['--tools', tools],
        ...['--append-system-prompt-file', instructions],
        ...(run.model === null ? [] : ['--model', run.model]),
        ...(maxSteps === null ? [] : ['--max-turns', String(Math.max(1, maxSteps))]),
        ...(run.session === null ? [] : ['--resume', run.session]),
      ],
      env: {
        ANTHROPIC_BASE_URL: channel.endpoint,
        ANTHROPIC_API_KEY: channel.placeholder,
        CLAUDE_CONFIG_DIR: home,
        // What the repository tells agents is told by the instructions: here an earlier turn may have changed it.
        CLAUDE_CODE_DISABLE_CLAUDE_MDS: '1',
        CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '0',
        DISABLE_AUTOUPDATER: '1',
        // Else it refuses to bypass its permissions as root, which it is inside where the daemon is.
        IS_SANDBOX: '1',
        ...(run.model === null
          ? {}
          : { ANTHROPIC_SMALL_FAST_MODEL: run.model, ANTHROPIC_DEFAULT_HAIKU_MODEL: run.model }),
      },
    },
  };
}
