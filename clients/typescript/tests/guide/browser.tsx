// The entry of a page that shows the Page of docs/building-an-app.md.
import { createRoot } from 'react-dom/client'
import { Page } from './src/page.tsx'

createRoot(document.body).render(<Page externalId="shop-1" />)
