// How much work something is. Unlike the time on the wall, it does not grow with what else the machine has to do, so that a
// bound on it is a bound on the work alone.

/** Begins to count: called, it tells the milliseconds of processor time that this process has used since. */
export function startProcessorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
