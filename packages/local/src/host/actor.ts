import type { Actor, Permission } from '@baton/core';
import { type Document, isMap } from 'yaml';
import { z } from 'zod';
import { unavailable } from './map-error.js';
import type { MarkdownFolder } from './markdown-folder.js';
import { readYaml } from './read-yaml.js';

/** Baton's own login in the folder. */
export const selfLogin = 'baton';

/** Who wrote a file without an author, where no file says who may: somebody who can write the folder. */
const somebody: Actor = { id: 'somebody', login: 'somebody', kind: 'person' };

const permissionShape = z.enum(['none', 'read', 'write', 'admin']);
const personShape = z.union([
  permissionShape.transform((permission) => ({ permission, kind: 'person' as const })),
  z.looseObject({ permission: permissionShape, kind: z.enum(['person', 'bot']).default('person') }),
]);

type Person = { readonly permission: Permission; readonly kind: 'person' | 'bot' } | { readonly problem: string };

/** Who is who, as `people.yaml` says now. */
export interface People {
  /** Null where nobody can tell who it was. */
  actor(login: string | null): Actor | null;
  /** Null where nobody is called so, as far as the file tells. */
  find(login: string): Actor | null;
  /** Throws `UNAVAILABLE` where the file can't be read, or says something else of this person. */
  permission(actor: Actor): Permission;
  /** What is wrong with the file, or null. */
  readonly problem: string | null;
  /** What is wrong with the first of its entries that can't be read, or null. */
  readonly entryProblem: string | null;
}

const file = 'people.yaml';
/** Some twenty thousand people. */
const mostTokens = 100_000;

/** Reads `people.yaml`. One that can't be read makes everybody's permission an error, and nothing else. */
export async function readPeople({ folder }: MarkdownFolder): Promise<People> {
  const content = await folder.read(file);
  if (content.kind === 'absent') {
    return {
      actor: (login) => (login === null ? somebody : toActor(login, 'person')),
      // Everybody who can write the folder may call themselves anything.
      find: (login) => (login === '' ? null : toActor(login, 'person')),
      permission: () => 'write',
      problem: null,
      entryProblem: null,
    };
  }
  const people = content.kind === 'bytes' ? parsePeople(content.bytes.toString('utf8')) : { problem: content.problem };
  const person = (login: string): Person | undefined => ('problem' in people ? people : people.people.get(login));
  return {
    actor(login) {
      if (login === null) return null;
      const found = person(login);
      return toActor(login, found && 'kind' in found ? found.kind : 'person');
    },
    find(login) {
      if (login === selfLogin) return toActor(login, 'person');
      const found = person(login);
      if (!found) return null;
      if ('kind' in found) return toActor(login, found.kind);
      throw unavailable(`${file} ${found.problem}, so nobody can tell who ${login} is.`, `mend ${file}`);
    },
    permission(actor) {
      const found = person(actor.id);
      if (!found) return 'none';
      if ('permission' in found) return found.permission;
      throw unavailable(`${file} ${found.problem}, so nobody can tell what ${actor.login} may do.`, `mend ${file}`);
    },
    problem: 'problem' in people ? people.problem : null,
    entryProblem: 'problem' in people ? null : firstProblem(people.people),
  };
}

function firstProblem(people: ReadonlyMap<string, Person>): string | null {
  for (const person of people.values()) if ('problem' in person) return person.problem;
  return null;
}

function toActor(login: string, kind: 'person' | 'bot'): Actor {
  return { id: login, login, kind: login === selfLogin ? 'self' : kind };
}

/** Null where aliases can't be followed, which the library throws for. */
function plainOf(document: Document): Readonly<Record<string, unknown>> | null {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
}

function parsePeople(text: string): { readonly people: ReadonlyMap<string, Person> } | { readonly problem: string } {
  const read = readYaml(text.replace(/^\uFEFF/, ''), mostTokens);
  if ('problem' in read) return { problem: `is no YAML: ${read.problem}` };
  const { document } = read;
  // A file that is there and empty lists nobody: then nobody may.
  if (document.contents === null) return { people: new Map() };
  if (!isMap(document.contents)) return { problem: 'is no list of logins and permissions' };
  const people = new Map<string, Person>();
  const written = plainOf(document);
  if (written === null) return { problem: 'holds aliases that lead nowhere, or to too much' };
  for (const [login, value] of Object.entries(written)) {
    const parsed = personShape.safeParse(value);
    const problem = `says of ${login} neither none, read, write nor admin`;
    people.set(login.replace(/^@/, ''), parsed.success ? parsed.data : { problem });
  }
  return { people };
}
