/** Documents in LMDB: the contract, and what a killed process leaves. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LmdbDocuments } from "../../../mixins/documents/lmdb-documents.ts";
import { documentsContract } from "../../contract/documents.contract.ts";

const temporaryFolder = () => mkdtemp(join(tmpdir(), "cambist-documents-"));

documentsContract("LmdbDocuments", async () => {
  const directory = await temporaryFolder();
  const first = await LmdbDocuments.open(directory);
  let documents = first;
  return {
    documents: first,
    async reopen() {
      await documents.close();
      documents = await LmdbDocuments.open(directory);
      return documents;
    },
    async dispose() {
      await documents.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
});

test("a batch is whole or absent after kill -9", async () => {
  const directory = await temporaryFolder();
  const child = fork(fileURLToPath(new URL("./saving-process.ts", import.meta.url)), [directory], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let saved = 0;
  child.on("message", message => {
    saved = Number(message);
    if (saved === 20) child.kill("SIGKILL");
  });
  await once(child, "exit");
  const documents = await LmdbDocuments.open(directory);
  expect(saved).toBeGreaterThanOrEqual(20);
  const { length } = documents.list({ account: "1001", limit: 100_000 }).items;
  expect(length).toBeGreaterThanOrEqual(saved * 50);
  expect(length % 50).toBe(0);
  await documents.close();
  await rm(directory, { recursive: true, force: true });
});
