/**
 * How providers say that a conversation is longer than their model's window. By their own documentation, or by what
 * users reported of them: few give it a code of its own.
 */
const wordings: readonly RegExp[] = [
  // Anthropic: "prompt is too long: 213462 tokens > 200000 maximum"; a body that is too large: request_too_large
  /prompt is too long|request_too_large/i,
  // Anthropic: "input length and `max_tokens` exceed context limit: 197000 + 8192 > 200000"
  /exceeds? (?:the )?context (?:limit|size)/i,
  // Amazon Bedrock: "Input is too long for requested model."
  /input is too long/i,
  // OpenAI: "Your input exceeds the context window of this model"; also as the code context_length_exceeded
  /exceeds the context window|context[_ ](?:length|window|size)[_ ](?:is |has been |was )?exceeded/i,
  // OpenAI, DeepSeek, OpenRouter, LiteLLM, vLLM: "This model's maximum context length is 131072 tokens", "maximum model length"
  /maximum (?:context|model) length/i,
  // Google: "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575)"
  /input token count.{0,40}exceeds the maximum/i,
  // xAI: "This model's maximum prompt length is 131072 but the request contains 537812 tokens"
  /maximum prompt length/i,
  // Groq: "Please reduce the length of the messages or completion."
  /reduce the length of (?:the messages|your prompt)/i,
  // GitHub Copilot: "prompt token count of 140000 exceeds the limit of 128000"
  /(?:prompt|input).{0,60}exceeds the limit of \d+/i,
  // Poolside: "Input length 200000 exceeds the maximum allowed input length of 131072 tokens"
  /maximum allowed input length/i,
  // Together: "The input (300 tokens) is longer than the model's context length (200 tokens)."
  /longer than the (?:model'?s )?context (?:length|window)/i,
  // llama.cpp: "the request exceeds the available context size, try increasing it", type exceed_context_size_error
  /exceeds the available context size|exceed_context_size/i,
  // llama.cpp, before: "context size has been exceeded"; DS4: "Prompt has 5000 tokens, but the configured context size is 4096"
  /configured context size/i,
  // LM Studio: "…the number of tokens to keep from the initial prompt is greater than the context length"
  /greater than the context length/i,
  // MiniMax: "invalid params, context window exceeds limit (2013)"
  /context window exceeds limit/i,
  // Kimi: "Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)"
  /exceeded model token limit/i,
  // Mistral: "Prompt contains 40000 tokens, too large for model with 32768 maximum context length"
  /too large for model with \d+/i,
  // Zhipu, by error 1261: "Prompt 超长"; as a reason to stop: model_context_window_exceeded
  /prompt\s*(?:超长|exceeds max length)|model_context_window_exceeded/i,
  // Ollama: "prompt too long; exceeded max context length by 4 tokens", "the input length exceeds the context length"
  /prompt too long|input length exceeds|exceeded (?:max )?context length/i,
  // Alibaba: "Range of input length should be [1, 30000]"
  /range of input length should be/i,
  // Text Generation Inference: "`inputs` tokens + `max_new_tokens` must be <= 4096"
  /`inputs`.{0,60}must (?:be|have) (?:<=|less than)/i,
  // Cohere: "too many tokens: total number of tokens in the prompt cannot exceed 4081"; others: "token limit exceeded"
  /too many tokens|token limit exceeded|(?:exceeds|over) (?:the )?token limit/i,
];

/** Bedrock and others: "Too many tokens, please wait before trying again." is a limit in time. */
const throttled = /throttl|rate.?limit|please wait|try again in|per (?:minute|day)/i;

/** Whether these words of a provider, about a request that it refused, say that the conversation is too long. */
export function tellsFullContext(words: string): boolean {
  return wordings.some((each) => each.test(words)) && !throttled.test(words);
}
