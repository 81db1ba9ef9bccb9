import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';

/**
 * Kinds of secrets whose shape is known (keys of providers, private keys, credentials in addresses) that stand
 * in a text, by secretlint's recommended rules. `path` is where the text would stand: some rules look at the
 * name of the file. Loaded on first use only, see `leak-scanner.ts`.
 */
export async function findKnownShapes(text: string, path: string): Promise<readonly string[]> {
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
  return [...new Set(messages.map(({ ruleId, messageId }) => `${shortName(ruleId)}: ${messageId}`))];
}

/** All but the rule by which a comment in the text itself switches the others off. */
function isTrusted(rule: (typeof rules)[number]): boolean {
  return rule.meta.id !== '@secretlint/secretlint-rule-filter-comments';
}

function shortName(ruleId: string): string {
  return ruleId.replace(/^.*secretlint-rule-/, '');
}
