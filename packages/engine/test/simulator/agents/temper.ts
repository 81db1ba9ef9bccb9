/** How an issue's agent behaves, whoever works it. */
export type Temper =
  | 'fixes'
  | 'red once'
  | 'red always'
  | 'changes nothing'
  | 'fails once'
  | 'is out of quota once'
  | 'asks once'
  | 'falls silent once'
  | 'makes something risky'
  | 'tells no cost';

/** All of them. */
export const tempers: readonly [Temper, ...Temper[]] = [
  'fixes',
  'red once',
  'red always',
  'changes nothing',
  'fails once',
  'is out of quota once',
  'asks once',
  'falls silent once',
  'makes something risky',
  'tells no cost',
];
