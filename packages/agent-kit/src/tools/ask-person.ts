import { z } from 'zod';
import { type AgentTool, createTool } from './agent-tool.js';

/** Hands a question to a person, which ends the turn. */
export function createAskPerson(): AgentTool {
  return createTool({
    name: 'ask_person',
    description: [
      'Asks a person one question and ends your work until it is answered, which may take days. Only where neither the',
      'repository nor the task tells what is wanted and a wrong guess would be costly. Say what you found and name the choices.',
    ].join(' '),
    isRepeatable: true,
    input: z.strictObject({ question: z.string().trim().min(1).max(8_000) }),
    run: async ({ question }) => ({ output: 'The question was handed to a person.', isError: false, question }),
  });
}
