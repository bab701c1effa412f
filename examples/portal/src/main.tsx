import '@fontsource-variable/instrument-sans'
import '@fontsource-variable/newsreader'
import './styles/tokens.css'
import './styles/base.css'
import './styles/ui.css'
import './styles/shell.css'
import './styles/pages.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadSettings } from './api/settings.ts'
import { App } from './app/App.tsx'
import { Boundary } from './app/Boundary.tsx'
import { Broken } from './app/Broken.tsx'
import { loadTexts } from './text/text.ts'

const root = document.getElementById('root')
if (!root) throw new Error('the page has no element with the id root')

document.documentElement.lang = await loadTexts(navigator.languages)
const content = await loadSettings().then(
  (settings) => <App settings={settings} />,
  () => <Broken />,
)
createRoot(root).render(
  <StrictMode>
    <Boundary outermost>{content}</Boundary>
  </StrictMode>,
)
