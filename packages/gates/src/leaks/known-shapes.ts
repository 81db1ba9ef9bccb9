import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

/**
 * A private key in PEM (RFC 7468, section 10 and 13), also as a string of JSON with its line breaks escaped, and where
 * its lines begin as those of a comment, a quotation or a list do: `# `, ` * `, `> `, `- `, `// `. The recommended rule
 * takes what is shorter than 100 characters, as keys of Ed25519 are, for an example, and doesn't know every label. Words
 * and blanks have bounds far beyond what is written: without, a text of nothing else runs out of stack.
 */
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ ){0,9}PRIVATE KEY-----(?:\s|\\[nr]){0,9999}(?:(?<=(?:[\r\n]|\\[nr])[^\S\r\n]{0,80})[^A-Za-z0-9+\r\n]{1,4})?[A-Za-z0-9+/]{40}/;

/** Something in a text that looks like a secret. */
export interface KnownShape {
  readonly kind: string;
  /** Of the text, from 1. */
  readonly line: number;
}

/**
 * Kinds of secrets whose shape is known (keys of providers, private keys, credentials in addresses) that stand
 * in a text, each where it stands first, by secretlint's recommended rules and the one above. `path` is where the text would stand: some rules look at the
 * name of the file. Loaded on first use only, see `leak-scanner.ts`.
 */
export async function findKnownShapes(text: string, path: string): Promise<readonly KnownShape[]> {
  // It keeps a mark of every rule and text for as long as the process lives.
  secretLintProfiler.setEnabled(false);
  const { messages } = await lintSource({
    source: { filePath: path, content: text, contentType: 'text', ext: path.endsWith('.json') ? '.json' : '' },
    options: {
      config: { rules: rules.filter(isTrusted).map((rule) => ({ id: rule.meta.id, rule })) },
      // Else a rule could open a file of that name on this machine.
      noPhysicFilePath: true,
      maskSecrets: true,
    },
  });
  const found = messages.map(({ ruleId, messageId, loc }) => ({
    kind: `${shortName(ruleId)}: ${messageId}`,
    line: loc.start.line,
  }));
  const key = found.some(({ kind }) => kind.startsWith('privatekey')) ? null : privateKey.exec(text);
  if (key !== null) found.push({ kind: 'privatekey: PEM', line: text.slice(0, key.index).split('\n').length });
  return [...new Map(found.toReversed().map((each) => [each.kind, each])).values()].toReversed();
}

/** All but the rule by which a comment in the text itself switches the others off. */
function isTrusted(rule: (typeof rules)[number]): boolean {
  return rule.meta.id !== '@secretlint/secretlint-rule-filter-comments';
}

function shortName(ruleId: string): string {
  return ruleId.replace(/^.*secretlint-rule-/, '');
}
