export const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const DIFFICULTIES = ["Beginner", "Intermediate", "Advanced"];
export const FOCUSES = ["Arms", "Back", "Chest", "Core", "Full body", "Legs", "Shoulders"];
export const HOURS = Array.from({ length: 16 }, (_, i) => i + 6);

export const clock = (hour) => `${String(hour).padStart(2, "0")}:00`;

// JavaScript's week starts on Sunday, the studio's on Monday.
export const today = () => DAYS[(new Date().getDay() + 6) % 7];

export const onDay = (schedules, day) =>
  schedules.filter((row) => row.day === day).sort((a, b) => a.hour - b.hour || a.id - b.id);

export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
