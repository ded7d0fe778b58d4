/** Types of what Vite serves beside TypeScript. */
/// <reference types="vite/client" />
