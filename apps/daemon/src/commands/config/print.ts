import { existsSync } from 'node:fs';
import { readBotPins } from '@baton/engine';
import { stringify } from 'yaml';
import type { Config } from '../../config/config.js';
import { findConfig } from '../../config/find-config.js';
import { type ConfigSource, listConfigSources, maskedConfig } from '../../config/list-sources.js';
import { loadConfig } from '../../config/load-config.js';
import { tellPolicy } from '../../policy/base-policy.js';
import { escapeLine, escapeText } from '../../text/escape-control.js';
import { renderTable } from '../../text/render-table.js';
import { exitCodes } from '../../verb/exit-codes.js';
import type { Command, CommandContext } from '../../verb/run-command.js';
import { listAdapterSettings } from '../../wire/list-adapter-settings.js';
import { openSession } from '../../wire/open-session.js';

/** What the bots of the file were pinned to; none where nothing was started yet. */
async function readPins(context: CommandContext, config: Config) {
  const projects = config.projects.filter(({ trust }) => trust.bots.length > 0);
  if (projects.length === 0 || !existsSync(config.state)) return [];
  await using session = await openSession(context, { readOnly: true });
  const store = await session.store();
  const pins = projects.map(async ({ name, trust }) =>
    (await readBotPins(store, name, { signal: context.signal }))
      .filter(({ entry }) => trust.bots.includes(entry))
      .map((pin) => ({ project: name, ...pin, at: new Date(pin.at).toISOString() })),
  );
  return (await Promise.all(pins)).flat();
}

/** What repositories ask beside the file, where any was worked before. */
async function listPolicySources(context: CommandContext): Promise<readonly ConfigSource[]> {
  await using session = await openSession(context, { readOnly: true });
  if (!session.hasState) return [];
  const projects = await session.projects().catch(() => []);
  const told = await Promise.all(projects.map((project) => tellPolicy(project, true, context.signal)));
  return told.flatMap(({ state, source, says }, index): readonly ConfigSource[] => {
    const path = `projects[${index}]`;
    if (state === 'none') return [];
    if (state === 'unread') return [{ path, value: null, source: `.baton.yaml ${source}` }];
    return says.map((value) => ({ path, value, source }));
  });
}

/** `baton config print [--sources]`: what holds, defaults included; secrets masked. */
export const configPrint: Command = async (context, input) => {
  const { output, environment, cwd } = context;
  const config = await loadConfig({ file: findConfig(cwd, context.config), environment, cwd });
  if (input.options['sources'] === true) {
    const sources = [
      ...listConfigSources(config, cwd, await listAdapterSettings(config, environment)),
      ...(await listPolicySources(context)),
    ];
    if (output.json !== null) {
      output.printJson({ schema: 'baton.configSources/v1', file: config.file, items: sources });
    } else {
      const { dim } = output.colours;
      const row = ({ path, value, source }: ConfigSource): readonly string[] => {
        // Not in three columns: where one value is long, what stands behind the others would be as far away.
        return [path, `${escapeLine(JSON.stringify(value))}  ${dim(escapeLine(source))}`];
      };
      output.print(renderTable(sources.map(row), output.columns));
    }
    return exitCodes.ok;
  }
  const effective = maskedConfig(config);
  const bots = await readPins(context, config);
  if (output.json !== null) {
    output.printJson({ schema: 'baton.config/v1', file: config.file, config: effective, bots });
    return exitCodes.ok;
  }
  const pinned = bots.map(({ project, entry, host, id, takenBy }) => {
    const now = takenBy === null ? '' : `, and belongs to id ${takenBy} now: neither is trusted`;
    return `# ${project} trust.bots: ${escapeLine(entry)} was pinned to id ${escapeLine(id)} on ${host}${escapeLine(now)}\n`;
  });
  output.print(escapeText(stringify(effective)) + pinned.join(''));
  return exitCodes.ok;
};
