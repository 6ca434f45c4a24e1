-- KEYS[1]: the record. ARGV: the token; how long it is remembered in ms; the channel.
local kept = redis.call('HMGET', KEYS[1], 'token', 'lease')
if kept[1] ~= ARGV[1] or not kept[2] then
    return 0
end
-- The next token must be greater also if the server's clock is set back meanwhile.
redis.call('HDEL', KEYS[1], 'lease', 'ttl', 'fingerprint')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], KEYS[1])
return 1
