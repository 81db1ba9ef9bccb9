import { BatonError, messageOf } from '@baton/core';
import { Liquid, type Template } from 'liquidjs';

/** Where a template names a variable. */
export interface Mention {
  readonly variable: string;
  readonly row: number;
  readonly col: number;
}

/** A template that was read, and what is named in it, in the order of the text. */
export interface OperatorTemplate<Variables> {
  readonly mentions: readonly Mention[];
  render(variables: Variables): string;
}

/** What a kind of template is read by. */
export interface OperatorTemplateRules<Variables> {
  /** The setting that names it. */
  readonly setting: string;
  /** How messages call it. */
  readonly name: string;
  /** Between them they go through most of what a template can ask. Together they have every variable. */
  readonly samples: readonly [Variables, ...Variables[]];
}

/** The error that tells what is wrong with a template, and how it is mended. */
export function templateInvalid(setting: string, why: string, fix: string): BatonError<'CONFIG_INVALID'> {
  return new BatonError('CONFIG_INVALID', why, { details: { setting }, fix });
}

/**
 * Reads a template of an operator's, in Liquid. Throws `CONFIG_INVALID`, with the line, where it can't be read or names
 * a variable that there isn't: found by reading it, and by rendering the samples, not by what a first job needs.
 */
export function readOperatorTemplate<Variables extends object>(
  text: string,
  { setting, name, samples }: OperatorTemplateRules<Variables>,
): OperatorTemplate<Variables> {
  const liquid = new Liquid({ locale: 'en-US', strictVariables: true, strictFilters: true, templates: {} });
  const invalid = (why: string, fix: string): Error => templateInvalid(setting, why, fix);
  const parsed = tell(name, invalid, () => liquid.parse(text, name));
  // What a template brings in is looked for here.
  const mentions = tell(name, invalid, () => mentionsIn(liquid, parsed));
  const known = [...new Set(samples.flatMap(Object.keys))].toSorted();
  const unknown = mentions.find(({ variable }) => !known.includes(variable));
  if (unknown !== undefined) {
    const { variable, row } = unknown;
    throw invalid(`${name}:${row}: there is no variable ${variable}.`, `name one of ${known.join(', ')}`);
  }
  const render = (variables: Variables): string =>
    tell(name, invalid, (): string => liquid.renderSync(parsed, variables)).trim();
  for (const sample of samples) render(sample);
  return { mentions, render };
}

/** In the order of the text. */
function mentionsIn(liquid: Liquid, parsed: Template[]): readonly Mention[] {
  return Object.entries(liquid.analyzeSync(parsed).globals)
    .flatMap(([variable, places]) => places.map(({ location: { row, col } }) => ({ variable, row, col })))
    .toSorted((left, right) => left.row - right.row || left.col - right.col);
}

/** Liquid's own errors tell file, line and column behind their words. */
function tell<T>(name: string, invalid: (why: string, fix: string) => Error, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const said = messageOf(error);
    if (said.startsWith('ENOENT')) throw invalid(`${name} brings in another template.`, 'write all of it in one file');
    const [, why = said, line = ''] = /^(.*?), (?:file:.*?, )?line:(\d+), col:\d+$/s.exec(said) ?? [];
    throw invalid(`${[name, ...(line === '' ? [] : [line])].join(':')}: ${why}.`, 'mend the template');
  }
}
