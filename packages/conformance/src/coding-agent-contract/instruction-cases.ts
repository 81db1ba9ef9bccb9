import assert from 'node:assert/strict';
import type { AgentEvent } from '@baton/core';
import type { ContractCase } from '../contract.js';
import { type CodingAgentRig, checkpointOf, startSession } from './rig.js';
import { collect, endOf } from './turn.js';

const hasModel: Pick<ContractCase<CodingAgentRig>, 'requires'> = {
  requires: { what: 'a model that can be overheard', holds: (rig) => rig.asked !== undefined },
};

const rules = Array.from({ length: 400 }, (_, index) => `rule-${index + 1}-of-the-base`);

/** Longer than an argument of a command may be on Linux (128 KiB), and with what has to be escaped on the way. */
const instructions = rules
  .map(
    (rule) =>
      `- ${rule}: "say" what you change in \`C:\\temp\`, <why> it's so, and {how} it was 100 % tested. ${'✓'.repeat(80)}\n`,
  )
  .join('\n');

/** By what names programs look for words to agents, or did at one time. */
const names = [
  ...['AGENTS.md', 'AGENTS.override.md', 'AGENTS.local.md', 'AGENT.md', 'CODEX.md', 'CONTEXT.md'],
  ...['CLAUDE.md', 'CLAUDE.local.md', 'GEMINI.md', 'QWEN.md', 'CRUSH.md', 'WARP.md', 'JULES.md', 'CONVENTIONS.md'],
  ...['.claude/CLAUDE.md', '.claude/rules/planted.md', '.claude/agents/planted.md', '.claude/commands/planted.md'],
  ...['.claude/output-styles/planted.md', '.claude/skills/planted/SKILL.md', '.agents/skills/planted/SKILL.md'],
  ...['.agents/AGENTS.md', '.codex/AGENTS.md', '.codex/skills/planted/SKILL.md', '.codex/prompts/planted.md'],
  ...['.opencode/AGENTS.md', '.opencode/agent/planted.md', '.opencode/command/planted.md'],
  ...['.opencode/skill/planted/SKILL.md', '.opencode/skills/planted/SKILL.md'],
  ...['.gemini/GEMINI.md', '.qwen/QWEN.md', '.github/copilot-instructions.md', '.github/AGENTS.md'],
  ...['.github/instructions/planted.instructions.md', '.cursor/rules/planted.mdc', '.cursorrules', '.windsurfrules'],
  ...['.clinerules', '.rules', '.goosehints', '.junie/guidelines.md', '.kiro/steering/planted.md'],
];

/** In the root, and in the folder that the agent works in. */
const planted = [...names, ...names.map((name) => `inner/${name}`)].map((path, index) => ({
  path,
  mark: `planted-${index + 1}-in-the-workspace`,
}));

const note = 'noted-in-a-file-that-was-asked-for';

/** Of each request of some turns: what it holds of all that was planted, and the rules in their order. */
function readRequest(text: string) {
  return {
    planted: planted.filter(({ mark }) => text.includes(mark)).map(({ path }) => path),
    rules: text.match(/rule-\d+-of-the-base/g) ?? [],
  };
}

function checkDone(events: readonly AgentEvent[]): void {
  assert.equal(endOf(events).outcome.unified, 'done');
}

/** What the model is told beside the task: what the caller says, and nothing that the workspace says. */
export const instructionCases: readonly ContractCase<CodingAgentRig>[] = [
  {
    id: 'instructions-stand-whole-and-once-in-each-request',
    ...hasModel,
    async run(rig) {
      let heard = 0;
      const checkRequests = (turn: string): void => {
        const requests = (rig.asked?.() ?? []).slice(heard);
        assert.ok(requests.length > 0, `no request was overheard in ${turn}`);
        heard += requests.length;
        for (const [index, text] of requests.entries()) {
          const where = `request ${index + 1} of ${turn}`;
          const found = readRequest(text).rules;
          assert.equal(found.length, rules.length, `${where} holds ${found.length} rules in place of ${rules.length}`);
          assert.deepEqual(found, rules, `${where} holds the rules in another order`);
        }
      };
      const { session, agent } = await startSession(rig, undefined, instructions);
      checkDone(await collect(session, rig.prompts.edit));
      checkRequests('a first turn');
      const events = await collect(session, rig.prompts.edit);
      checkDone(events);
      checkRequests('a second turn');
      await session.close();
      await agent.close?.();
      if (agent.resume === undefined) return;
      await using resumed = await startSession(rig, checkpointOf(events), instructions);
      checkDone(await collect(resumed.session, rig.prompts.edit));
      checkRequests('a resumed turn');
    },
  },
  {
    id: 'what-a-workspace-tells-agents-stands-in-no-request',
    ...hasModel,
    async run(rig) {
      for (const { path, mark } of planted) {
        const folder = path.split('/').at(-2) ?? 'planted';
        const head = `---\nname: ${folder}\ndescription: ${mark}\nalwaysApply: true\n---\n`;
        await rig.workspace.writeFile(path, `${head}${mark}\n`);
      }
      await rig.workspace.writeFile('inner/note.txt', `${note}\n`);
      await using started = await startSession(rig);
      checkDone(await collect(started.session, rig.prompts.edit));
      const { enter } = rig.prompts;
      const entered = enter === null ? null : await collect(started.session, enter);
      const requests = rig.asked?.() ?? [];
      assert.ok(requests.length > 0, 'no request was overheard');
      assert.deepEqual([...new Set(requests.flatMap((text) => readRequest(text).planted))], []);
      if (entered === null) return;
      checkDone(entered);
      assert.ok(requests.at(-1)?.includes(note), 'the model was not told what it asked to read');
    },
  },
];
