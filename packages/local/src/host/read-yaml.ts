import { type Document, isScalar, Lexer, parseDocument, visit } from 'yaml';

/** The library's own warnings, as of a key that is a list, would go past Baton to the error output. */
const quiet = { logLevel: 'error' } as const;
const mostAliases = 100;

/** A document, or what is wrong with the text, in words that go behind a colon. */
export type ReadYaml = { readonly document: Document } | { readonly problem: string };

/**
 * Reads YAML that others wrote. The library takes the square of keys, aliases and flaws, and keeps the daemon busy for
 * minutes with half a megabyte: keys are compared here, and what holds more than `mostTokens` words and signs isn't read.
 */
export function readYaml(text: string, mostTokens: number): ReadYaml {
  const size = findExcess(text, mostTokens);
  if (size !== null) return { problem: size };
  const document = parseDocument(text, { ...quiet, uniqueKeys: false });
  const problem = document.errors[0]?.message.split('\n')[0] ?? findTwin(document);
  return problem === null ? { document } : { problem };
}

function findExcess(text: string, mostTokens: number): string | null {
  let [tokens, aliases] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token.startsWith('*')) aliases += 1;
    if (tokens > mostTokens) return 'it holds too many values';
    if (aliases > mostAliases) return 'it holds too many aliases (*name)';
  }
  return null;
}

function findTwin(document: Document): string | null {
  let twin: string | null = null;
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name)) twin = `the key ${JSON.stringify(name)} stands in it twice`;
        seen.add(name);
      }
      return twin === null ? undefined : visit.BREAK;
    },
  });
  return twin;
}
