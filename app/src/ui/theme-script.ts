/** Where a theme that was chosen by hand is remembered. */
export const STORAGE_KEY = 'sluice.theme'

/**
 * Runs in the head before anything is painted, so that the page never flashes in the wrong theme. Kept as text because
 * it is inlined; the build hashes it for the Content-Security-Policy.
 */
export const THEME_SCRIPT = `(()=>{let c;try{c=localStorage.getItem('${STORAGE_KEY}')}catch{}
const d=c==='dark'||(c!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches)
document.documentElement.dataset.theme=d?'dark':'light'})()`
