using System.Net;
using IotOps.Defender.Validation;

namespace IotOps.Defender.Readings;

/// <summary>
/// Which interface has a local address. Built anew with each collection and asked for each socket, so it is a hash table: a gateway has
/// hundreds of addresses and thousands of sockets.
/// </summary>
internal sealed class LocalAddresses
{
    public const ulong MappedPrefix = 0xFFFF_0000_0000;

    private const uint LoopbackNetwork = 127;

    private Entry[] _entries = new Entry[64];
    private int _count;

    /// <summary>An IPv4 address, of which the first byte is the highest, as it is kept here.</summary>
    public static UInt128 Map(uint address) => MappedPrefix | address;

    /// <summary>The same for the system's own form.</summary>
    public static UInt128 From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.MapToIPv6().TryWriteBytes(bytes, out _);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public void Clear()
    {
        Array.Clear(_entries);
        _count = 0;
    }

    /// <summary>An address that two interfaces have is nobody's: the socket tables do not tell link-local ones apart.</summary>
    public void Add(UInt128 address, string name)
    {
        if (_count * 2 >= _entries.Length)
        {
            Grow();
        }

        ref Entry entry = ref Find(_entries, address);
        if (!entry.IsTaken)
        {
            // Linux takes names that a report does not; one such must not cost the whole report.
            string? shown = ReportRules.InterfaceError(name) is null ? name : null;
            entry = new Entry { Address = address, Name = shown, IsTaken = true };
            _count++;
        }
        else if (entry.Name != name)
        {
            entry.Name = null;
        }
    }

    /// <summary>The interface of a local address, the wildcard address itself for a listener on all; null when it is not known.</summary>
    public string? NameOf(UInt128 address)
    {
        if (address == UInt128.Zero)
        {
            return "::";
        }

        if (address == MappedPrefix)
        {
            return "0.0.0.0";
        }

        ref Entry entry = ref Find(_entries, address);
        if (!entry.IsTaken && address >> 32 == MappedPrefix >> 32 && (uint)address >> 24 == LoopbackNetwork)
        {
            // All of 127.0.0.0/8 is the loopback's, although only one address of it is on the list.
            entry = ref Find(_entries, Map((LoopbackNetwork << 24) | 1));
        }

        return entry.Name;
    }

    private static ref Entry Find(Entry[] entries, UInt128 address)
    {
        ulong hash = ((ulong)address ^ (ulong)(address >> 64)) * 0x9E37_79B9_7F4A_7C15;
        int mask = entries.Length - 1;
        int at = (int)(hash >> 32) & mask;
        while (entries[at].IsTaken && entries[at].Address != address)
        {
            at = (at + 1) & mask;
        }

        return ref entries[at];
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        foreach (Entry entry in _entries)
        {
            if (entry.IsTaken)
            {
                Find(larger, entry.Address) = entry;
            }
        }

        _entries = larger;
    }

    private struct Entry
    {
        public UInt128 Address;
        public string? Name;
        public bool IsTaken;
    }
}
