/**
 * What every function uses. The first argument of each function is the time in milliseconds, empty in production: then
 * the server's own `TIME` counts. Tests give one, so that a random sequence of operations can be run against a model.
 */
export const SHARED: string = /* lua */ `
-- Keys outlive what is in them by this much: what has ended is recognised by its times, not by its absence.
local SLACK = 60000
local MAX_SEEN = 1024
local HISTORY = 1000
local LIFTED = 24 * 60 * 60 * 1000
local MAX_LEVEL = 1000
local HOLD_RETRY = 1000
local PROCESS = 30000

local function now_ms(given)
  if given ~= '' then return tonumber(given) end
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Lua writes large whole numbers in scientific notation.
local function int(n) return string.format('%.0f', n) end

local function keep(key, ms)
  redis.call('PEXPIRE', key, int(math.max(0, ms) + SLACK))
end

-- The same for what has a time of its own in it: a policy that remembers for less does not take it away.
local function keep_longer(key, ms)
  if redis.call('PTTL', key) < math.max(0, ms) + SLACK then keep(key, ms) end
end

-- Start and end of the window; one that slides has no end. window: 'sliding', 'fixed', or moments at which periods of a calendar begin.
local function window_at(per, window, now)
  if window == 'sliding' then return now - per + 1 end
  if window == 'fixed' then return now - now % per, now - now % per + per end
  local start
  for edge in string.gmatch(window, '%d+') do
    if tonumber(edge) > now then
      if start then return start, tonumber(edge) end
      break
    end
    start = tonumber(edge)
  end
  -- The client's clock is another one: it looks up the moments around this.
  error('FLYBALLCLOCK ' .. int(now))
end

-- meta: id (changes when the data was lost), n (changes so far), c (the latest of them that touched a control), copy (the server's name for this copy of its data)
local function new_incarnation(meta)
  local t = redis.call('TIME')
  local id = t[1] .. '.' .. t[2]
  redis.call('HSET', meta, 'id', id)
  return id
end

local function incarnation(meta)
  return redis.call('HGET', meta, 'id') or new_incarnation(meta)
end

local function next_epoch(meta)
  incarnation(meta)
  return redis.call('HINCRBY', meta, 'n', 1)
end
`;
