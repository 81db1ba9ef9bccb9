import type { ProtectedKind } from './protected-kind.js';

const names =
  '{agents,agent,agents.override,agents.local,claude,claude.local,gemini,qwen,crush,warp,jules,codex,copilot-instructions,skill}.md';

export const agentInstructions: ProtectedKind = {
  what: 'what coding agents are told and may run, which decides what the next one does',
  steersChecks: 'no',
  entries: [
    // `docs/agents.md` is a chapter, `docs/AGENTS.md` is an instruction.
    {
      of: 'files that agents read',
      paths: [
        names,
        `!(doc|docs|documentation|site|website)/**/${names}`,
        '=**/{AGENTS,AGENT,AGENTS.override,CLAUDE,CLAUDE.local,GEMINI,QWEN,CRUSH,WARP,JULES,CODEX,SKILL}.md',
      ],
    },
    { of: 'Claude Code', paths: ['**/.claude/**', '**/.claude.json', '**/.claudeignore', '**/.claude-plugin/**'] },
    { of: 'Codex, OpenAI', paths: ['**/.codex/**', '**/.agents/**', '**/.agent/**'] },
    { of: 'Model Context Protocol', paths: ['**/{.mcp,mcp}.{json,yml,yaml,toml}', '**/.mcp/**'] },
    { of: 'Cursor', paths: ['**/.cursor/**', '**/{.cursorrules,.cursorignore,.cursorindexingignore}', '**/*.mdc'] },
    { of: 'Windsurf', paths: ['**/.windsurf/**', '**/{.windsurfrules,.codeiumignore}'] },
    { of: 'Gemini, Qwen', paths: ['**/{.gemini,.qwen}/**', '**/{.geminiignore,.aiexclude}'] },
    { of: 'Aider', paths: ['**/.aider*', '**/.aider*/**'] },
    {
      of: 'Cline, Roo, Kilo',
      paths: [
        '**/{.clinerules,.cline,.roo,.kilocode}/**',
        '**/{.clinerules,.clineignore,.roorules,.roorules-*,.roomodes,.rooignore,.kilocodemodes}',
      ],
    },
    {
      of: 'OpenCode, Crush, Goose',
      paths: [
        '**/{.opencode,.crush,.goose}/**',
        '**/{opencode,crush,.crush}.{json,jsonc}',
        '**/{.goosehints,.gooseignore}',
      ],
    },
    {
      of: 'Kiro, Amazon Q, Junie, Augment, Trae, Factory, Amp',
      paths: [
        '**/{.kiro,.amazonq,.junie,.augment,.trae,.factory,.amp,.ampcode}/**',
        '**/{.augment-guidelines,.augmentignore}',
      ],
    },
    {
      of: 'Continue, Tabnine, Zed, OpenHands, Devin, Copilot',
      paths: [
        '**/{.continue,.tabnine,.openhands,.devin,.copilot,.ruler,.rulesync,.serena}/**',
        '**/{.continuerules,.continueignore,.openhands_instructions,.rules}',
        '**/*.{instructions,prompt,chatmode}.md',
      ],
    },
  ],
};
