import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Complaint } from './complaint.ts';
import type { WorkspacePackage } from './read-packages.ts';

/** What is made empty at the top of a module is there to be filled. */
const collections: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet']);

type Parsed = ReturnType<typeof parseSync>;
type Statement = Parsed['program']['body'][number];
type Declaration = Extract<Statement, { readonly type: 'VariableDeclaration' }>;
type Value = Declaration['declarations'][number]['init'];

function isFilledLater(value: Value): boolean {
  if (value?.type === 'ArrayExpression') return value.elements.length === 0;
  if (value?.type === 'ObjectExpression') return value.properties.length === 0;
  if (value?.type !== 'NewExpression' || value.callee.type !== 'Identifier') return false;
  return collections.has(value.callee.name) && value.arguments.length === 0;
}

function declarationIn(statement: Statement): Declaration | null {
  const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return inner?.type === 'VariableDeclaration' ? inner : null;
}

/** Variables of modules that change: two engines, two hosts or two tests in one process would share them. */
export function checkModuleState(root: string, packages: readonly WorkspacePackage[]): Complaint[] {
  return packages.flatMap(({ folder }) =>
    globSync(`${folder}/src/**/*.ts`, { cwd: root })
      .sort()
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8');
        return parseSync(file, text).program.body.flatMap((statement) => {
          const declaration = declarationIn(statement);
          if (declaration === null) return [];
          const isState =
            declaration.kind !== 'const' || declaration.declarations.some(({ init }) => isFilledLater(init));
          if (!isState) return [];
          return {
            where: `${file}:${text.slice(0, declaration.start).split('\n').length}`,
            what: 'a variable of the module changes',
            fix: 'keep it in what a function makes; what adapters of one host share goes through AdapterHost.shared.',
          };
        });
      }),
  );
}
