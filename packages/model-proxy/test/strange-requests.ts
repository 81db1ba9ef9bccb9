import type { JsonObject } from '../src/wire/json-object.js';

/** A request that reaches for what a job may not, and the name that it is refused by. */
type Strange = readonly [what: string, body: JsonObject, name: string];

const url = 'http://169.254.169.254/latest';
const user = (...content: readonly JsonObject[]): JsonObject => ({ messages: [{ role: 'user', content }] });
const toolResult = (...content: readonly JsonObject[]): JsonObject =>
  user({ type: 'tool_result', tool_use_id: 't', content });

/** Of Anthropic's Messages. */
export const strangeMessages: readonly Strange[] = [
  [
    'a web search',
    { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    'tools[].type=web_search_20250305',
  ],
  ['a web fetch', { tools: [{ type: 'web_fetch_20250910' }] }, 'tools[].type=web_fetch_20250910'],
  ['code at the provider', { tools: [{ type: 'code_execution_20250825' }] }, 'tools[].type=code_execution_20250825'],
  ['another model as a tool', { tools: [{ type: 'advisor_20260301' }] }, 'tools[].type=advisor_20260301'],
  ['a tool of next year', { tools: [{ type: 'bash_20990101', name: 'bash' }] }, 'tools[].type=bash_20990101'],
  [
    'own tools that code at the provider calls',
    { tools: [{ name: 'x', allowed_callers: ['code_execution_20250825'] }] },
    'tools[].allowed_callers[]=code_execution_20250825',
  ],
  [
    'a tool of the provider, defined in the midst of a conversation',
    user({ type: 'tool_addition', tool: { type: 'tool_definition', definition: { type: 'web_fetch_20250910' } } }),
    'messages[].content[].tool.definition.type=web_fetch_20250910',
  ],
  ['an MCP server', { mcp_servers: [{ type: 'url', url }] }, 'mcp_servers'],
  ['a container with skills', { container: { skills: [{ skill_id: 'pptx' }] } }, 'container'],
  ['another model when this one declines', { fallbacks: 'default' }, 'fallbacks'],
  [
    'an image by address',
    user({ type: 'image', source: { type: 'url', url } }),
    'messages[].content[].source.type=url',
  ],
  [
    'an address in place of the data',
    user({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: url } }),
    'messages[].content[].source.data',
  ],
  [
    'a file of the account',
    user({ type: 'document', source: { type: 'file', file_id: 'file_x' } }),
    'messages[].content[].source.type=file',
  ],
  [
    'a file for the container',
    user({ type: 'container_upload', file_id: 'f' }),
    'messages[].content[].type=container_upload',
  ],
  [
    'an image by address in the result of a tool',
    toolResult({ type: 'image', source: { type: 'url', url } }),
    'messages[].content[].content[].source.type=url',
  ],
  [
    'an image by address in a document',
    user({
      type: 'document',
      source: { type: 'content', content: [{ type: 'image', source: { type: 'url', url } }] },
    }),
    'messages[].content[].source.content[].source.type=url',
  ],
  [
    'an image by address as a system prompt',
    { system: [{ type: 'image', source: { type: 'url', url } }] },
    'system[].type=image',
  ],
  ['a faster mode', { speed: 'fast' }, 'speed=fast'],
  ['a dearer place', { inference_geo: 'us' }, 'inference_geo=us'],
  ['a priority tier', { service_tier: 'priority' }, 'service_tier=priority'],
  [
    'a summary by a call of its own',
    { context_management: { edits: [{ type: 'compact_20260112' }] } },
    'context_management.edits[].type=compact_20260112',
  ],
  ['a field that nobody knows', { shiny: true }, 'shiny'],
  ['a prototype for a field', JSON.parse('{"__proto__":{"x":1}}'), '__proto__'],
];

/** Of Anthropic's Messages, and wrong by any list. */
export const misshapenMessages: readonly Strange[] = [
  ['a maximum that is no number', { max_tokens: '5' }, 'max_tokens'],
  ['a maximum beyond all numbers', JSON.parse('{"max_tokens":1e999}'), 'max_tokens'],
  ['a maximum below none', { max_tokens: -5 }, 'max_tokens'],
  ['a content block of no type', user({ source: { type: 'url', url } }), 'messages[].content[]'],
];

/** Of OpenAI's Responses. */
export const strangeResponses: readonly Strange[] = [
  [
    'a shell at the provider, with a network of its own',
    {
      tools: [
        {
          type: 'shell',
          environment: {
            type: 'container_auto',
            network_policy: { type: 'allowlist', allowed_domains: ['evil.example'] },
          },
        },
      ],
    },
    'tools[].environment.type=container_auto',
  ],
  [
    'a shell in a container that is there',
    { tools: [{ type: 'shell', environment: { type: 'container_reference', container_id: 'c' } }] },
    'tools[].environment.type=container_reference',
  ],
  [
    'code at the provider',
    { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] },
    'tools[].type=code_interpreter',
  ],
  ['a web search', { tools: [{ type: 'web_search' }] }, 'tools[].type=web_search'],
  ['a web search, by its earlier name', { tools: [{ type: 'web_search_preview' }] }, 'tools[].type=web_search_preview'],
  ['a file search', { tools: [{ type: 'file_search', vector_store_ids: ['v'] }] }, 'tools[].type=file_search'],
  ['an image generator', { tools: [{ type: 'image_generation' }] }, 'tools[].type=image_generation'],
  ['an MCP server', { tools: [{ type: 'mcp', server_url: url }] }, 'tools[].type=mcp'],
  [
    'a web search that an item brings along',
    { input: [{ type: 'additional_tools', tools: [{ type: 'namespace', tools: [{ type: 'web_search' }] }] }] },
    'input[].tools[].tools[].type=web_search',
  ],
  [
    'a web search that a search for tools has found',
    { input: [{ type: 'tool_search_output', tools: [{ type: 'web_search' }] }] },
    'input[].tools[].type=web_search',
  ],
  ['a stored prompt', { prompt: { id: 'pmpt_x', variables: {} } }, 'prompt'],
  ["somebody's response", { previous_response_id: 'resp_x' }, 'previous_response_id'],
  ["somebody's conversation", { conversation: 'conv_x' }, 'conversation'],
  ["somebody's item", { input: [{ type: 'item_reference', id: 'msg_x' }] }, 'input[].type=item_reference'],
  [
    'a file of the account',
    { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-x' }] }] },
    'input[].content[].file_id',
  ],
  [
    'an image of the account',
    { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file-x' }] }] },
    'input[].content[].file_id',
  ],
  [
    'a file by address',
    { input: [{ role: 'user', content: [{ type: 'input_file', file_url: url }] }] },
    'input[].content[].file_url',
  ],
  [
    'an image by address',
    { input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }] },
    'input[].content[].image_url',
  ],
  [
    'an image by address as the output of a tool',
    { input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_image', image_url: url }] }] },
    'input[].output[].image_url',
  ],
  [
    'a screenshot by address',
    {
      input: [{ type: 'computer_call_output', call_id: 'c', output: { type: 'computer_screenshot', image_url: url } }],
    },
    'input[].output.image_url',
  ],
  ['an answer that is kept', { store: true }, 'store=true'],
  ['a call in the background', { background: true }, 'background=true'],
  ['a dearer tier', { service_tier: 'priority' }, 'service_tier=priority'],
  ['a faster tier', { service_tier: 'fast' }, 'service_tier=fast'],
  [
    'what a search has found',
    { include: ['web_search_call.action.sources'] },
    'include[]=web_search_call.action.sources',
  ],
  ['another protocol’s maximum', { max_tokens: 5 }, 'max_tokens'],
];

/** Of Chat Completions. */
export const strangeChats: readonly Strange[] = [
  ['an image by address', user({ type: 'image_url', image_url: { url } }), 'messages[].content[].image_url.url'],
  ['an image by address alone', user({ type: 'image_url', image_url: url }), 'messages[].content[].image_url'],
  ['a film by address', user({ type: 'video_url', video_url: { url } }), 'messages[].content[].type=video_url'],
  ['sound by address', user({ type: 'audio_url', audio_url: { url } }), 'messages[].content[].type=audio_url'],
  [
    'the part of another protocol',
    user({ type: 'input_image', image_url: url }),
    'messages[].content[].type=input_image',
  ],
  ['a file of the account', user({ type: 'file', file: { file_id: 'f' } }), 'messages[].content[].file.file_id'],
  ['a file by address', user({ type: 'file', file: { file_data: url } }), 'messages[].content[].file.file_data'],
  ['sound of an earlier answer', { messages: [{ role: 'assistant', audio: { id: 'a' } }] }, 'messages[].audio'],
  ['a tool of the provider', { tools: [{ type: 'mcp' }] }, 'tools[].type=mcp'],
  ['a web search', { web_search_options: {} }, 'web_search_options'],
  ['a web search by a plugin', { plugins: [{ id: 'web' }] }, 'plugins'],
  ['other models', { models: ['dearest/model'], route: 'fallback' }, 'models'],
  ['another provider', { provider: { order: ['dear'] } }, 'provider'],
  ['several choices', { n: 2 }, 'n=2'],
  ['the best of several', { best_of: 5 }, 'best_of'],
  ['a prediction', { prediction: { type: 'content', content: 'x' } }, 'prediction'],
  ['an answer that is kept', { store: true }, 'store=true'],
  ['a dearer tier', { service_tier: 'priority' }, 'service_tier=priority'],
  ['a spoken answer', { modalities: ['text', 'audio'] }, 'modalities[]=audio'],
];
