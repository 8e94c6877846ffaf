/**
 * Strikes and cooldowns: the twin of `cooldown.ts` in the core; neither changes alone. A ladder is a hash: `log`
 * (`time,points;…` of the strikes since the last cooldown), `level`, `until`; `seen` is a sorted set of the ids and
 * offences that were counted, by the time at which they are forgotten.
 */
export const LADDERS: string = /* lua */ `
local function duration(s, level)
  if not s.factor then return s.for_ms end
  local ms, step = s.for_ms, 0
  while step < level and ms < s.max do
    ms = math.floor(ms * s.factor)
    step = step + 1
  end
  return math.min(ms, s.max)
end

local function level_at(s, level, until_ms, now)
  if not s.factor or now >= until_ms + s.forget then return 0 end
  return level
end

-- Strikes still within the window, and the sum of their points.
local function within(log, s, now)
  local kept, total = {}, 0
  for at, points in string.gmatch(log, '(%d+),(%d+)') do
    if tonumber(at) > now - s.within then
      -- The clock was set back: what lies in what is now the future counts from now on.
      kept[#kept + 1] = { math.min(tonumber(at), now), tonumber(points) }
      total = total + tonumber(points)
    end
  end
  return kept, total
end

local function write_log(log)
  local parts = {}
  for i, struck in ipairs(log) do parts[i] = int(struck[1]) .. ',' .. int(struck[2]) end
  return table.concat(parts, ';')
end

-- Points that count now, 0 if the id or every offence was seen before. What is seen again is remembered for longer.
local function remember(seen, s, now)
  local function is_new(name)
    local forgotten = redis.call('ZSCORE', seen, name)
    return not forgotten or tonumber(forgotten) <= now
  end
  local points = 0
  if is_new(s.id) then
    for _, offence in ipairs(s.offences) do
      if offence.points > points and is_new(offence.key) then points = offence.points end
    end
  end
  local until_ms = int(now + s.remember)
  redis.call('ZADD', seen, until_ms, s.id)
  for _, offence in ipairs(s.offences) do redis.call('ZADD', seen, until_ms, offence.key) end
  redis.call('ZREMRANGEBYSCORE', seen, '-inf', int(now))
  redis.call('ZREMRANGEBYRANK', seen, 0, -(MAX_SEEN + 1))
  keep_longer(seen, s.remember)
  return points
end

-- What has ended is removed from the index, some of it with each change.
local function sweep_index(index, ends, now)
  local ended = redis.call('ZRANGEBYSCORE', ends, '-inf', int(now), 'LIMIT', 0, 100)
  if #ended > 0 then
    redis.call('ZREM', ends, unpack(ended))
    redis.call('ZREM', index.versions, unpack(ended))
  end
end

-- A key under which something has changed for everybody: ends is where it stands from now on, with the time until which it matters.
local function tell(index, ends, channel, key, until_ms, remaining, now)
  local epoch = next_epoch(index.meta)
  redis.call('ZADD', ends, int(until_ms), key)
  redis.call('ZADD', index.versions, epoch, key)
  for _, name in ipairs({ ends, index.versions }) do
    if redis.call('PTTL', name) < until_ms - now + SLACK then keep(name, until_ms - now) end
  end
  sweep_index(index, index.active, now)
  sweep_index(index, index.lifted, now)
  redis.call('PUBLISH', channel, table.concat({ 'cooldown', incarnation(index.meta), int(epoch), int(remaining), key }, '\\n'))
end

-- index: active (state keys by end of cooldown), lifted (keys by the time until which somebody may wait for nothing), versions (both by
-- epoch), meta.
local function index_at(keys, from)
  return { active = keys[from], versions = keys[from + 1], meta = keys[from + 2], lifted = keys[from + 3] }
end

local function announce(index, channel, key, until_ms, now)
  local lifted = redis.call('ZREM', index.lifted, key) == 1
  local known = redis.call('ZSCORE', index.active, key)
  if known and not lifted and tonumber(known) >= until_ms then return end
  tell(index, index.active, channel, key, until_ms, until_ms - now, now)
end

-- Nobody has to wait under the key any more.
local function let_go(index, channel, key, until_ms, now)
  redis.call('ZREM', index.active, key)
  tell(index, index.lifted, channel, key, until_ms, 0, now)
end

local function read_ladder(ladder)
  local fields = redis.call('HMGET', ladder, 'log', 'level', 'until', 'cause')
  return fields[1] or '', tonumber(fields[2] or '0'), tonumber(fields[3] or '0'), fields[4] or ''
end

-- How long a ladder matters: \`log\` as a list.
local function keep_ladder(ladder, s, log, until_ms, now)
  local matters = #log > 0 and log[#log][1] + s.within or 0
  if until_ms > 0 then matters = math.max(matters, until_ms + (s.factor and s.forget or 0)) end
  keep(ladder, matters - now)
end

-- Six arguments: strikes, within, for, factor or '', max, forget.
local function terms_at(args, a)
  return {
    strikes = tonumber(args[a]), within = tonumber(args[a + 1]), for_ms = tonumber(args[a + 2]),
    factor = tonumber(args[a + 3]), max = tonumber(args[a + 4]), forget = tonumber(args[a + 5]),
  }
end

local function total_of(log, s, now)
  local _, total = within(log, s, now)
  return total
end

local function strike_one(ladder, seen, s, now)
  local points = remember(seen, s, now)
  local log, level, until_ms = read_ladder(ladder)
  local kept, total = within(log, s, now)
  level = level_at(s, level, until_ms, now)
  local started = false
  if points > 0 then
    total = total + points
    if total < s.strikes then
      local last = kept[#kept]
      if last and last[1] == now then last[2] = last[2] + points else kept[#kept + 1] = { now, points } end
    else
      local ends = now + duration(s, level)
      kept, total = {}, 0
      if s.factor then level = math.min(level + 1, MAX_LEVEL) end
      if ends > until_ms then
        until_ms = ends
        started = true
      end
    end
    redis.call('HSET', ladder, 'log', write_log(kept), 'level', int(level), 'until', int(until_ms), 'cause', s.cause)
    keep_ladder(ladder, s, kept, until_ms, now)
  end
  return points > 0 and 1 or 0, total, level, math.max(0, until_ms - now), until_ms, started
end

-- KEYS: per strike ladder, seen; then the index (active, versions, meta, lifted), unless it lives in another slot of a cluster.
-- ARGV: clock, channel, strikes; per strike: state key, id, remember, terms, cause, offences;
-- per offence: key, points. Answers fresh, points, level, remaining, until per strike.
local function strike(keys, args)
  local now, channel, count = now_ms(args[1]), args[2], tonumber(args[3])
  local index = 2 * count
  local a, answers = 4, {}
  for i = 1, count do
    local s = terms_at(args, a + 3)
    s.key, s.id, s.remember, s.cause, s.offences = args[a], args[a + 1], tonumber(args[a + 2]), args[a + 9], {}
    local offences = tonumber(args[a + 10])
    a = a + 11
    for _ = 1, offences do
      s.offences[#s.offences + 1] = { key = args[a], points = tonumber(args[a + 1]) }
      a = a + 2
    end
    local fresh, points, level, remaining, until_ms, started = strike_one(keys[2 * i - 1], keys[2 * i], s, now)
    if started and keys[index + 1] then announce(index_at(keys, index + 1), channel, s.key, until_ms, now) end
    for _, value in ipairs({ fresh, points, level, remaining, until_ms }) do answers[#answers + 1] = value end
  end
  return answers
end

-- For clusters: the second step of a strike that started a cooldown, or of an amendment. Repeating it changes nothing that matters.
-- KEYS: the index. ARGV: clock, channel, state key, until, 'lifted' or ''.
local function cooled(keys, args)
  local now, until_ms = now_ms(args[1]), tonumber(args[4])
  if args[5] == 'lifted' then
    let_go(index_at(keys, 1), args[2], args[3], until_ms, now)
  else
    announce(index_at(keys, 1), args[2], args[3], until_ms, now)
  end
  return 'OK'
end
`;
