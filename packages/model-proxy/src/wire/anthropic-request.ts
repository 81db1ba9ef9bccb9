import {
  allowed,
  count,
  data,
  either,
  list,
  nothing,
  number,
  object,
  oneOf,
  ownContent,
  text,
  truth,
  typed,
} from './shape.js';

const cacheControl = object({ type: text, ttl: text, scope: text });
const ofProvider = "It runs at the provider's and reaches what this job may not.";
const byReference = "It names what lies at the provider's, which this job has no part in.";

/** Tools that the client runs itself, though the provider defines some of them. Newer versions are named in `allow`. */
const ownTool = {
  name: text,
  description: text,
  input_schema: data,
  input_examples: data,
  strict: truth,
  cache_control: cacheControl,
  defer_loading: truth,
  eager_input_streaming: truth,
  // From within code that runs at the provider's it could be called otherwise.
  allowed_callers: list(oneOf('direct')),
} as const;
const screen = { ...ownTool, display_width_px: number, display_height_px: number, display_number: number } as const;
const tool = typed(
  {
    custom: ownTool,
    bash_20241022: ownTool,
    bash_20250124: ownTool,
    text_editor_20241022: ownTool,
    text_editor_20250124: ownTool,
    text_editor_20250429: ownTool,
    text_editor_20250728: { ...ownTool, max_characters: number },
    computer_20241022: screen,
    computer_20250124: screen,
    computer_20251124: { ...screen, enable_zoom: truth },
    memory_20250818: ownTool,
    // These two search among the tools of the request itself.
    tool_search_tool_regex_20251119: ownTool,
    tool_search_tool_bm25_20251119: ownTool,
  },
  { untyped: 'custom', never: { '': ofProvider } },
);

const textBlock = { text, cache_control: cacheControl, citations: data } as const;
const image = {
  source: typed({ base64: { media_type: text, data: ownContent } }, { never: { url: ofProvider, file: byReference } }),
  cache_control: cacheControl,
} as const;
const documentParts = list(typed({ text: textBlock, image }));
const document = {
  source: typed(
    {
      base64: { media_type: text, data: ownContent },
      text: { media_type: text, data: text },
      content: { content: either(text, documentParts) },
    },
    { never: { url: ofProvider, file: byReference } },
  ),
  title: text,
  context: text,
  citations: data,
  cache_control: cacheControl,
} as const;
const searchResult = {
  source: text,
  title: text,
  content: list(typed({ text: textBlock })),
  citations: data,
  cache_control: cacheControl,
} as const;
const toolReference = { tool_name: text, name: text, cache_control: cacheControl } as const;
const never = {
  server_tool: ofProvider,
  web_: ofProvider,
  code_execution: ofProvider,
  mcp_: ofProvider,
  container_upload: byReference,
} as const;

/** A block of a message. What a tool of the provider's left behind isn't there, since none is let through. */
const block = typed(
  {
    text: textBlock,
    image,
    document,
    search_result: searchResult,
    thinking: { thinking: text, signature: text, cache_control: cacheControl },
    redacted_thinking: { data: text },
    tool_use: {
      id: text,
      name: text,
      input: data,
      caller: object({ type: oneOf('direct') }),
      cache_control: cacheControl,
    },
    tool_result: {
      tool_use_id: text,
      is_error: truth,
      content: either(
        text,
        list(
          typed(
            { text: textBlock, image, document, search_result: searchResult, tool_reference: toolReference },
            { never },
          ),
        ),
      ),
      cache_control: cacheControl,
    },
    // A definition in the midst of a conversation is a tool like any other.
    tool_addition: {
      tool: typed({ tool_reference: toolReference, tool_definition: { definition: tool } }),
      cache_control: cacheControl,
    },
    tool_removal: { tool: typed({ tool_reference: toolReference }), cache_control: cacheControl },
  },
  { never },
);

const outputConfig = object({ effort: text, format: data, task_budget: data });

/**
 * What a request to Anthropic's Messages may hold: https://docs.anthropic.com/en/api/messages, and what Claude Code
 * 2.1.330 sends.
 */
export const anthropicRequest = allowed(
  [
    { why: 'The meter and the list of models go by them.', fields: { model: text, max_tokens: count, stream: truth } },
    {
      why: 'The conversation.',
      fields: {
        system: either(text, list(typed({ text: textBlock }))),
        messages: list(object({ role: text, content: either(text, list(block)), output_config: outputConfig })),
        tools: list(tool),
        tool_choice: object({ type: text, name: text, disable_parallel_tool_use: truth }),
      },
    },
    {
      why: 'They steer the answer, within what max_tokens allows.',
      fields: {
        temperature: number,
        top_p: number,
        top_k: number,
        stop_sequences: list(text),
        output_config: outputConfig,
        output_format: data,
        thinking: object({ type: text, budget_tokens: count, display: text }),
      },
    },
    {
      why: 'They make a call cheaper, or its input shorter. Summing up is left out: it is a call of its own.',
      fields: {
        cache_control: cacheControl,
        context_management: object({
          edits: list(
            typed({
              clear_tool_uses_20250919: {
                trigger: data,
                keep: data,
                clear_at_least: data,
                exclude_tools: data,
                clear_tool_inputs: data,
              },
              clear_thinking_20251015: { keep: data },
            }),
          ),
        }),
        fallback_credit_token: text,
      },
    },
    { why: 'The provider counts abuse by it.', fields: { metadata: object({ user_id: text }) } },
    {
      why: 'Only the values that cost no more than the price that limits are kept by.',
      fields: {
        service_tier: oneOf('auto', 'standard_only'),
        speed: oneOf('standard'),
        inference_geo: oneOf('global'),
        mcp_servers: nothing(ofProvider),
      },
    },
  ],
  {
    container: byReference,
    fallbacks: 'Another model than the one that limits are kept for would answer.',
  },
);

/** Versions of Anthropic's interface that a request may ask for, each with what it brings. */
export const anthropicBetas: Readonly<Record<string, string>> = {
  'claude-code-20250219': 'Names Claude Code.',
  'claude-code-side-query-2026-09-29': 'Marks the questions that Claude Code asks beside its conversation.',
  'token-counting-2024-11-01': 'Counts tokens.',
  'interleaved-thinking-2025-05-14': 'Thinking between the calls of tools, within max_tokens.',
  'redact-thinking-2026-02-12': 'Thinking that is not shown.',
  'thinking-token-count-2026-05-13': 'Tells how many tokens went into thinking.',
  'thinking-display-updates-2026-08-18': 'How thinking is shown.',
  'effort-2025-11-24': 'How much is thought, within max_tokens.',
  'per-turn-control-2026-07-01': 'The same, for one message.',
  'task-budgets-2026-03-13': 'Tells the model what it has left.',
  'output-128k-2025-02-19': 'Longer answers, within max_tokens.',
  'structured-outputs-2025-11-13': 'Answers by a schema.',
  'structured-outputs-2025-12-15': 'Answers by a schema.',
  'fine-grained-tool-streaming-2025-05-14': 'How the input of tools is streamed.',
  'token-efficient-tools-2025-02-19': 'How the input of tools is written.',
  'context-management-2025-06-27': 'Clears old results of tools; what else it can do is refused by its field.',
  'prompt-caching-2024-07-31': 'Caching.',
  'prompt-caching-scope-2026-01-05': 'Caching.',
  'prompt-caching-evict-2026-05-12': 'Caching.',
  'extended-cache-ttl-2025-04-11': 'Caching for an hour, whose surcharge is counted.',
  'cache-diagnosis-2026-04-07': 'Tells why a cache was missed.',
  'fallback-credit-2026-06-01': 'Gives back what a declined call cost.',
  'mid-conversation-system-2026-04-07': 'Instructions between messages.',
  'mid-conversation-system-clear-at-2026-08-21': 'The same.',
  'mid-conversation-tool-changes-2026-07-01': 'Own tools that come later.',
  'inline-tools-2026-09-15': 'Own tools that come later; those of the provider are refused by their type.',
  'advanced-tool-use-2025-11-20': 'Search among own tools; those of the provider are refused by their type.',
  'tool-search-tool-2025-10-19': 'Search among own tools.',
  'tool-examples-2025-10-29': 'Examples for own tools.',
};
