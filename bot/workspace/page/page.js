'use strict'
// The server draws every region of the page; this script fetches the regions that changed and fits them into what is there, so that
// focus, scrolling, open menus and typed text stay. It sends what people do, and tells the server what is on the screen.

const $ = (selector, root = document) => root.querySelector(selector)
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)]
const body = document.body
let place = new URLSearchParams({as: body.dataset.as, channel: body.dataset.channel, thread: body.dataset.thread})
const wait = ms => new Promise(done => setTimeout(done, ms))

// ---- Fitting a new drawing into the old one

// These attributes belong to the script or the browser, never to the drawing.
const own = new Set(['open', 'aria-busy', 'aria-expanded', 'aria-description', 'data-fresh', 'data-up', 'data-left', 'data-over', 'tabindex'])
const key = node => (node.dataset && node.dataset.key) || ''

function fit(now, next) {
  if (now.isEqualNode(next)) return
  if (now.nodeType !== Node.ELEMENT_NODE) { now.nodeValue = next.nodeValue; return }
  for (const {name} of [...now.attributes]) if (!own.has(name) && !next.hasAttribute(name)) now.removeAttribute(name)
  for (const {name, value} of [...next.attributes]) {
    if ((!own.has(name) || !now.hasAttribute(name)) && now.getAttribute(name) !== value) now.setAttribute(name, value)
  }
  fitChildren(now, next)
}

function fitChildren(now, next) {
  const wanted = new Set([...next.childNodes].map(key))
  for (const child of [...now.childNodes]) if (key(child) && !wanted.has(key(child))) child.remove()
  const keyed = new Map([...now.childNodes].filter(key).map(child => [key(child), child]))
  let cursor = now.firstChild
  for (const want of [...next.childNodes]) {
    let match = keyed.get(key(want)) || null
    if (!key(want)) for (match = cursor; match && (key(match) || match.nodeName !== want.nodeName);) match = match.nextSibling
    if (!match || match.nodeName !== want.nodeName) { now.insertBefore(want, cursor); continue }
    keyed.delete(key(want))
    if (match === cursor) cursor = cursor.nextSibling
    else now.insertBefore(match, cursor)
    fit(match, want)
  }
  while (cursor) { const gone = cursor; cursor = cursor.nextSibling; gone.remove() }
}

// ---- Regions

let turn = 0, fetching = false, dirty = false, waiters = []
const changedOnce = () => new Promise(done => waiters.push(done))

// refresh fetches what changed. Calls while one is under way become one more; an answer that a move has overtaken is dropped.
async function refresh(moved = false) {
  if (fetching && !moved) { dirty = true; return }
  const mine = ++turn
  fetching = true
  dirty = false
  const have = $$('[data-part]').map(part => part.dataset.part + '.' + part.dataset.digest).join(',')
  try {
    const answer = await (await fetch('/parts?' + place + '&have=' + encodeURIComponent(have))).json()
    if (mine === turn) apply(answer, moved)
  } catch { offline(true) }
  // A fast clock changes things more often than anybody can read.
  setTimeout(() => {
    if (mine !== turn) return
    fetching = false
    if (dirty) refresh()
  }, 120)
}

function apply(answer, moved) {
  const before = scrolls(), held = document.activeElement && document.activeElement.closest('[data-ts], [data-view], [data-part]')
  for (const part of answer.parts) {
    const region = document.getElementById(part.id), next = document.createElement('template')
    next.innerHTML = part.html
    if (part.id === 'window') keepForm(region, next.content)
    region.dataset.digest = part.digest
    fitChildren(region, next.content)
    const speed = $('[data-clock-speed]', region), chosen = speed && $('option[selected]', speed)
    if (chosen && speed !== document.activeElement) speed.value = chosen.value
  }
  if (moved) {
    place = new URLSearchParams(answer.address.split('?')[1])
    Object.assign(body.dataset, {as: answer.as, channel: answer.channel, thread: answer.thread})
    document.title = document.title.split(' · ')[0] + ' · ' + answer.name
    $('#who').value = answer.as
  }
  after(before, moved)
  if (document.activeElement === body && held && held.isConnected && !moved) { held.tabIndex = -1; held.focus({preventScroll: true}) }
  if (answer.parts.some(part => part.id !== 'clock')) { waiters.forEach(done => done()); waiters = [] }
}

// after does what follows every change, the first drawing included.
function after(before, moved) {
  windowChanged()
  counts()
  fresh()
  for (const list of $$('#messages, #replies')) scrollAfter(list, before.get(list.id), moved)
  watch()
}

// ---- Scrolling: a list that stands at its end stays there

const atEnd = list => list.scrollHeight - list.scrollTop - list.clientHeight < 60
const scrolls = () => new Map($$('#messages, #replies').map(list => [list.id, {key: list.dataset.key, end: atEnd(list), top: list.scrollTop, height: list.scrollHeight, last: lastTS(list)}]))
const lastTS = list => { const all = $$('[data-ts]', list); return all.length ? all.at(-1).dataset.ts : '' }

function scrollAfter(list, was, moved) {
  const news = was && was.last < lastTS(list)
  if (!was || was.key !== list.dataset.key) list.scrollTop = list.dataset.channel === 'home' ? 0 : list.scrollHeight
  else if (moved && !news) list.scrollTop = was.end ? list.scrollHeight : was.top + list.scrollHeight - was.height
  else if (was.end && list.dataset.channel !== 'home') list.scrollTop = list.scrollHeight
  else if (news && list.id === 'messages') $('#newer').hidden = false
  if (list.id === 'messages') {
    if (atEnd(list) || moved) $('#newer').hidden = true
    list.onscroll = () => { if (atEnd(list)) $('#newer').hidden = true }
    if (news && !moved) $('#say').textContent = 'New: ' + $('.body', $$('[data-ts]', list).at(-1)).innerText.slice(0, 120)
  }
}
document.addEventListener('load', event => {
  const list = event.target.closest && event.target.closest('#messages, #replies')
  if (list && list.scrollHeight - list.scrollTop - list.clientHeight < event.target.clientHeight + 80) list.scrollTop = list.scrollHeight
}, true)

// ---- Sending

const tell = sentence => { $('#alert').textContent = sentence || '' }
const offline = lost => { if (lost) tell('The workspace does not answer; trying again.'); else if ($('#alert').textContent.startsWith('The workspace does not')) tell() }

// act posts what somebody did. The element that did it is busy until the answer shows, and sends nothing twice meanwhile.
async function act(path, what, element) {
  if (element) {
    if (element.getAttribute('aria-busy') === 'true') return null
    element.setAttribute('aria-busy', 'true')
    tell()
  }
  const shown = changedOnce()
  let problem = null
  try {
    const answer = await fetch('/act/' + path, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({as: place.get('as'), ...what}), keepalive: path === 'seen',
    })
    if (!answer.ok) problem = await answer.json()
  } catch { problem = {error: 'The workspace does not answer; nothing was sent.'} }
  if (problem && element) tell(problem.error)
  if (element) {
    if (!problem) await Promise.race([shown, wait(3000)])
    element.removeAttribute('aria-busy')
  }
  return problem
}

// surface is the message or view that an element stands in.
function surface(element) {
  const root = element.closest('[data-ts], [data-view]')
  return root.dataset.view ? {root, view: root.dataset.view} : {root, ts: root.dataset.ts, channel: root.dataset.in}
}

// fields are all inputs of a surface; a group in which nothing is chosen sends an empty entry.
function fields(root) {
  return $$('input[data-action], select[data-action], textarea[data-action]', root).map(field => ({
    block: field.dataset.block, action: field.dataset.action,
    values: ['checkbox', 'radio'].includes(field.type) && !field.checked ? [] : [field.value],
  }))
}

async function use(element, values) {
  if (element.dataset.confirm !== undefined && !await confirmed(element)) {
    if (element.tagName === 'SELECT') element.value = ($('option[selected]', element) || {value: ''}).value
    return
  }
  const {root, ...where} = surface(element)
  act('click', {...where, block: element.dataset.block, action: element.dataset.action, kind: element.dataset.type, values, fields: fields(root)}, element)
}

// confirmed asks in the element's own dialog. If its message changes meanwhile the dialog goes with it, and nothing is sent.
function confirmed(element) {
  const dialog = $(':scope > dialog', element.closest('.control'))
  dialog.returnValue = ''
  dialog.showModal()
  watch()
  return new Promise(done => dialog.addEventListener('close', () => { watch(); done(dialog.returnValue === 'yes') }, {once: true}))
}

// ---- Windows

let viewShown = '', opener = null
const forms = new Map() // of views that others cover, so that what was typed is there when they come back

function keepForm(region, next) {
  const old = $('#modal form', region), fresh = $('#modal form', next)
  if (!fresh) { forms.clear(); return }
  if (!old || key(old) === key(fresh)) return
  forms.set(key(old), old)
  old.remove()
  if (forms.has(key(fresh))) $('#modal', region).append(forms.get(key(fresh)))
}

function windowChanged() {
  const dialog = $('#modal')
  if (!dialog) {
    if (viewShown && opener && opener.isConnected) opener.focus({preventScroll: true})
    viewShown = ''
    return
  }
  if (!dialog.open) { opener = document.activeElement; dialog.showModal() }
  if (viewShown !== dialog.dataset.view) ($('[data-focus]', dialog) || $('.content input, .content select, .content textarea', dialog) || $('.content', dialog)).focus()
  viewShown = dialog.dataset.view
}

const closeView = element => act('close', {view: $('#modal').dataset.view}, element)
document.addEventListener('cancel', event => {
  if (event.target.id !== 'modal') return
  event.preventDefault()
  closeView($('#modal header [data-close]'))
}, true)

async function submitView(form) {
  const button = $('[type="submit"]', form)
  if (!button) return
  const problem = await act('submit', {view: $('#modal').dataset.view, fields: fields(form)}, button)
  if (problem) showNotice(form, problem.error)
  const wrong = $('#modal [aria-invalid="true"], #modal [data-invalid] input')
  if (wrong) wrong.focus()
}

function showNotice(form, sentence) {
  const notice = $('.notice', form) || $('.content', form).insertAdjacentElement('afterbegin', document.createElement('p'))
  notice.className = 'notice'
  notice.role = 'alert'
  notice.textContent = sentence
}

function counts() {
  for (const count of $$('[data-count]')) {
    const field = document.getElementById(count.dataset.count), max = Number(count.dataset.max)
    if (field) count.textContent = field.value.length + ' of ' + max + ' characters'
    count.toggleAttribute('data-over', field && field.value.length >= max)
  }
}

// ---- What people do

const presses = [
  ['[data-go]', (link, event) => { event.preventDefault(); go(link.getAttribute('href')) }],
  ['[data-clock]', button => act('clock', {do: button.dataset.clock}, button)],
  ['[data-answer]', button => button.closest('dialog').close(button.dataset.answer)],
  ['[data-close]', closeView],
  ['[data-drawer]', () => drawer(body.dataset.drawn === undefined)],
  ['[data-offer]', button => { take(button); $('#line').focus() }],
  ['#newer', () => { const list = $('#messages'); list.scrollTop = list.scrollHeight }],
  ['[data-value][data-sends]', button => {
    const menu = button.closest('details')
    if (menu) { menu.open = false; $('summary', menu).focus() }
    use(button, [button.dataset.value])
  }],
]
document.addEventListener('click', event => {
  for (const menu of $$('details.overflow[open]')) if (!menu.contains(event.target)) menu.open = false
  if (event.target === body) drawer(false)
  for (const [selector, does] of presses) {
    const element = event.target.closest(selector)
    if (element) { does(element, event); return }
  }
})
document.addEventListener('toggle', event => { // a menu opens to where there is room
  const menu = event.target
  if (!menu.matches('details.overflow') || !menu.open) return
  menu.removeAttribute('data-up')
  menu.removeAttribute('data-left')
  const box = $('.menu', menu).getBoundingClientRect(), room = menu.closest('.scroll, .content').getBoundingClientRect()
  menu.toggleAttribute('data-left', box.left < room.left)
  menu.toggleAttribute('data-up', box.bottom > room.bottom)
}, true)
document.addEventListener('change', event => {
  const field = event.target
  if (field.id === 'who') go('/?' + new URLSearchParams({as: field.value, channel: place.get('channel')}))
  else if (field.matches('[data-clock-speed]')) act('clock', {do: field.value}, field)
  else if (field.matches('[data-sends]') && !typing(field)) use(field, field.type === 'checkbox' ? [] : [field.value])
})
const typing = field => field.tagName === 'TEXTAREA' || ['text', 'url', 'email', 'number'].includes(field.type)
let typed = 0
document.addEventListener('input', event => {
  const field = event.target
  counts()
  if (!field.matches('[data-sends][data-each-character]')) return
  clearTimeout(typed)
  typed = setTimeout(() => use(field, [field.value]), 300)
})
document.addEventListener('keydown', event => {
  const field = event.target
  if (event.key === 'Enter' && field.matches('[data-sends]') && typing(field) && field.tagName !== 'TEXTAREA') { event.preventDefault(); use(field, [field.value]) }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && field.matches('#modal textarea')) submitView(field.form)
  if (event.key !== 'Escape' || $('dialog[open]')) return
  const menu = $('details.overflow[open]')
  if (menu) { menu.open = false; $('summary', menu).focus() }
  else if (body.dataset.drawn !== undefined) { drawer(false); $('[data-drawer]').focus() }
  else if (!$('#offers').hidden) offer([])
  else if ($('[data-thread-close]') && field.id !== 'line') $('[data-thread-close]').click()
})
document.addEventListener('submit', event => {
  event.preventDefault()
  event.target.id === 'command' ? send() : submitView(event.target)
})

function drawer(open) {
  body.toggleAttribute('data-drawn', open)
  $('[data-drawer]').setAttribute('aria-expanded', open)
  if (open) $('#rooms a').focus()
}

// ---- Moving about

async function go(address, remember = true) {
  const thread = place.get('thread'), as = place.get('as')
  place = new URLSearchParams(address.split('?')[1])
  if (remember) history.pushState(null, '', address)
  drawer(false)
  offer([])
  tell()
  await refresh(true)
  enterHome()
  if (as !== place.get('as')) return
  if (place.get('thread') && place.get('thread') !== thread) $('#thread h2').focus()
  else if (!place.get('thread')) ($(`[data-ts="${CSS.escape(thread || '-')}"] .thread-link`) || $('#stream h1')).focus({preventScroll: true})
}
addEventListener('popstate', () => go(location.search || '?', false))
const enterHome = () => { if (place.get('channel') === 'home') act('home', {}) }

// fresh marks the channels in which something new stands.
const read = JSON.parse(sessionStorage.getItem('read') || '{}')
function fresh() {
  for (const link of $$('#rooms [data-channel]')) {
    const id = place.get('as') + link.dataset.channel, last = link.dataset.last
    if (link.hasAttribute('aria-current') || !(id in read)) read[id] = last
    link.toggleAttribute('data-fresh', last > read[id])
    if (last > read[id]) link.setAttribute('aria-description', 'new messages')
    else link.removeAttribute('aria-description')
  }
  sessionStorage.setItem('read', JSON.stringify(read))
}

// ---- The command box

const line = $('#line'), sent = JSON.parse(sessionStorage.getItem('sent') || '[]')
let back = 0, chosen = -1
function write(text) { line.value = text; line.setSelectionRange(text.length, text.length); complete() }

// take writes a completion; what stands in angle brackets is left for the person.
const take = button => write(button.dataset.offer.replace(/\s*<.*/, '') + ' ')

function complete() {
  const known = [...$('#completions').content.children]
  offer(line.value.startsWith('/') ? known.filter(row => $('button', row).dataset.offer.startsWith(line.value) && $('button', row).dataset.offer !== line.value.trim()) : [])
}
function offer(rows) {
  chosen = -1
  $('#offers').replaceChildren(...rows.slice(0, 8).map(row => row.cloneNode(true)))
  $('#offers').hidden = rows.length === 0
}
function choose(step) {
  const rows = $$('#offers button')
  chosen = Math.max(-1, Math.min(rows.length - 1, chosen + step))
  rows.forEach((row, i) => row.toggleAttribute('data-chosen', i === chosen))
  if (chosen >= 0) $('#say').textContent = rows[chosen].textContent
}
line.addEventListener('input', () => { back = 0; complete() })
line.addEventListener('keydown', event => {
  const rows = $$('#offers button')
  if (event.key === 'Tab' && rows.length && !event.shiftKey) { event.preventDefault(); take(rows[Math.max(chosen, 0)]) }
  else if (event.key === 'Enter' && chosen >= 0) { event.preventDefault(); take(rows[chosen]) }
  else if (event.key === 'ArrowDown' && rows.length) { event.preventDefault(); choose(1) }
  else if (event.key === 'ArrowUp' && chosen >= 0) { event.preventDefault(); choose(-1) }
  else if (event.key === 'ArrowUp' || event.key === 'ArrowDown' && back) {
    event.preventDefault()
    back = Math.max(0, Math.min(sent.length, back + (event.key === 'ArrowUp' ? 1 : -1)))
    line.value = back ? sent[sent.length - back] : ''
    offer([])
  }
})
async function send() {
  const text = line.value.trim()
  if (!text) return
  offer([])
  const problem = await act('command', {channel: place.get('channel'), line: text}, $('#command button[type="submit"]'))
  if (problem) return
  if (sent.at(-1) !== text) sent.push(text)
  sessionStorage.setItem('sent', JSON.stringify(sent.slice(-50)))
  if (line.value.trim() === text) line.value = ''
  back = 0
}

// ---- What is on the screen, and the live stream

let viewer = '', told = '', telling = 0
const onScreen = new Set()
const eye = new IntersectionObserver(entries => {
  for (const entry of entries) entry.isIntersecting ? onScreen.add(entry.target) : onScreen.delete(entry.target)
  look()
}, {rootMargin: '-8% 0px'})
function watch() {
  for (const article of onScreen) if (!article.isConnected) { onScreen.delete(article); eye.unobserve(article) }
  for (const article of $$('article[data-ts]')) eye.observe(article)
  look()
}
const drawn = article => article.checkVisibility({visibilityProperty: true}) // a thread may cover the messages
function look() {
  clearTimeout(telling)
  telling = setTimeout(() => {
    const away = document.visibilityState === 'hidden'
    const now = {viewer, channel: place.get('channel'), seen: away ? [] : [...onScreen].filter(drawn).map(article => article.dataset.ts).sort(), window: !away && !!$('dialog[open]')}
    if (!viewer || JSON.stringify(now) === told) return
    told = JSON.stringify(now)
    act('seen', now)
  }, 100)
}
addEventListener('visibilitychange', look)

function follow() {
  const stream = new EventSource('/live?' + new URLSearchParams({as: place.get('as'), channel: place.get('channel')}))
  stream.addEventListener('hello', event => { viewer = event.data; offline(false); look() })
  stream.addEventListener('tick', () => refresh())
  stream.addEventListener('clock', event => {
    const day = $('#clock .now').dataset.day
    apply({parts: [JSON.parse(event.data)]}, false)
    if ($('#clock .now').dataset.day !== day) refresh()
  })
  stream.addEventListener('error', () => offline(true))
}

history.replaceState(null, '', '/?' + place)
after(new Map(), false)
follow()
enterHome()
