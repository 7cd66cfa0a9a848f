"""The rewrite of JavaScript and TypeScript front ends: bytes in, results out."""
