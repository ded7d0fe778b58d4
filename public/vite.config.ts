/**
 * Build of the dashboard. Nothing is inlined as script, so a page policy of `script-src 'self'` holds; in
 * development the API and the sockets are taken from a venue that runs on its default address (or on
 * CAMBIST_URL).
 */
import { env } from "node:process";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const venue = env.CAMBIST_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [vue()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // Charts are half of the code and are not needed to sign in.
    chunkSizeWarningLimit: 600,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": venue, "/socket.io": { target: venue, ws: true } },
  },
});
