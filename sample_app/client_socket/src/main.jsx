import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router-dom";
import App from "./App.jsx";
import { ToastProvider } from "./ui/Toast.jsx";
import "./styles.css";

createRoot(document.getElementById("root")).render(
  <BrowserRouter basename={import.meta.env.BASE_URL}>
    <ToastProvider>
      <App />
    </ToastProvider>
  </BrowserRouter>,
);
