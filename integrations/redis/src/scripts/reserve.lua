-- KEYS[1]: the record. ARGV: the lease in µs; how long a running record is kept after it in ms; the fingerprint, or nothing.
-- A running record has a lease, a completed one a result; one that was released has only its token, for a minute.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local kept = redis.call('HMGET', KEYS[1], 'token', 'fingerprint', 'lease', 'result')
local token, fingerprint, lease, result = kept[1], kept[2], kept[3], kept[4]
if fingerprint and ARGV[3] ~= '' and fingerprint ~= ARGV[3] then
    return {3}
end
if result then
    return {2, result}
end
if lease and lease - now > 0 then
    return {1, tonumber(token), lease - now}
end
local next = now
if token and token + 1 > next then
    next = token + 1
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'token', string.format('%.0f', next), 'lease', string.format('%.0f', now + ARGV[1]),
    'ttl', ARGV[2])
if ARGV[3] ~= '' then
    redis.call('HSET', KEYS[1], 'fingerprint', ARGV[3])
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(ARGV[1] / 1000) + ARGV[2]))
return {0, next, lease and 1 or 0}
