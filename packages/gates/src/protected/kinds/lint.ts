import type { ProtectedKind } from './protected-kind.js';

export const lint: ProtectedKind = {
  what: 'linters, formatters and scanners, which decide what is complained of',
  steersChecks: 'by-file',
  entries: [
    // What they found right before they don't look at again.
    {
      of: 'caches',
      paths: [
        '**/.{eslintcache,stylelintcache,prettiercache,mypy_cache,ruff_cache,dmypy.json,pytype,pyre,php-cs-fixer.cache,php_cs.cache,phpcs-cache,phpstan-cache,phpstan.cache,rubocop_cache,golangci-cache,ktlint-cache}{,/**}',
      ],
    },
    {
      of: 'JavaScript',
      paths: [
        '**/{.eslintrc,.eslintignore,.eslint,.prettierrc,.prettierignore,.stylelintrc,.stylelintignore,.oxlintrc,.oxfmtrc,.jshintrc,.jshintignore,.jscsrc,.xo-config,.standardrc,.ls-lint,.dependency-cruiser,.madgerc,.jscpd,.htmlhintrc,.htmlvalidate,.lintignore,.commitlintrc,.knip,.remarkrc,.remarkignore,.textlintrc,.alexrc,.cspell,.depcheckrc,.unimportedrc,.sheriffrc,.publintrc,.npmpackagejsonlintrc}{,.*}',
        '**/{eslint,prettier,stylelint,oxlint,xo,commitlint,knip,dprint,cspell,remark,textlint,size-limit,dependency-cruiser,sheriff}.config.*',
        '**/{biome,.biome,biome.local}.{json,jsonc}',
        '**/{tslint,rome,dprint,.dprint,knip,cspell,.cspell,oxlint}.{json,jsonc}',
      ],
    },
    {
      of: 'Python',
      paths: [
        '**/{ruff.toml,.ruff.toml,.flake8,.pylintrc,pylintrc,pylintrc.toml,.pylintrc.toml,.pep8,.pycodestyle,.pydocstyle,.isort.cfg,.style.yapf,.bandit,bandit.yaml,.bandit.yml,.black,.autopep8,.vulture_whitelist.py,.importlinter,.prospector.yaml,.landscape.yml,.safety-policy.yml,.pyup.yml,.interrogate.toml,.codespellrc,.djlintrc,.sqlfluff,.sqlfluffignore,.refurb,.fixit.toml,.wemake-python-styleguide}',
        '**/{mypy.ini,.mypy.ini,pyrightconfig.json,pyre.toml,.pyre_configuration,.pytype.toml,pytype.cfg,pyrefly.toml,ty.toml,.pytypes}',
      ],
    },
    {
      of: 'Go',
      paths: [
        '**/{.golangci,golangci,.golangci-lint,.revive,revive,staticcheck,.staticcheck,.nancy-ignore,.gosec,.go-arch-lint,.errcheck}{,.*}.{yml,yaml,toml,json,conf}',
        '**/{staticcheck.conf,.nancy-ignore,.errcheck_excludes.txt}',
      ],
    },
    {
      of: 'Rust',
      paths: [
        '**/{clippy,.clippy,rustfmt,.rustfmt,deny,.deny,dylint,.taplo,taplo,audit,machete,typos,_typos,.typos}.toml',
        '**/.cargo/audit.toml',
        'supply-chain/**',
      ],
    },
    {
      of: 'Java, Kotlin',
      paths: [
        '**/*{checkstyle,pmd,spotbugs,findbugs,detekt,errorprone,owasp-suppressions,dependency-check}*.{xml,yml,yaml,properties}',
        '**/config/{checkstyle,pmd,spotbugs,detekt,findbugs}/**',
        '**/{lint.xml,lint-baseline.xml,.ktlint,.ktlint-baseline.xml,qodana.yaml,qodana.yml,.java-format}',
        '**/spotless*',
      ],
    },
    { of: 'Scala', paths: ['**/{.scalafmt,.scalafix,scalastyle-config}{,-*}.{conf,xml}', '**/wartremover.*'] },
    {
      of: 'Clojure',
      paths: ['**/.clj-kondo/**', '**/{.cljfmt.edn,.cljstyle,.eastwood.clj,.splint.edn,.lsp/config.edn}'],
    },
    {
      of: 'Ruby',
      paths: [
        '**/{.rubocop*,.reek,.reek.yml,.standard.yml,.standard_todo.yml,.haml-lint.yml,.slim-lint.yml,.erb-lint.yml,.erb_lint.yml,.fasterer.yml,.rufo,.brakeman.ignore,.bundler-audit.yml,.sorbet}',
        '**/config/brakeman.{yml,ignore}',
        '**/sorbet/config',
        '**/{steepfile,.steep.yml}',
        '**/.rubycritic.yml',
      ],
    },
    {
      of: 'PHP',
      paths: [
        '**/{phpstan,psalm,phan,phpmd,.phpcs,phpcs,phpcs.ruleset,.php-cs-fixer,.php_cs,ecs,pint,rector,phpinsights,phparkitect,deptrac,twigcs,.twig-cs-fixer,grumphp}{,-*,.*}.{neon,xml,php,json,yml,yaml,dist}',
        '**/{phpstan.neon.dist,psalm.xml.dist,phpcs.xml.dist,.php-cs-fixer.dist.php,.php_cs.dist,.php_cs,.phan/config.php}',
        '**/.phan/**',
        '**/phpstan-baseline.*',
      ],
    },
    {
      of: '.NET',
      paths: [
        '**/{stylecop.json,.globalconfig,fxcop.xml,codeanalysis.ruleset,resharper.dotsettings,.csharpierrc,.csharpierignore,fantomasignore,.fantomasignore,fsharplint.json}',
        '**/*.{ruleset,globalconfig,dotsettings}',
        '**/.csharpierrc.*',
      ],
    },
    {
      of: 'C and C++',
      paths: [
        '**/{.clang-tidy,.clang-format,.clang-format-ignore,_clang-format,.clangd,.cppcheck,cppcheck.cfg,cppcheck-suppressions.txt,.cmake-format*,.cmakelintrc,cpplint.cfg,.include-what-you-use,.astylerc,uncrustify.cfg,.iwyu,.gersemirc,.tsan-suppressions,.ubsan-suppressions}',
        '**/{asan,lsan,tsan,ubsan,msan,valgrind}*.{supp,txt,options}',
        '**/*.supp',
      ],
    },
    { of: 'Swift', paths: ['**/{.swiftlint*,.swiftformat,.swift-format,.periphery.yml,.tailor.yml,.sourcery.yml}'] },
    { of: 'Dart', paths: ['**/analysis_options*.{yml,yaml}', '**/all_lint_rules.yaml'] },
    {
      of: 'Elixir, Erlang',
      paths: [
        '**/{.credo.exs,.formatter.exs,.dialyzer_ignore.exs,.dialyzer_ignore,.sobelow-conf,.sobelow-skips,.doctor.exs,elvis.config,.check.exs}',
      ],
    },
    {
      of: 'Haskell',
      paths: ['**/{.hlint,.stylish-haskell,brittany,fourmolu,weeder}.{yml,yaml,toml,dhall}', '**/.ormolu'],
    },
    { of: 'Perl', paths: ['**/{.perlcriticrc,perlcriticrc,.perltidyrc,perltidyrc,.perlimports.toml}'] },
    { of: 'R', paths: ['**/{.lintr,.lintr.r,air.toml,.air.toml,.styler}'] },
    { of: 'Julia', paths: ['**/.juliaformatter.toml', '**/.jet.toml'] },
    {
      of: 'Lua',
      paths: [
        '**/{.luacheckrc,selene.toml,stylua.toml,.stylua.toml,.styluaignore,.luarc.json,.luarc.jsonc,.emmyrc.json}',
      ],
    },
    { of: 'Zig', paths: ['**/{zls.json,zlint.json}'] },
    { of: 'Nix', paths: ['**/{statix.toml,treefmt.toml,.treefmt.toml,.nixfmt.toml,.deadnix.toml}'] },
    {
      of: 'Terraform, Kubernetes',
      paths: [
        '**/{.tflint.hcl,.tfsec.yml,.checkov.yml,.checkov.yaml,.terrascan.toml,.kube-linter.yaml,.kubelinter.yml,.regula.yaml,.conftest.toml,.ansible-lint,.ansible-lint-ignore,.yamllint,.yamllint.yml,.yamllint.yaml,.hadolint.yaml,.hadolint.yml,.dockle.yaml,.dockleignore,.driftignore}',
      ],
    },
    {
      of: 'text, shell and data',
      paths: [
        '**/{.markdownlint,.markdownlintignore,.markdownlint-cli2,.mdl,.mdlrc,.mdlstyle,.vale,.vale.ini,.proselintrc,.shellcheckrc,.editorconfig,.editorconfig-checker,.ecrc,.spectral,.buf,buf,buf.gen,buf.work,.actionlint,.lychee,lychee,.lycheeignore,.textlintignore,.protolint,.jsonlintrc,.linkspector,.mega-linter,.super-linter,.trunk}{,.*}',
        '**/.trunk/**',
        '**/.vale/**',
      ],
    },
    {
      of: 'security and quality scanners',
      paths: [
        '**/{.gitleaks.toml,.gitleaksignore,.gitleaks.yml,.trivyignore,.trivyignore.yaml,trivy.yaml,.grype.yaml,.syft.yaml,.snyk,.secrets.baseline,.secretlintrc,.secretlintrc.json,.secretlintignore,.trufflehog*,.semgrepignore,.semgrep.yml,.semgrep.yaml,.bearer.yml,bearer.yml,.nsprc,.auditjs.json,audit-ci.json,audit-ci.jsonc,.audit-ci.json,osv-scanner.toml,.ort.yml,.fossa.yml,.licensee.json,.whitesource,sonar-project.properties,.sonarcloud.properties,.codeclimate.yml,.codacy.yml,.codacy.yaml,.deepsource.toml,.scrutinizer.yml,.stickler.yml,.hound.yml,.codebeatignore,.lgtm.yml,.deepsource.yml,.talismanrc,.git-secrets,.allstar,.gitguardian.yml,.gitguardian.yaml,.better-leaks.toml,.megalinter.yml,.mega-linter.yml,.sourcery.yaml}',
        '**/{.semgrep,.allstar,.snyk,.qlty}/**',
        '**/codeql-config.{yml,yaml}',
      ],
    },
  ],
};
