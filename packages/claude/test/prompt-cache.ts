import type { ReceivedRequest } from './messages-server.js';

/** How far back from a mark the API looks for what it knows, in blocks. */
const lookback = 20;

/** The provider's cache as its documentation describes it: prefixes up to a mark, found again from a later mark. */
export function createPromptCache(): (body: ReceivedRequest['body']) => Readonly<Record<string, number>> {
  const known = new Set<string>();
  return ({ tools, system, messages }) => {
    const blocks: readonly object[] = [...tools, ...system, ...messages.flatMap((message) => message.content)];
    const bare = blocks.map((block) => JSON.stringify({ ...block, cache_control: undefined }));
    const tokensTo = (end: number): number => Math.ceil(bare.slice(0, end).join('').length / 4);
    const prefix = (end: number): string => bare.slice(0, end).join('\n');
    const marks = blocks.flatMap((block, index) => ('cache_control' in block ? [index + 1] : []));
    if (marks.length > 4) throw new Error(`${marks.length} marks are more than the API takes.`);
    let read = 0;
    for (const mark of marks) {
      for (let end = mark; end > Math.max(0, mark - lookback); end -= 1) {
        if (end > read && known.has(prefix(end))) read = end;
      }
    }
    const last = Math.max(0, ...marks);
    for (const mark of marks) known.add(prefix(mark));
    return {
      cache_read_input_tokens: tokensTo(read),
      cache_creation_input_tokens: tokensTo(last) - tokensTo(read),
      input_tokens: tokensTo(bare.length) - tokensTo(last),
      output_tokens: 1,
    };
  };
}
