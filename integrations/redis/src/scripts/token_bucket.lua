-- KEYS[1]: when it was last written, and the debt then. ARGV: what the request costs; what comes back per µs; the debt of an
-- empty bucket; that of a new one; how long in ms a full bucket is remembered.
-- The debt is what is missing from a full bucket. A token is as many of its units as the period has µs, and as many units
-- come back per µs as the rate's amount: whole numbers, so nothing is rounded and nothing drifts.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, gain, full, debt = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('GET', KEYS[1])
if kept then
    local since, then_due = string.match(kept, '^(%S+) (%S+)$')
    -- A clock that was set back gives nothing and takes nothing.
    debt = math.max(0, then_due - math.max(0, now - since) * gain)
end
local allowed, retry = 0, -1
if cost <= full then
    if debt + cost <= full then
        allowed, retry, debt = 1, 0, debt + cost
    else
        retry = math.ceil((debt + cost - full) / gain)
    end
end
local reset = math.ceil(debt / gain)
-- What does not start full starts with the first request that can be waited for.
if allowed == 1 or not kept and debt > 0 and retry > 0 then
    redis.call('SET', KEYS[1], string.format('%.0f %.17g', now, debt), 'PX',
        string.format('%.0f', math.ceil(reset / 1000) + ARGV[5]))
end
return {allowed, string.format('%.17g', full - debt), retry, reset}
