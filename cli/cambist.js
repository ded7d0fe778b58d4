#!/usr/bin/env node
// The `cambist` command: starts the compiled command line, and says what to run where it has not been
// compiled.
try {
  const { main } = await import("../dist/cli/main.js");
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error?.code !== "ERR_MODULE_NOT_FOUND" || !String(error.message).includes("dist")) throw error;
  process.stderr.write("Cannot start as dist/ is missing or incomplete: run 'npm run build' first\n");
  process.exitCode = 1;
}
