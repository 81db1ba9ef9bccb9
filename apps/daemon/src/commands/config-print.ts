import { stringify } from 'yaml';
import { findConfig } from '../config/find-config.js';
import { listConfigSources, maskedConfig } from '../config/list-sources.js';
import { loadConfig } from '../config/load-config.js';
import { exitCodes } from '../exit-codes.js';
import { escapeLine, escapeText } from '../render/escape-control.js';
import { renderTable } from '../render/render-table.js';
import type { Command } from '../run-command.js';

/** `baton config print [--sources]`: what holds, defaults included; secrets masked. */
export const configPrint: Command = async (context, input) => {
  const { output, environment, cwd } = context;
  const config = await loadConfig({ file: findConfig(cwd, context.config), environment, cwd });
  if (input.options['sources'] === true) {
    const sources = listConfigSources(config, cwd);
    if (output.json !== null) {
      output.printJson({ schema: 'baton.configSources/v1', file: config.file, items: sources });
    } else {
      const { dim } = output.colours;
      const row = (each: (typeof sources)[number]) => [
        each.path,
        escapeLine(JSON.stringify(each.value)),
        dim(escapeLine(each.source)),
      ];
      output.print(renderTable(sources.map(row)));
    }
    return exitCodes.ok;
  }
  const effective = maskedConfig(config);
  if (output.json !== null) output.printJson({ schema: 'baton.config/v1', file: config.file, config: effective });
  else output.print(escapeText(stringify(effective)));
  return exitCodes.ok;
};
