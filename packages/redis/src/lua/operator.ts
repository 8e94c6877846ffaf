/**
 * What operators see and do of single subjects: the twin of `amended` in the core's `cooldown.ts`, and of
 * `memory-store.ts`.
 */
export const OPERATOR: string = /* lua */ `
local function look_at_ladder(ladder, s, now)
  local log, level, until_ms, cause = read_ladder(ladder)
  local points, counting, wait = total_of(log, s, now), level_at(s, level, until_ms, now), math.max(0, until_ms - now)
  if points + counting + wait == 0 then cause = '' end
  return { points, counting, wait, cause }
end

local function look_at_limit(key, kind, allow, per, window, now)
  if kind == 'sum' then
    local _, used, oldest = wait_for_room(key, nil, allow, per, window, now)
    return { math.max(0, allow - used), reset_after(oldest, per, window, now) }
  end
  local used = redis.call('ZCOUNT', key, int(window_at(per, window, now)), '+inf')
  return { math.max(0, allow - used), reset_of(key, kind, used, per, window, now) }
end

-- KEYS per look: ladder, ids or sums. ARGV: clock, then seven per look: 'ladder' and its terms, or kind, allow, per, window and nothing.
-- Answers per look points, level, remaining and cause, or what is left and when it resets.
local function look(keys, args)
  local now, answers = now_ms(args[1]), {}
  for i = 1, #keys do
    local a = 2 + (i - 1) * 7
    if args[a] == 'ladder' then
      answers[i] = look_at_ladder(keys[i], terms_at(args, a + 1), now)
    else
      answers[i] = look_at_limit(keys[i], args[a], tonumber(args[a + 1]), tonumber(args[a + 2]), args[a + 3], now)
    end
  end
  return answers
end

-- KEYS: ladder; then the index, unless it lives in another slot of a cluster.
-- ARGV: clock, channel, state key, op, for, cause, terms. Answers what is kept then, and the until that is to be told, with 'lifted' or ''.
local function amend(keys, args)
  local now, channel, key, op, ladder, s = now_ms(args[1]), args[2], args[3], args[4], keys[1], terms_at(args, 7)
  local log, level, before = read_ladder(ladder)
  local until_ms = before
  level = level_at(s, level, before, now)
  if op == 'put_on' then until_ms = math.max(before, now + tonumber(args[5])) end
  if op == 'lift' then until_ms = math.min(before, now) end
  if op == 'forgive' then log, level, until_ms = '', 0, 0 end
  if op == 'put_on' or redis.call('EXISTS', ladder) == 1 then
    redis.call('HSET', ladder, 'log', log, 'level', int(level), 'until', int(until_ms), 'cause', args[6])
    keep_ladder(ladder, s, within(log, s, now), until_ms, now)
  end
  local told, how = 0, ''
  if until_ms > before then told = until_ms end
  if before > now and until_ms < before then told, how = before, 'lifted' end
  if told > 0 and keys[2] then
    if how == 'lifted' then
      let_go(index_at(keys, 2), channel, key, told, now)
    else
      announce(index_at(keys, 2), channel, key, told, now)
    end
  end
  local answer = look_at_ladder(ladder, s, now)
  answer[5], answer[6] = told, how
  return answer
end

-- KEYS: ids, or sums, even and odd; then the index, unless it lives in another slot of a cluster.
-- ARGV: clock, channel, state key, how many keys the limit has, kind, allow, per, window. Answers what is left, when it resets, and the
-- time until which somebody may know of a wait.
local function forget(keys, args)
  local now, count, per = now_ms(args[1]), tonumber(args[4]), tonumber(args[7])
  for i = 1, count do redis.call('UNLINK', keys[i]) end
  if keys[count + 1] then let_go(index_at(keys, count + 1), args[2], args[3], now + per, now) end
  local answer = look_at_limit(keys[1], args[5], tonumber(args[6]), per, args[8], now)
  answer[3] = now + per
  return answer
end
`;
