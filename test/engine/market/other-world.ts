/** Loaded before a program: another clock, which runs backwards, and other random numbers. */
let step = Number(process.env.WORLD ?? 1);

Math.random = () => {
  step = (step * 69_069 + 1) % 2 ** 32;
  return step / 2 ** 32;
};
Date.now = () => step-- * 1_000;
performance.now = () => step--;
