import { createContext, useCallback, useContext, useEffect, useState } from "react";

const ToastContext = createContext(() => {});

export const useToast = () => useContext(ToastContext);

export function ToastProvider({ children }) {
  const [toast, setToast] = useState(null);
  const show = useCallback((text) => setToast({ text, key: Date.now() }), []);

  useEffect(() => {
    if (!toast) return undefined;
    const timer = setTimeout(() => setToast(null), 4000);
    return () => clearTimeout(timer);
  }, [toast]);

  return (
    <ToastContext.Provider value={show}>
      {children}
      <div className="toasts" role="status" aria-label="Notice">
        {toast && (
          <p className="toast" key={toast.key}>
            {toast.text}
          </p>
        )}
      </div>
    </ToastContext.Provider>
  );
}
