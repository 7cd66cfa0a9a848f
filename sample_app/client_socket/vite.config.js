import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Pages and API share their paths: whoever asks for HTML is opening a page.
const api = {
  target: "http://127.0.0.1:5555",
  bypass: (req) => (req.headers.accept?.includes("text/html") ? "/index.html" : undefined),
};

export default defineConfig({
  base: process.env.VITE_BASE || "/",
  plugins: [react()],
  server: {
    proxy: {
      "/coaches": api,
      "/workout_plans": api,
      "/exercise_moves": api,
      "/schedules": api,
      "/login": api,
      "/logout": api,
      "/check_session": api,
      "/stats": api,
    },
  },
});
