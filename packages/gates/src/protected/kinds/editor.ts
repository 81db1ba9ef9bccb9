import type { ProtectedKind } from './protected-kind.js';

export const editor: ProtectedKind = {
  what: "editor settings, which run commands on a developer's machine",
  steersChecks: 'no',
  entries: [
    { of: 'Visual Studio Code', paths: ['**/.vscode/**', '**/*.code-workspace', '**/.vscode-test.*', '**/.theia/**'] },
    { of: 'JetBrains', paths: ['**/.idea/**', '**/.run/**', '**/.fleet/**', '**/*.{iml,ipr,iws}'] },
    {
      of: 'Visual Studio',
      paths: [
        '**/.vs/**',
        '**/*.{vssettings,runsettings}',
        '**/launchsettings.json',
        '**/launch.vs.json',
        '**/tasks.vs.json',
      ],
    },
    {
      of: 'Eclipse, NetBeans',
      paths: ['**/.settings/**', '**/*.launch', '**/{.project,.classpath,.factorypath}', 'nbproject/**'],
    },
    { of: 'Xcode', paths: ['**/*.xcworkspace/**', '**/*.xcscheme', '**/*.xctestplan', '**/xcshareddata/**'] },
    {
      of: 'Vim, Neovim',
      paths: ['**/{.vimrc,.exrc,.gvimrc,.nvimrc,.nvim.lua,_vimrc,_exrc}', '**/.vim/**', '**/.nvim/**', '**/.lvimrc'],
    },
    { of: 'Emacs', paths: ['**/{.dir-locals,.dir-locals-2}.el', '**/.projectile'] },
    {
      of: 'Zed, Sublime Text, Nova, Helix, Kakoune',
      paths: ['**/{.zed,.nova,.helix,.kak}/**', '**/*.sublime-{project,workspace,build,commands}'],
    },
    {
      of: 'online editors',
      paths: [
        '.gitpod.{yml,yaml}',
        '.gitpod.dockerfile',
        '.replit',
        'replit.nix',
        '.stackblitzrc',
        '.codesandbox/**',
        '.idx/**',
        'sandbox.config.json',
        '.devfile.yaml',
        'devfile.{yml,yaml}',
      ],
    },
    { of: 'debuggers', paths: ['**/{.gdbinit,.lldbinit,.pdbrc,.pryrc,.irbrc,.byebugrc}'] },
  ],
};
