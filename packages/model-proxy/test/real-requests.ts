import type { JsonObject } from '../src/wire/json-object.js';

const schema = { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] };
const ephemeral = { type: 'ephemeral' };

/** What Claude Code 2.1.330 sends, shortened. */
export const claudeCodeRequest: JsonObject = {
  model: 'claude-sonnet-5-5',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Deed: edit' }] },
    { role: 'system', content: '# Environment', output_config: { effort: 'medium' } },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } }] },
    {
      role: 'user',
      content: [
        { tool_use_id: 'toolu_1', type: 'tool_result', content: 'a b', is_error: false, cache_control: ephemeral },
      ],
    },
  ],
  system: [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.91a;' },
    { type: 'text', text: 'You are Claude Code.', cache_control: ephemeral },
  ],
  tools: [
    { name: 'Bash', description: 'Runs a command.', input_schema: schema },
    { name: 'DeferredToolPlaceholder', description: 'Reserved.', input_schema: schema, defer_loading: true },
  ],
  metadata: { user_id: '{"device_id":"5f4a","account_uuid":"","session_id":"5cdc4e63"}' },
  max_tokens: 128_000,
  thinking: { type: 'adaptive', display: 'updates' },
  context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
  output_config: { effort: 'medium' },
  stream: true,
};

/** The versions of the interface that it asks for. */
export const claudeCodeBetas = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'per-turn-control-2026-07-01',
  'mid-conversation-tool-changes-2026-07-01',
  'thinking-token-count-2026-05-13',
  'advanced-tool-use-2025-11-20',
  'effort-2025-11-24',
  'fallback-credit-2026-06-01',
  'thinking-display-updates-2026-08-18',
].join(',');

/** What Codex 0.169.0 sends, shortened. */
export const codexRequest: JsonObject = {
  model: 'gpt-5.6-sol',
  input: [
    {
      type: 'additional_tools',
      id: 'at_1',
      role: 'developer',
      tools: [
        {
          type: 'namespace',
          name: 'shell',
          description: 'Commands.',
          tools: [
            { type: 'function', name: 'exec_command', description: 'Runs.', strict: false, parameters: schema },
            {
              type: 'custom',
              name: 'apply_patch',
              description: 'Edits.',
              format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
            },
          ],
        },
      ],
    },
    { type: 'message', id: 'm1', role: 'developer', content: [{ type: 'input_text', text: 'Be careful.' }] },
    { type: 'message', id: 'm2', role: 'user', content: [{ type: 'input_text', text: 'edit it' }] },
    { type: 'reasoning', id: 'r1', summary: [], content: null, encrypted_content: 'abc' },
    { type: 'function_call', id: 'f1', call_id: 'c1', name: 'exec_command', arguments: '{}', status: 'completed' },
    { type: 'function_call_output', id: 'o1', call_id: 'c1', output: 'aborted' },
    {
      type: 'message',
      id: 'm3',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
    },
  ],
  client_metadata: { session_id: 's', thread_id: 't', 'x-codex-window-id': 'w:0' },
  include: ['reasoning.encrypted_content'],
  parallel_tool_calls: false,
  prompt_cache_key: '01a2254a',
  reasoning: { context: 'all_turns', effort: 'low', summary: 'auto' },
  store: false,
  stream: true,
  text: { verbosity: 'low' },
  tool_choice: 'auto',
};

/** What opencode 1.18.33 sends, shortened. */
export const openCodeRequest: JsonObject = {
  model: 'some-model',
  max_tokens: 32_000,
  messages: [
    { role: 'system', content: 'You are opencode.' },
    { role: 'user', content: 'edit it' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'a b' },
  ],
  tools: [{ type: 'function', function: { name: 'bash', description: 'Runs.', parameters: schema } }],
  tool_choice: 'auto',
  stream: true,
  stream_options: { include_usage: true },
};
