import type { ProtectedKind } from './protected-kind.js';

export const tasks: ProtectedKind = {
  what: 'scripts and task runners, by which checks are started',
  steersChecks: 'by-file',
  entries: [
    // Of `package.json`, `pyproject.toml` and `composer.json` the scripts are compared.
    {
      of: 'make',
      paths: [
        '**/{makefile,gnumakefile,bsdmakefile,kbuild,kconfig,makefile.pl,build.pl}',
        '**/{makefile,gnumakefile}.{am,in,inc,win,local,include}',
        '**/*.{mk,mak}',
      ],
    },
    {
      of: 'just, Task, mask, xc, run',
      paths: [
        '**/{justfile,.justfile}',
        '**/*.just',
        '**/{taskfile,.taskfile}{,.*}.{yml,yaml}',
        '**/{maskfile.md,runfile,toast.yml,.run.toml,makefile.toml,mage.go,magefile.go}',
        '**/magefiles/**',
      ],
    },
    {
      of: 'JavaScript',
      paths: [
        '**/{gulpfile,gruntfile,jakefile,cakefile,nps,package-scripts,wireit}{,.*}.{js,cjs,mjs,ts,cts,mts,json,yml,yaml,coffee}',
        '**/{jakefile,cakefile}',
      ],
    },
    {
      of: 'Python',
      paths: [
        '**/{tasks,dodo,fabfile,pavement,shovel,duties}.py',
        '**/{.poethepoet.toml,poe_tasks.toml,poe_tasks.yaml,poe_tasks.json,snakefile,sconstruct,sconscript,waf,wscript,.invoke.yaml,invoke.yaml}',
        '**/site_scons/**',
      ],
    },
    { of: 'Ruby', paths: ['**/{rakefile,rakefile.rb,thorfile,guardfile,capfile,.rake}', '**/*.{rake,thor}'] },
    { of: 'PHP', paths: ['**/{castor.php,robofile.php,deploy.php,phing.xml}', '**/.castor/**'] },
    { of: 'Java, Clojure', paths: ['**/{build.xml,ivy.xml,build.boot,build.clj,jbang-catalog.json}'] },
    {
      of: '.NET',
      paths: ['**/{build.cake,build.fsx,cake.config,psakefile.ps1}', '**/.nuke/**', '**/*.cake', 'build.{ps1,cmd,sh}'],
    },
    { of: 'Rust', paths: ['**/xtask/**', '**/bacon.toml'] },
    { of: 'Elixir', paths: ['**/lib/mix/tasks/**'] },
    { of: 'Perl', paths: ['**/{rexfile,build.pl}'] },
    {
      of: 'processes',
      paths: [
        '**/procfile{,.*}',
        '**/{overmind.env,.overmind.env,process-compose.yml,process-compose.yaml,mprocs.yaml,.foreman}',
        '**/ecosystem.config.*',
      ],
    },
  ],
};
