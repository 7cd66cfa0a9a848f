export const MOVES_URL = "/exercise_moves";
