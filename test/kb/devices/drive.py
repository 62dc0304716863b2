# What a simulated SATA drive answers: identity, SMART attributes, self-tests, error log. Values are the caller's, forms are of ACS-4.
import os, struct
FULL = {1: (0x0f, 6), 3: (3, 21), 4: (0x32, 0), 5: (0x33, 36), 7: (0x0f, 30), 9: (0x32, 0), 10: (0x13, 97), 12: (0x32, 0)}
def drive(dev, attrs, tests=(), errors=(), failed=False, model="EXAMPLE HD4000", serial="EX4A0017", rpm=7200, busy=0, link=0x86, phy=()):
    d = f"/usr/local/lib/kb/{dev}/"
    os.makedirs(d, exist_ok=True)
    def put(name, data, checked=True):
        b = bytearray(bytes(data).ljust(512, b"\0"))
        if checked: b[511] = -sum(b[:511]) & 255
        open(d + name, "wb").write(b)
    w = bytearray(512)
    def text(at, t, n): w[at:at + n] = b"".join(x[1:] + x[:1] for x in (t.ljust(n).encode()[i:i + 2] for i in range(0, n, 2)))
    text(20, serial, 20); text(46, "EX01", 8); text(54, model, 40)
    for i, v in {0: 0x40, 49: 0x2f00, 76: 0x850e, 77: link, 80: 0x7f0, 82: 0x346b, 83: 0x7d61, 84: 0x6163, 85: 0x3469, 86: 0xbc41, 87: 0x6163,
                 106: 0x6003, 108: 0x5000, 109: 0xc500, 110: 0xa1b2, 111: 0xc3d4, 217: rpm, 222: 0x107f, 255: 0xa5}.items():
        struct.pack_into("<H", w, 2 * i, v)
    struct.pack_into("<I", w, 120, 0xfffffff); struct.pack_into("<Q", w, 200, 4000787030016 // 512)
    put("ec-00-00", w)
    put("12-00", b"\0\0\5\2\x5b\0\0\0ATA     " + model[:16].ljust(16).encode() + b"EX01", False)
    a = bytearray(512); t = bytearray(512); a[0] = t[0] = 10
    for i, (id, value, worst, raw) in enumerate(attrs):
        flag, thresh = FULL.get(id, (0x32, 0))
        struct.pack_into("<BHBB", a, 2 + 12 * i, id, flag, value, worst)
        a[7 + 12 * i:13 + 12 * i] = raw.to_bytes(6, "little")
        t[2 + 12 * i], t[3 + 12 * i] = id, thresh
    a[362] = 0x82; a[363] = busy or (tests[0][1] << 4 if tests else 0)
    a[364:377] = bytes([58, 2, 0, 0x7b, 3, 0, 1, 0, 2, 255, 2]) + (430).to_bytes(2, "little")
    put("b0-d0-00", a); put("b0-d1-00", t); put("b0-d4-00", b"")
    log = bytearray(512); log[0] = 1; log[508] = len(tests)
    for i, (kind, status, hours, left, lba) in enumerate(reversed(tests)):
        struct.pack_into("<BBHBI", log, 2 + 24 * i, kind, status << 4 | left, hours, 0, lba)
    put("b0-d5-06", log); put("b0-d5-09", b"\1")
    e = bytearray(512); e[0] = 1; e[1] = min(5, len(errors)); struct.pack_into("<H", e, 452, len(errors))
    for i, (hours, lba, error, cmd) in enumerate(errors[-5:]):
        at = 2 + 90 * i
        for k in range(5): struct.pack_into("<BBBIBI", e, at + 12 * k, 0, 0, 8, lba | 0xe0000000, cmd, 1000000 + 5000 * k)
        struct.pack_into("<BBBIB", e, at + 60, 0, error, 8, lba | 0xe0000000, 0x51)
        e[at + 87] = 3; struct.pack_into("<H", e, at + 88, hours)
    put("b0-d5-01", e)
    logs = bytearray(512); logs[0] = logs[2] = logs[12] = logs[18] = 1
    put("b0-d5-00", logs, False)
    if phy: logs[34] = 1
    put("2f-00-00", logs, False)
    put("2f-00-11", bytes(4) + b"".join(struct.pack("<H", id | size // 2 << 12) + v.to_bytes(size, "little") for id, size, v in phy))
    if failed: open(d + "failed", "w")
    elif os.path.exists(d + "failed"): os.remove(d + "failed")
