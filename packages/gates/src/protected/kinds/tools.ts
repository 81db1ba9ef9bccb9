import type { ProtectedKind } from './protected-kind.js';

const code = '{js,cjs,mjs,ts,cts,mts}';

/** What no other kind knows by name, by how settings are called everywhere. */
export const tools: ProtectedKind = {
  what: 'settings of a tool',
  steersChecks: 'by-file',
  entries: [
    {
      of: 'settings that are code',
      paths: [
        `*.{config,conf,setup}.${code}`,
        `{packages,apps,libs,modules,services,plugins,examples}/*/*.{config,conf,setup}.${code}`,
      ],
    },
    {
      of: 'files named rc',
      paths: [
        '**/.!(all-contributors|cz)rc',
        '**/.!(all-contributors|cz)rc.{json,jsonc,json5,yml,yaml,toml,js,cjs,mjs,ts}',
      ],
    },
    { of: 'the folder of settings', paths: ['.config/**'] },
  ],
};
