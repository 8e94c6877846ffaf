/**
 * Halts, modes, and the sequence of changes. A change is eight lines of text, written here and read by `change.ts`:
 * op, request id, epoch, time of the change, time of the control, end or nothing, the control, who and why. The last two are JSON made
 * by the client, which this code passes on unread.
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

local function forgettable(change, now)
  if change.op == 'lift' then return now >= change.at + LIFTED end
  return change.ends ~= '' and now >= tonumber(change.ends) + LIFTED
end

-- The change that a request made, if it is among those remembered.
local function made_by(history, request)
  local second = '\\n' .. request .. '\\n'
  for _, text in ipairs(redis.call('LRANGE', history, 0, -1)) do
    local from = string.find(text, '\\n', 1, true)
    if string.sub(text, from, from + #second - 1) == second then return text end
  end
  return nil
end

-- KEYS: meta, controls, history. ARGV: clock, channel, op, field, request id, control, who and why, since or '', for or '', the request
-- that set the control to lift or ''.
-- Answers the change, or nothing when nothing changed.
local function control(keys, args)
  local now, channel, op, field, request = now_ms(args[1]), args[2], args[3], args[4], args[5]
  local body, since, lasts = args[6], args[8], args[9]
  local made = made_by(keys[3], request)
  if made then return made end
  local text = redis.call('HGET', keys[2], field)
  local slot = text and read_change(text)
  if op == 'restore' and slot then return false end
  if op == 'lift' then
    if not (slot and stands(slot, now)) then return false end
    if args[10] ~= '' and args[10] ~= slot.id then return false end
  end

  local ends = ''
  if op == 'lift' then
    body, since, ends = slot.control, slot.since, slot.ends
  else
    if op == 'set' then since = int(now) end
    if lasts ~= '' then ends = int(now + tonumber(lasts)) end
  end
  local epoch = next_epoch(keys[1])
  local change = table.concat({ op, request, int(epoch), int(now), since, ends, body, args[7] }, '\\n')

  redis.call('HSET', keys[2], field, change)
  redis.call('LPUSH', keys[3], change)
  redis.call('LTRIM', keys[3], 0, HISTORY - 1)
  local all = redis.call('HGETALL', keys[2])
  for i = 1, #all, 2 do
    if forgettable(read_change(all[i + 1]), now) then redis.call('HDEL', keys[2], all[i]) end
  end
  redis.call('HSET', keys[1], 'c', epoch)
  redis.call('PUBLISH', channel, 'control\\n' .. change)
  return change
end

-- KEYS: meta, controls, active, versions. ARGV: clock, incarnation, epoch (both empty: everything).
-- Answers incarnation, epoch, now, full, controls or nothing, state key and remaining of each cooldown.
local function sync(keys, args)
  local now = now_ms(args[1])
  local id = incarnation(keys[1])
  local epoch = tonumber(redis.call('HGET', keys[1], 'n') or '0')
  local since = tonumber(args[3]) or 0
  -- Somebody knows more changes than there are: this is an older copy of what it was. From now on it is another one, for everybody.
  if args[2] == id and since > epoch then id = new_incarnation(keys[1]) end
  local full = args[2] ~= id or since > epoch
  if full then since = 0 end

  local cooldowns = {}
  local changed = full and redis.call('ZRANGE', keys[3], 0, -1) or redis.call('ZRANGEBYSCORE', keys[4], '(' .. int(since), '+inf')
  for _, key in ipairs(changed) do
    local remaining = tonumber(redis.call('ZSCORE', keys[3], key) or '0') - now
    if remaining > 0 then
      cooldowns[#cooldowns + 1] = key
      cooldowns[#cooldowns + 1] = remaining
    end
  end

  local controls = false
  if full or tonumber(redis.call('HGET', keys[1], 'c') or '0') > since then
    controls = {}
    for _, text in ipairs(redis.call('HVALS', keys[2])) do
      if stands(read_change(text), now) then controls[#controls + 1] = text end
    end
  end
  return { id, epoch, now, full and 1 or 0, controls, cooldowns }
end

-- KEYS: history. ARGV: clock, how many. Newest first.
local function history(keys, args)
  return redis.call('LRANGE', keys[1], 0, tonumber(args[2]) - 1)
end
`;
