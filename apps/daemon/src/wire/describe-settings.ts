import type { ReadSettings } from '@baton/adapter-kit';
import type { JsonValue } from '@baton/core';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { AdapterChoice } from '../config/config.js';
import type { ConfigDocument } from '../config/config-document.js';
import type { ConfigProblem } from '../config/config-problem.js';
import { describeIssues } from '../config/describe-issues.js';
import { problemAt } from '../config/problem-at.js';

/** Where settings stand that were read. */
export interface SettingsPlace {
  readonly document: ConfigDocument;
  /** JSON Schema of the adapter's settings. */
  readonly schema: JsonValue;
  readonly choice: AdapterChoice;
  /** What it takes over where it says nothing itself. */
  readonly beside: AdapterChoice | null;
}

/** What is wrong about an adapter's settings, each where the file says it. */
export function describeSettings(
  { issues, variables }: ReadSettings,
  { document, schema, choice, beside }: SettingsPlace,
): readonly ConfigProblem[] {
  const settingOf = ({ path: [first] = [] }: StandardSchemaV1.Issue): string =>
    String(typeof first === 'object' ? first.key : (first ?? ''));
  const isInherited = (issue: StandardSchemaV1.Issue): boolean =>
    beside !== null && !(settingOf(issue) in choice.settings) && settingOf(issue) in beside.settings;
  const fromFile = issues.filter((issue) => !variables.has(settingOf(issue)));
  const inherited = beside === null ? [] : fromFile.filter(isInherited);
  const own = fromFile.filter((issue) => !inherited.includes(issue));
  const fromEnvironment = issues.flatMap((issue): readonly ConfigProblem[] => {
    const setting = settingOf(issue);
    const variable = variables.get(setting);
    if (variable === undefined) return [];
    return [
      problemAt(document, [...choice.path, setting], {
        message: `isn't given, and what ${variable} holds in its place can't be used: ${issue.message}`,
        fix: `set ${variable} to another value, or write ${setting} here`,
      }),
    ];
  });
  return [
    ...describeIssues(own, { document, schema, root: choice.path }),
    ...describeIssues(inherited, { document, schema, root: beside?.path ?? choice.path }),
    ...fromEnvironment,
  ];
}
