// Before the first paint, from the device's own memory. No module: those wait for the document.
try {
  const theme = localStorage.getItem('postern.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off; the system's theme it is.
}
