/** Variables of the environment, as they stood when they were read. */
export type Environment = Readonly<Record<string, string>>;

/** The one place where the daemon reads `process.env`. */
export function loadEnvironment(): Environment {
  const entries = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.freeze(Object.fromEntries(entries));
}
