import { codingAgentContract } from '@baton/conformance';
import type { AgentStart, CodingAgent, WorkspaceView } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryAgentRig } from './agent-rig.js';
import { failedCases } from './failed-cases.js';

/** An agent that is right, but for what a session of it is begun with. */
function begunWith(change: (start: AgentStart, resumes: boolean) => AgentStart | Promise<AgentStart>) {
  return ({ start, resume, ...agent }: CodingAgent): CodingAgent => {
    if (resume === undefined) throw new Error('The agent in memory resumes.');
    return {
      ...agent,
      start: async (request, call) => start(await change(request, false), call),
      resume: async (request, call) => resume({ ...request, ...(await change(request, true)) }, call),
    };
  };
}

async function textOf(workspace: WorkspaceView, path: string): Promise<string> {
  const bytes = await workspace.readFile(path);
  return bytes === null ? '' : new TextDecoder().decode(bytes);
}

/** Reads this file of the checkout before it begins, as a program of somebody else's may. */
const reads = (path: string) =>
  begunWith(async (start) => ({
    ...start,
    instructions: `${start.instructions}\n${await textOf(start.workspace, path)}`,
  }));

const failures = (alter?: (agent: CodingAgent) => CodingAgent): Promise<readonly string[]> =>
  failedCases(codingAgentContract, () => createMemoryAgentRig(alter), /instructions|tells-agents/);

describe('the suite of coding agents bites where they are told what holds', () => {
  it('fails nothing on an agent that is right', async () => {
    expect(await failures()).toEqual([]);
  });

  it.each<[string, string, (agent: CodingAgent) => CodingAgent]>([
    ['reads AGENTS.md of the workspace', 'what-a-workspace-tells-agents-stands-in-no-request', reads('AGENTS.md')],
    [
      'reads AGENTS.override.md of the workspace',
      'what-a-workspace-tells-agents-stands-in-no-request',
      reads('AGENTS.override.md'),
    ],
    [
      'reads the skills of the workspace',
      'what-a-workspace-tells-agents-stands-in-no-request',
      reads('.agents/skills/planted/SKILL.md'),
    ],
    [
      'reads CLAUDE.md of the folder of each file that it is asked to read',
      'what-a-workspace-tells-agents-stands-in-no-request',
      begunWith((start) => ({
        ...start,
        workspace: {
          ...start.workspace,
          async readFile(path) {
            const file = await start.workspace.readFile(path);
            const folder = path.split('/').slice(0, -1);
            if (file === null || folder.length === 0) return file;
            return Buffer.concat([
              file,
              Buffer.from(await textOf(start.workspace, [...folder, 'CLAUDE.md'].join('/'))),
            ]);
          },
        },
      })),
    ],
    [
      'tells the instructions twice',
      'instructions-stand-whole-and-once-in-each-request',
      begunWith((start) => ({ ...start, instructions: `${start.instructions}\n${start.instructions}` })),
    ],
    [
      'cuts the instructions',
      'instructions-stand-whole-and-once-in-each-request',
      begunWith((start) => ({ ...start, instructions: start.instructions.slice(0, 32_768) })),
    ],
    [
      'keeps the instructions from a session that goes on',
      'instructions-stand-whole-and-once-in-each-request',
      begunWith((start, resumes) => (resumes ? { ...start, instructions: '' } : start)),
    ],
  ])('an agent that %s fails %s', async (_, id, alter) => {
    expect(await failures(alter)).toEqual([id]);
  });
});
