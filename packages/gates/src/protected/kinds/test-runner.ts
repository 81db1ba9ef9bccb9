import type { ProtectedKind } from './protected-kind.js';
import { shadowedPythonModules } from './python-modules.js';

/** Modules of Perl's own that its runners and most tests load. */
const shadowedPerlModules =
  'strict,warnings,utf8,base,parent,constant,vars,overload,lib,feature,integer,bytes,exporter,exporter/heavy,carp,' +
  'fcntl,selectsaver,posix,cwd,io/handle,io/file,io/select,ipc/open3,file/{spec,spec/unix,basename,path,temp,find},' +
  'list/util,scalar/util,sub/util,data/dumper,time/hires,storable,benchmark,errno,xsloader,dynaloader,text/parsewords,' +
  'getopt/long,b,mro,re,term/ansicolor,encode';

export const testRunner: ProtectedKind = {
  what: 'test runners, which decide what counts as green',
  steersChecks: 'by-file',
  entries: [
    // What failed or took long before, by which some run what is to be run now.
    {
      of: 'caches',
      paths: [
        '**/.{pytest_cache,jest-cache,jest,phpunit.cache,phpunit.result.cache,rspec_status,testmondata,stestr,noseids,hypothesis}{,/**}',
        '**/spec/examples.txt',
      ],
    },
    {
      of: 'JavaScript',
      paths: [
        '**/{vitest,jest,ava,karma,playwright,playwright-ct,cypress,wdio,nightwatch,japa,codecept,testcafe,web-test-runner,wtr,jasmine,cucumber,stryker,mocha,tap,bench,detox,lost-pixel,storycap}{,.*}.{config,conf,setup,workspace,projects,global-setup}.*',
        '**/{vitest,jest,cypress,mocha,test,tests,global,karma}{.,-}{setup,setup-files,globals,setupfiles,preset,shim,workspace,environment}.*',
        '**/{setuptests,setup-tests,setup-jest,setup-vitest,jest-setup,vitest-setup,globalsetup,global-setup,globalteardown,global-teardown}.*',
        '**/{.mocharc,.nycrc,.c8rc,.taprc,.jestrc,.istanbul,.cypressrc,.detoxrc,.testcaferc,.jasmine,.strykerrc,.monocartrc}*',
        '**/{mocha.opts,jasmine.json,cypress.json,nightwatch.json,.testem.json,testem.js,intern.json,cucumber.js,cucumber.json,stryker.conf.json}',
        '**/spec/support/jasmine*.*',
        '**/cypress/{support/{e2e,component,index},plugins/index}.*',
        '**/node.config.json',
        '**/__mocks__/{node_modules/**,fs.*,child_process.*}',
        '.tap/**',
        // What Jest's crawler doesn't see is no test.
        '**/.watchmanconfig',
        '**/features/support/{env,hooks,world}.{js,cjs,mjs,ts,cts,mts}',
      ],
    },
    {
      of: 'Python',
      paths: [
        '**/{pytest,.pytest}.{ini,toml}',
        '**/tox.{ini,toml}',
        '**/conftest.py',
        '**/{setup.cfg,.coveragerc,coverage.toml,noxfile.py,nose.cfg,nose2.cfg,.noserc,behave.ini,.behaverc,robot.toml,trialrc,mutmut_config.py,testr.conf,.testr.conf,.stestr.conf,unittest.cfg}',
        '{,src/}{pytest,_pytest,unittest,unittest2,nose,nose2,tox,nox,coverage,hypothesis,pluggy,xdist,pytest_*,behave,robot,doctest}{.py,.so,.*.so,/**}',
        '**/features/environment.py',
        // `python -m pytest` looks for every module in the current directory first.
        `{${shadowedPythonModules}}{.py,.pyc,.so,.*.so,/__init__.py,/__init__.pyc}`,
      ],
    },
    {
      of: 'Go',
      paths: [
        '**/{.gotestsum*,gotestsum.*,.testcoverage.yml,.testcoverage.yaml,.mockery.yaml,.mockery.yml}',
        '**/testmain_test.go',
      ],
    },
    {
      of: 'Rust',
      paths: [
        '**/{.config/nextest.toml,nextest.toml,tarpaulin.toml,.tarpaulin.toml,insta.yaml,.config/insta.yaml,mutants.toml}',
        '**/.config/{nextest,insta,mutants}.*',
        '**/.cargo/mutants.toml',
      ],
    },
    {
      of: 'Java, Kotlin, Groovy',
      paths: [
        '**/{junit-platform,testng,allure,cucumber,archunit,arquillian,testcontainers,.testcontainers}.{properties,xml,yml,yaml}',
        '**/*testng*.xml',
        // What is compiled beside the product comes before a library's classes of the name.
        '**/org/{junit,testng,hamcrest,assertj,mockito,spockframework,scalatest}/**/*.{java,kt,groovy,scala}',
        '**/{jacoco,pitest,surefire,failsafe}*.{xml,properties,gradle}',
        '**/meta-inf/services/org.junit.*',
        '**/mockito-extensions/**',
        '**/meta-inf/groovy/**',
        '**/{spockconfig,cucumberconfig}.*',
        '**/kotest.properties',
        '**/projectconfig.kt',
      ],
    },
    { of: 'Scala', paths: ['**/{.scalatest*,scalatest.*,.scoverage*,stryker4s.conf}'] },
    {
      of: 'Clojure',
      paths: [
        '**/{tests.edn,test_runner.clj,kaocha.edn}',
        // Loaded before anything else where they stand at the root of a class path.
        '{,**/}{src,test,dev,clj,cljc,clojure,resources}/{user,data_readers}.{clj,cljc}',
        '{user,data_readers}.{clj,cljc}',
      ],
    },
    {
      of: 'Ruby',
      paths: [
        '**/{.rspec,.rspec-*,.simplecov,.mutant.yml,.cucumber.yml,cucumber.yml,.minitest.yml}',
        '**/{spec,test}/{spec_helper,rails_helper,test_helper,helper}.rb',
        '**/{spec_helper,rails_helper,test_helper}.rb',
        '**/config/cucumber.yml',
        '**/features/support/{env,hooks,world}.rb',
        // Rake puts these directories before the libraries'.
        '{lib,test,spec}/{minitest,rspec,rspec-*,test-unit,test/unit,cucumber,simplecov,mocha,webmock}{.rb,/**/*.rb}',
        '**/.config/mutant.yml',
      ],
    },
    {
      of: 'PHP',
      paths: [
        '**/phpunit*.xml{,.*}',
        '**/phpunit*.dist.xml',
        '**/{behat,codeception,phpspec,peridot,kahlan-config,infection,infection.json5}.*',
        '**/{phpspec,behat}.{yml,yaml}{,.dist}',
        '**/*.suite.yml',
        '**/tests/{bootstrap,pest}.php',
        '**/pest.php',
      ],
    },
    {
      of: '.NET',
      paths: [
        '**/{xunit.runner,*.xunit.runner,testconfig,stryker-config,coverlet,reqnroll,specflow,.nunit}.{json,xml,yml}',
        '**/*.{testsettings,nunit}',
      ],
    },
    {
      of: 'C and C++',
      paths: [
        '**/{ctestconfig,ctestcustom,ctesttestfile}.cmake{,.in}',
        '**/{gcovr.cfg,.gcovr,.lcovrc,lit.cfg,lit.cfg.py,lit.site.cfg.in,lit.site.cfg.py.in}',
        '**/meson{_options.txt,.options}',
        // A directory of the product's headers is looked in before the system's.
        '**/{gtest,gmock,catch2}/**/*.{h,hpp}',
        '**/{assert,catch,catch_all,catch_amalgamated,catch_test_macros,doctest,unity,unity_internals,cmocka,criterion,munit,greatest,utest,acutest}.{h,hh,hpp}',
        '**/cassert',
      ],
    },
    {
      of: 'Swift',
      // The last two say on Linux which tests there are.
      paths: ['**/*.xctestconfiguration', '**/.slather.yml', '**/{linuxmain,xctestmanifests}.swift'],
    },
    { of: 'Dart', paths: ['**/dart_test.{yml,yaml}', '**/flutter_test_config.dart', '**/{patrol,alchemist}.yaml'] },
    { of: 'Elixir, Erlang', paths: ['**/test_helper.exs', '**/{coveralls.json,.excoveralls.json}', '**/cover.spec'] },
    { of: 'Haskell', paths: ['**/.hspec{,-options}', '**/{tasty.conf,.ghcid}'] },
    {
      of: 'Perl',
      // `prove -l` looks for modules in `lib` first, and `-I` and `use lib` in others.
      paths: [
        '**/{.proverc,.yath.rc,.yath.user.rc,.aspell.yml}',
        '{,lib/,t/lib/}{test,test2,tap}{.pm,/**/*.pm}',
        `{,lib/,t/lib/}{${shadowedPerlModules}}.pm`,
      ],
    },
    {
      of: 'R',
      paths: ['**/{tests/testthat.r,tests/tinytest.r,.covrignore,.covr}', '**/testthat/{setup,helper,teardown}*.r'],
    },
    { of: 'Julia', paths: ['**/test/{runtests.jl,project.toml,manifest.toml}'] },
    { of: 'Lua', paths: ['**/{.busted,.luacov,.lust,nlua.toml}'] },
    { of: 'Crystal', paths: ['**/spec/spec_helper.cr'] },
    { of: 'Zig', paths: ['**/{test_runner,testrunner}.zig'] },
    {
      of: 'Terraform, Ansible',
      paths: ['**/{molecule.yml,kitchen.yml,.kitchen.yml,.terratest.yml,tox-ansible.ini}', '**/terratest.config'],
    },
    { of: 'shell', paths: ['**/{.bats*,setup_suite.bash,.shellspec,.shellspec-*,.bash_unit}', '**/.shellspec/**'] },
    {
      of: 'coverage and quality bounds',
      paths: [
        '**/{codecov,.codecov,.coveralls}.{yml,yaml}',
        '**/{lighthouserc,.lighthouserc,.size-limit,.bundlewatch.config,bundlesize.config,.percy,percy,backstop,chromatic.config}{,.*}',
        '**/.nycrc.*',
      ],
    },
  ],
};
