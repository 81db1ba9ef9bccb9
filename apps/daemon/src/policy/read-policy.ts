import { BatonError } from '@baton/core';
import { Lexer } from 'yaml';
import { z } from 'zod';
import { type ConfigDocument, readConfigDocument } from '../config/config-document.js';
import { type ConfigProblem, formatProblem } from '../config/config-problem.js';
import { describeIssues } from '../config/describe-issues.js';
import { problemAt } from '../config/problem-at.js';
import { escapeLine } from '../text/escape-control.js';
import { type ParsedPolicy, policyJsonSchema, policySchema } from './policy-schema.js';

/** Parsing takes time by the square of keys and of aliases: a file within these is read in well under a second. */
const mostTokens = 10_000;
const mostAliases = 100;
const toldProblems = 5;

/** As much of a file as names its checks: what is wrong elsewhere in it hides nothing of them. */
const namedChecks = z.looseObject({
  checks: z.array(z.looseObject({ name: z.string(), after: z.string().optional() })),
});

/** What a policy file says. `CONFIG_INVALID` with what is wrong and where, unless all of it holds. */
export function parsePolicy(
  { path, text }: { readonly path: string; readonly text: string },
  /** Names of the checks that the operator runs. */
  taken: readonly string[],
): ParsedPolicy {
  // As a file at the root, so that places are told as `.baton.yaml:3:5`.
  const file = `/${path}`;
  checkSize(text, file);
  const { document, problems } = readConfigDocument(file, text, null, 'no-keys');
  if (document === null || problems.length > 0) throw policyInvalid(problems);
  const parsed = policySchema.safeParse(document.value);
  if (!parsed.success) {
    const { data: named = { checks: [] } } = namedChecks.safeParse(document.value);
    const issues = describeIssues(parsed.error.issues, { schema: policyJsonSchema(), document, root: [] });
    throw policyInvalid([...issues, ...checkNames(named, document, taken)]);
  }
  const unmeant = checkNames(parsed.data, document, taken);
  if (unmeant.length > 0) throw policyInvalid(unmeant);
  return parsed.data;
}

function checkSize(text: string, file: string): void {
  let [tokens, aliases] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (token.startsWith('*')) aliases += 1;
    if (tokens <= mostTokens && aliases <= mostAliases) continue;
    const message = tokens > mostTokens ? 'the file holds too many values' : 'the file holds too many aliases (*name)';
    throw policyInvalid([{ file, line: null, column: null, path: '', message, fix: 'say less in it' }]);
  }
}

function checkNames(
  { checks }: { readonly checks: readonly { readonly name: string; readonly after?: string | undefined }[] },
  document: ConfigDocument,
  taken: readonly string[],
): readonly ConfigProblem[] {
  const names = checks.map(({ name }) => name);
  return checks.flatMap(({ name, after }, index) => {
    const found: ConfigProblem[] = [];
    if (taken.includes(name)) {
      const message = `the operator runs a check ${JSON.stringify(name)} already, which no other replaces`;
      found.push(problemAt(document, ['checks', index, 'name'], { message, fix: 'give this one another name' }));
    } else if (names.indexOf(name) !== index) {
      const message = `${JSON.stringify(name)} is the name of an earlier check already`;
      found.push(problemAt(document, ['checks', index, 'name'], { message, fix: 'give each check a name of its own' }));
    }
    if (after !== undefined && !names.slice(0, index).includes(after)) {
      const message = `no check above it in this file is named ${JSON.stringify(after)}`;
      found.push(
        problemAt(document, ['checks', index, 'after'], { message, fix: 'name a check that stands above it' }),
      );
    }
    return found;
  });
}

/** Words of the file stand in what is told of it: they drive no terminal, and forge no line on the issue. */
function policyInvalid(problems: readonly ConfigProblem[]): BatonError<'CONFIG_INVALID'> {
  const [first] = problems;
  const details = { setting: first?.path ?? '' };
  if (first !== undefined && problems.length === 1) {
    const fix = escapeLine(first.fix);
    return new BatonError('CONFIG_INVALID', escapeLine(formatProblem(first, '/')), { details, fix });
  }
  const told = problems
    .slice(0, toldProblems)
    .map((problem) => escapeLine(`${formatProblem(problem, '/')} (${problem.fix})`));
  const rest = problems.length > told.length ? [`and ${problems.length - told.length} more`] : [];
  return new BatonError('CONFIG_INVALID', [...told, ...rest].join('; '), {
    details,
    fix: `mend each of these ${problems.length} in the file`,
  });
}
