# One sensor of the simulated BMC: its record (IPMI 2.0, section 43) and its state, as commands of ipmi_sim.
def sdr(num, kind, name, value=0, unit=0, m=1, exp=0, low=(0, 0), high=(0, 0), bits=None, entity=7, inst=1):
    n = list(name.encode())
    at = f"0x20 0 {num}"
    print("sensor_add", at, kind, "1" if bits is None else "0x6f")
    print("sensor_set_event_support", at, "enable scanning per-state 000111111111111 000111111111111 000111111111111 000000000000000")
    if bits is None:
        mask = (3 if low[0] else 0) | (0x18 if high[0] else 0)
        print(f"sensor_set_threshold {at} settable {mask:06b} 0 {high[1]} {high[0]} 0 {low[1]} {low[0]}\nsensor_set_value {at} {value} 1")
        r = [0, 0, 0x51, 1, 43 + len(n), 0x20, 0, num, entity, inst, 0x7f, 0x68, kind, 1, mask, 10, mask, 10, mask, mask, 0, unit, 0, 0, m, 0, 0, 0, 0, (exp & 15) << 4,
             0, 0, 0, 0, 255, 0, 0, high[1], high[0], 0, low[1], low[0], 1, 1, 0, 0, 0, 0xc0 | len(n)] + n
    else:
        for b in bits: print("sensor_set_bit", at, b, "1 1")
        r = [0, 0, 0x51, 2, 27 + len(n), 0x20, 0, num, entity, inst, 0x67, 0x40, kind, 0x6f, 255, 0, 255, 0, 255, 0, 0xc0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xc0 | len(n)] + n
    print("main_sdr_add 0x20", *map(hex, r))
