/**
 * Halts, modes, and the sequence of changes. A change is eight lines of text, written here and read by `change.ts`: op,
 * request id, epoch, time of the change, time of the control, end or nothing, the control, who and why. The last two
 * are JSON made by the client, which this code passes on unread.
 */
export const CONTROLS: string = /* lua */ `
local function read_change(text)
  local lines = {}
  for line in string.gmatch(text .. '\\n', '(.-)\\n') do lines[#lines + 1] = line end
  return { op = lines[1], id = lines[2], at = tonumber(lines[4]), since = lines[5], ends = lines[6], control = lines[7] }
end

local function stands(change, now)
  return change.op ~= 'lift' and (change.ends == '' or tonumber(change.ends) > now)
end

-- When a change no longer matters to anything that may still come; nothing for a control without an end.
local function forgotten_at(change)
  if change.op == 'lift' then return change.at + LIFTED end
  return change.ends ~= '' and tonumber(change.ends) + LIFTED or nil
end

-- Constant work, however many controls there are: a few of those that are forgotten make room for one.
local function record(controls, history, requests, forget, changed, field, change, epoch, now)
  redis.call('HSET', controls, field, change)
  redis.call('ZADD', changed, epoch, field)
  local made = read_change(change)
  local at = forgotten_at(made)
  if at then redis.call('ZADD', forget, int(at), field) else redis.call('ZREM', forget, field) end
  local over = redis.call('ZRANGEBYSCORE', forget, '-inf', int(now), 'LIMIT', 0, 10)
  if #over > 0 then
    redis.call('HDEL', controls, unpack(over))
    redis.call('ZREM', forget, unpack(over))
    redis.call('ZREM', changed, unpack(over))
  end
  redis.call('HSET', requests, made.id, change)
  if redis.call('LPUSH', history, change) > HISTORY then
    redis.call('HDEL', requests, read_change(redis.call('RPOP', history)).id)
  end
end

-- Changes one control, and answers the change, or nothing when nothing changed.
local function change_control(keys, now, channel, asked)
  local op, field, request, body, since, lasts = asked.op, asked.field, asked.id, asked.body, asked.since, asked.lasts
  local made = redis.call('HGET', keys[4], request)
  if made then return made end
  local text = redis.call('HGET', keys[2], field)
  local slot = text and read_change(text)
  local until_ms = slot and forgotten_at(slot)
  if until_ms and until_ms <= now then slot = nil end
  if op == 'restore' and slot then return false end
  if op == 'lift' then
    if not (slot and stands(slot, now)) then return false end
    if asked.only ~= '' and asked.only ~= slot.id then return false end
  end

  local ends = ''
  if op == 'lift' then
    body, since, ends = slot.control, slot.since, slot.ends
  else
    if op == 'set' then since = int(now) end
    if lasts ~= '' then ends = int(now + tonumber(lasts)) end
  end
  local epoch = next_epoch(keys[1])
  local change = table.concat({ op, request, int(epoch), int(now), since, ends, body, asked.by }, '\\n')

  record(keys[2], keys[3], keys[4], keys[5], keys[6], field, change, epoch, now)
  redis.call('HSET', keys[1], 'c', epoch)
  redis.call('PUBLISH', channel, 'control\\n' .. incarnation(keys[1]) .. '\\n' .. change)
  return change
end

-- KEYS: meta, controls, history, requests (changes by request, as many as in the history), forget (fields by when they are forgotten),
-- changed (fields by the epoch of their last change: what a process has missed is found without reading the others).
-- ARGV: clock, channel, op, field, request id, control, who and why, since or '', for or '', the request
-- that set the control to lift or ''.
-- Answers the change, or nothing when nothing changed.
local function control(keys, args)
  local asked = { op = args[3], field = args[4], id = args[5], body = args[6], by = args[7], since = args[8] }
  asked.lasts, asked.only = args[9], args[10]
  return change_control(keys, now_ms(args[1]), args[2], asked)
end

-- KEYS as above. ARGV: clock, channel, for or '', then per control: field, request id, control, who and why. Answers the changes.
local function set_all(keys, args)
  local now, changes = now_ms(args[1]), {}
  for a = 4, #args, 4 do
    local asked = { op = 'set', field = args[a], id = args[a + 1], body = args[a + 2], by = args[a + 3], lasts = args[3] }
    changes[#changes + 1] = change_control(keys, now, args[2], asked)
  end
  return changes
end

-- A process is here, and knows everything up to the epoch.
local function note_process(processes, known, process, epoch, now)
  redis.call('ZADD', processes, int(now), process)
  redis.call('HSET', known, process, int(epoch))
  for _, name in ipairs({ processes, known }) do keep(name, PROCESS) end
  local gone = redis.call('ZRANGEBYSCORE', processes, '-inf', '(' .. int(now - PROCESS), 'LIMIT', 0, 100)
  if #gone > 0 then
    redis.call('ZREM', processes, unpack(gone))
    redis.call('HDEL', known, unpack(gone))
  end
end

-- Fields of controls that changed after the epoch, in no order.
local function changes_since(controls, changed, since)
  local fields = redis.call('ZRANGEBYSCORE', changed, '(' .. int(since), '+inf')
  local texts = {}
  for _, field in ipairs(fields) do
    local text = redis.call('HGET', controls, field)
    if text then texts[#texts + 1] = text end
  end
  return texts
end

-- The data is another copy than when somebody last asked: a replica after a failover, or a slot that moved. It may lack
-- changes, and have given their numbers to others since. Servers that do not let scripts ask are never another copy.
local function is_another_copy(meta)
  local info = redis.pcall('INFO', 'replication')
  local copy = type(info) == 'string' and string.match(info, 'master_replid:(%w+)')
  if not copy then return false end
  local before = redis.call('HGET', meta, 'copy')
  if before ~= copy then redis.call('HSET', meta, 'copy', copy) end
  return before and before ~= copy
end

-- KEYS: meta, controls, active, versions, lifted, changed, processes, known, requests.
-- ARGV: clock, incarnation, epoch (those of nobody, '' and 0: everything), process or ''.
-- Answers incarnation, epoch, now, full, controls or their changes or nothing, key and remaining of each cooldown.
local function sync(keys, args)
  local now = now_ms(args[1])
  local id = incarnation(keys[1])
  local epoch = tonumber(redis.call('HGET', keys[1], 'n') or '0')
  local since = tonumber(args[3])
  -- Somebody knows more changes than there are: this is an older copy of what it was. From now on it is another one, for everybody.
  local another = is_another_copy(keys[1])
  if another or (args[2] == id and since > epoch) then id = new_incarnation(keys[1]) end
  -- Controls have changed, and the last of them at least is always kept: the server has evicted them. Those who know them bring them back.
  if redis.call('HEXISTS', keys[1], 'c') == 1 and redis.call('EXISTS', keys[2], keys[6]) < 2 then
    redis.call('HDEL', keys[1], 'c')
    -- What a request made is gone: it is made again.
    redis.call('UNLINK', keys[9])
    id = new_incarnation(keys[1])
  end
  local full = args[2] ~= id or since > epoch
  if full then since = 0 end
  if args[4] ~= '' then note_process(keys[7], keys[8], args[4], since, now) end

  local cooldowns, changed = {}, {}
  if full then
    -- There may be very many: they are read in one command.
    cooldowns = redis.call('ZRANGEBYSCORE', keys[3], '(' .. int(now), '+inf', 'WITHSCORES')
    for i = 2, #cooldowns, 2 do cooldowns[i] = tonumber(cooldowns[i]) - now end
  else
    changed = redis.call('ZRANGEBYSCORE', keys[4], '(' .. int(since), '+inf')
  end
  for _, key in ipairs(changed) do
    local ends = redis.call('ZSCORE', keys[3], key)
    local remaining = tonumber(ends or '0') - now
    if remaining > 0 or (not ends and tonumber(redis.call('ZSCORE', keys[5], key) or '0') > now) then
      cooldowns[#cooldowns + 1] = key
      cooldowns[#cooldowns + 1] = math.max(0, remaining)
    end
  end

  local controls = false
  if full then
    controls = {}
    for _, text in ipairs(redis.call('HVALS', keys[2])) do
      if stands(read_change(text), now) then controls[#controls + 1] = text end
    end
  elseif tonumber(redis.call('HGET', keys[1], 'c') or '0') > since then
    controls = changes_since(keys[2], keys[6], since)
  end
  return { id, epoch, now, full and 1 or 0, controls, cooldowns }
end

-- KEYS: processes, known. ARGV: clock, a process that leaves or ''. Answers process, epoch, milliseconds ago of each.
local function processes(keys, args)
  local now = now_ms(args[1])
  if args[2] ~= '' then
    redis.call('ZREM', keys[1], args[2])
    redis.call('HDEL', keys[2], args[2])
  end
  local found = {}
  local here = redis.call('ZRANGEBYSCORE', keys[1], int(now - PROCESS), '+inf', 'WITHSCORES')
  for i = 1, #here, 2 do
    found[#found + 1] = here[i]
    found[#found + 1] = tonumber(redis.call('HGET', keys[2], here[i]) or '0')
    found[#found + 1] = math.max(0, now - tonumber(here[i + 1]))
  end
  return found
end

-- KEYS: history. ARGV: clock, how many. Newest first.
local function history(keys, args)
  return redis.call('LRANGE', keys[1], 0, tonumber(args[2]) - 1)
end
`;
