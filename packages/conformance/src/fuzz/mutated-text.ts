import fc from 'fast-check';

/** What is done to a text, and where. */
interface Mutation {
  readonly unit: 'line' | 'word' | 'character';
  readonly deed: 'cut' | 'drop' | 'repeat' | 'insert' | 'replace' | 'move';
  readonly at: number;
  readonly length: number;
  readonly to: number;
  readonly times: number;
  readonly piece: string;
}

const split: Readonly<Record<Mutation['unit'], RegExp>> = {
  line: /(?<=\n)/,
  word: /(?<=\W)|(?=\W)/,
  character: /(?:)/u,
};

/**
 * Texts grown from real samples: lines, words and characters are dropped, repeated, moved, replaced, and the end is
 * cut off. What comes in is one of `pieces` of the grammar, a line of the samples, or anything. Without a mutation it is
 * a sample. `most` is how many, default 5.
 */
export function mutatedText(samples: readonly string[], pieces: readonly string[], most = 5): fc.Arbitrary<string> {
  const lines = samples.flatMap((sample) => sample.split(split.line));
  const mutation: fc.Arbitrary<Mutation> = fc.record({
    unit: fc.constantFrom('line', 'word', 'character'),
    deed: fc.constantFrom('drop', 'repeat', 'insert', 'insert', 'replace', 'move', 'cut'),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 6 }),
    to: fc.nat(),
    times: fc.integer({ min: 1, max: 4 }),
    piece: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...pieces) },
      { weight: 2, arbitrary: fc.constantFrom(...lines) },
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
  });
  return fc
    .record({ sample: fc.constantFrom(...samples), mutations: fc.array(mutation, { maxLength: most }) })
    .map(({ sample, mutations }) => mutations.reduce(mutate, sample));
}

function mutate(text: string, { unit, deed, at, length, to, times, piece }: Mutation): string {
  const units = text.split(split[unit]);
  const from = at % (units.length + 1);
  const [before, chosen, after] = [units.slice(0, from), units.slice(from, from + length), units.slice(from + length)];
  const rest = [...before, ...after];
  const place = to % (rest.length + 1);
  const deeds: Readonly<Record<Mutation['deed'], readonly string[]>> = {
    cut: before,
    drop: rest,
    repeat: [...before, ...Array.from({ length: times + 1 }, () => chosen).flat(), ...after],
    insert: [...before, ...Array.from({ length: times }, () => piece), ...chosen, ...after],
    replace: [...before, piece, ...after],
    move: [...rest.slice(0, place), ...chosen, ...rest.slice(place)],
  };
  return deeds[deed].join('');
}
