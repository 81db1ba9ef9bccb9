import picomatch from 'picomatch';

/** How one family of languages writes tests down. */
export interface TestLanguage {
  /** Endings of file names, without the dot. */
  readonly endings: readonly string[];
  /** A line on which a test, or a group of tests, begins. */
  readonly cases: RegExp;
  /** A line that keeps a test from running. */
  readonly skips: RegExp;
  /** A line that keeps other tests from running: one is run alone, or their process ends. Null: none is known. */
  readonly alone: RegExp | null;
  /** A line that is a comment from its beginning. */
  readonly comments: RegExp;
  /** Whether tests stand among the code that they test, so that any file can hold some. */
  readonly inline: boolean;
}

/** Not where it ends in the line and something follows: `/* … *\/ it.only(` is code. */
const slashes = /^(?!.*\*\/\s*\S)\s*(?:\/\/|\/\*|\*)/;
const hashes = /^\s*#/;

/**
 * What the common runners of each language take for a test and for a skip. A line is looked at alone: what spans
 * lines, or is decided when the tests run, isn't seen.
 */
export const testLanguages: readonly TestLanguage[] = [
  {
    endings: ['js', 'jsx', 'mjs', 'cjs', 'ts', 'tsx', 'mts', 'cts', 'vue', 'svelte', 'coffee'],
    cases: /(?:^|[^\w.$])(?:it|test|specify|describe|suite|context|bench)(?:\.\w+)*\s*[(`]/,
    skips:
      /\.(?:skip|skipIf|runIf|todo|fixme|fails|failing)\b|\bx(?:it|test|describe|specify|context)\b|\b(?:skip|todo)\s*:|\bpending\s*\(/,
    alone: /\.only\b|\bf(?:it|describe|context)\s*\(|\bonly\s*:|\bprocess\.(?:exit|reallyExit)\b|\bDeno\.exit\b/,
    comments: slashes,
    inline: false,
  },
  {
    endings: ['py'],
    cases: /^\s*(?:async\s+)?def\s+test|^\s*class\s+Test/,
    skips:
      /\bpytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b|\bskip(?:Test|If|Unless)\b|@(?:unittest\.)?skip\b|\bSkipTest\b|\bexpectedFailure\b|__test__\s*=\s*False/,
    alone: /(?:^|[^\w.])(?:pytest\.|sys\.|os\._)?exit\s*\(|(?:^|[^\w.])quit\s*\(|\bcollect_ignore|\bload_tests\b/,
    comments: hashes,
    inline: false,
  },
  {
    endings: ['go'],
    cases:
      /^func\s+(?:\([^)]*\)\s*)?(?:Test|Fuzz|Example)\w*\s*\(|\b\w+\.Run\s*\(|\b(?:It|Describe|Context|Specify)\s*\(/,
    skips: /\b\w+\.Skip(?:f|Now)?\s*\(|^\/\/\s*(?:go:build|\+build)\b|\b[PX](?:It|Describe|Context)\s*\(|\bSkip\s*\(/,
    alone: /^func\s+TestMain\s*\(|\bos\.Exit\s*\(|\bF(?:It|Describe|Context|Specify|Entry|DescribeTable)\s*\(/,
    comments: /^(?!.*\*\/\s*\S)\s*(?:\/\/(?!go:build|\s*\+build)|\/\*|\*)/,
    inline: false,
  },
  {
    endings: ['rs'],
    cases: /^\s*#\[(?:[\w:]+::)?(?:test|rstest|test_case|case|quickcheck|wasm_bindgen_test)\b|^\s*proptest!/,
    skips: /^\s*#\[ignore\b|^\s*#\[cfg\((?!test\))/,
    alone: /\bprocess::exit\s*\(/,
    comments: slashes,
    inline: true,
  },
  {
    endings: ['java', 'kt', 'kts', 'scala', 'groovy'],
    cases:
      /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property|Theory)\b|^\s*(?:def\s+["']|(?:test|it|should|scenario|describe|context)\s*\()|"\s+(?:should|in|it|when)\b/,
    skips:
      /@(?:Ignore|Disabled\w*|EnabledIf\w*|EnabledOn\w*|Pending\w*|Requires|IgnoreIf)\b|\bassum(?:e|ing)\w*\s*\(|\benabled\s*=\s*false|\bignore\s*\(/,
    alone: /\bSystem\.exit\s*\(|\bexitProcess\s*\(|\.halt\s*\(/,
    comments: slashes,
    inline: false,
  },
  {
    endings: ['cs', 'fs', 'vb'],
    cases: /[[<]\s*(?:Fact|Theory|Test|TestMethod|DataTestMethod|TestCase|InlineData|DataRow)\b/,
    skips: /\bSkip\s*=|[[<]\s*(?:Ignore|Explicit)\b|\bAssert\.(?:Ignore|Inconclusive|Skip)/,
    alone: /\bEnvironment\.Exit\s*\(/,
    comments: /^(?!.*\*\/\s*\S)\s*(?:\/\/|\/\*|\*|')/,
    inline: false,
  },
  {
    endings: ['php', 'phpt'],
    cases: /\bfunction\s+test|#\[(?:Test|TestWith|DataProvider)\b|@test\b|(?:^|[^\w.$>:])(?:it|test|describe)\s*\(/,
    skips: /\bmarkTest(?:Skipped|Incomplete)\b|->(?:skip|todo)\s*\(|#\[Requires|@requires\b/,
    alone: /->only\s*\(|(?:^|[^\w>:$])(?:exit|die)\s*[(;]/,
    comments: /^(?!.*\*\/\s*\S)\s*(?:\/\/|\/\*(?!\*\s*@test)|#(?!\[))/,
    inline: false,
  },
  {
    endings: ['rb'],
    cases: /^\s*(?:it|test|specify|scenario|describe|context|feature|should)\b[\s("']|^\s*def\s+test/,
    skips: /^\s*(?:skip|pending)\b|\bx(?:it|describe|context|specify)\b|\b(?:skip|pending)\s*:|:(?:skip|pending)\b/,
    alone:
      /^\s*f(?:it|describe|context|eature|scenario)\b|:focus\b|\bfocus\s*:|^\s*(?:Kernel\.|Process\.)?exit\b|\bat_exit\b/,
    comments: hashes,
    inline: false,
  },
  {
    endings: ['ex', 'exs'],
    cases: /^\s*(?:test|describe|property|feature)\s+["']/,
    skips: /@(?:module|describe)?tag\s*(?::\(?\s*|\(\s*)?:?skip|\bskip\s*:/,
    alone: /\bSystem\.(?:halt|stop)\b/,
    comments: hashes,
    inline: false,
  },
  {
    endings: ['swift', 'm', 'mm'],
    cases: /\bfunc\s+test|@(?:Test|Suite)\b|^\s*-\s*\(void\)\s*test/,
    skips: /\bXCTSkip\w*|\.disabled\s*\(|\.enabled\s*\(if/,
    alone: /(?:^|[^\w.])_?exit\s*\(/,
    comments: slashes,
    inline: false,
  },
  {
    endings: ['c', 'cc', 'cpp', 'cxx', 'h', 'hpp'],
    cases:
      /\b(?:TYPED_)?TEST(?:_F|_P|_CASE|_METHOD)?\s*\(|\bSCENARIO\s*\(|\b(?=BOOST_\w+\s*\()\w*TEST_CASE|\bSTART_TEST\s*\(/,
    skips: /\bGTEST_SKIP\b|\bDISABLED_|^\s*#\s*if\s+0\b|\[!?(?:hide|mayfail|shouldfail)|\[\.\]|\bSKIP\s*\(/,
    alone: /\b(?:_|_E|quick_)?exit\s*\(/,
    comments: slashes,
    inline: false,
  },
  {
    endings: ['bats', 'sh', 'bash', 't'],
    cases: /^\s*@test\b|^\s*(?:function\s+)?test\w*\s*\(\)|^\s*(?:ok|is|isnt|like|is_deeply|cmp_ok|subtest)\b\s*[('"]/,
    skips: /^\s*skip\b|\bskip_all\b|\bSKIP\s*:|\bTODO\s*:/,
    alone: /\bbats:focus\b/,
    comments: hashes,
    inline: false,
  },
  {
    endings: ['dart', 'lua', 'jl', 'clj', 'cljs', 'hs', 'erl', 'ml', 'r', 'R'],
    cases: /\b(?:test|testWidgets|group|it|describe|test_that)\s*\(|@test\w*\b|\bdeftest\b|^\s*\w+_test_?\s*\(/,
    skips: /\bskip\w*\s*[:(]|\bpending\s*\(|@test_(?:skip|broken)\b|\^:(?:skip|kaocha)/,
    alone: /\bsolo\s*:|(?:^|[^\w.])(?:os\.|System\/)?exit\b|\bquit\s*\(/,
    comments: /^\s*(?:\/\/|#|--|;|%)/,
    inline: false,
  },
  {
    endings: ['feature'],
    cases: /^\s*(?:Scenario(?: Outline| Template)?|Example|Rule)\s*:/,
    skips: /@(?:skip|ignore|wip|disabled|todo)\b/i,
    alone: null,
    comments: hashes,
    inline: false,
  },
];

/** Directories in which sources are tests. */
const testDirectories = 'test,tests,spec,specs,__tests__,__mocks__,e2e,cypress,integration-tests,unittests,testing';

/** Directories of what tests are made of. */
const dataDirectories = 'testdata,fixtures,__fixtures__,__snapshots__,golden,goldens';

/**
 * Where everything is a test's: what one is made of too, since a file of data can be a test case. Patterns of
 * picomatch.
 */
export const testDirectoryPatterns: readonly string[] = [`**/{${testDirectories},${dataDirectories}}/**`];

/** Names by which the runners of each language find tests. Patterns of picomatch. */
export const testFilePatterns: readonly string[] = [
  '**/*.{test,tests,spec,specs,e2e,cy,unit,integration}.*',
  '**/*{-,_}{test,tests,spec,specs}.*',
  '**/{test,tests}{_,-}*.*',
  '**/*{Test,Tests,TestCase,IT,Spec,Specs,Suite}.{java,kt,kts,scala,groovy,cs,fs,vb,php,swift,m,mm,cpp,cc,cxx}',
  '**/Test*.{java,kt,scala,groovy,cs}',
  '**/{test,tests}.{js,mjs,cjs,ts,mts,cts,py,rb,php,lua,sh}',
  '**/*.{bats,phpt,feature}',
  '**/t/**/*.t',
  '**/__snapshots__/**',
  ...[...new Set(testLanguages.flatMap(({ endings }) => endings))].map(
    (ending) => `**/{${testDirectories}}/**/*.${ending}`,
  ),
];

/** What runners write of what the code did, and compare with what it does. Patterns of picomatch. */
export const recordingPatterns: readonly string[] = [
  '**/{__snapshots__,__image_snapshots__,golden,goldens}/**',
  '**/*.{snap,ambr,golden}',
  '**/*.{approved,verified,golden}.*',
];

/** The directories by which the patterns above tell. */
const tellingDirectories: ReadonlySet<string> = new Set(
  [testDirectories, dataDirectories, '__image_snapshots__'].flatMap((names) => names.split(',')).concat('t'),
);

/** Whether a file's name is one of these. Dot files match. Compiled by what uses it, and once. */
export function createTestMatcher(patterns: readonly string[]): (path: string) => boolean {
  let compiled: ((path: string) => boolean) | null = null;
  return (path) => {
    compiled ??= picomatch([...patterns], { dot: true });
    return compiled(tellingPart(path));
  };
}

/** Else a line break in its name would hide a file: `**` becomes a regular expression's dot, which stops there. */
export function oneLinePath(path: string): string {
  return path.replace(/[\n\r\u2028\u2029]/g, '_');
}

/**
 * A file's own name, and each directory once by which a pattern tells. A pattern with two `**` takes the square of how
 * deep a path is, and a change may have some ten thousand deep ones.
 */
function tellingPart(path: string): string {
  const names = oneLinePath(path).split('/');
  const own = names.pop() ?? '';
  return [...new Set(names.filter((name) => tellingDirectories.has(name))), own].join('/');
}
