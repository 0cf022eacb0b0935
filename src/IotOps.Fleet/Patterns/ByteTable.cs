using System.Buffers.Binary;

namespace IotOps.Fleet.Patterns;

/// <summary>Values by names in UTF-8, looked up without making a string. Filled once, then read by any number of threads.</summary>
internal sealed class ByteTable<T>
    where T : class
{
    private const int FirstSlots = 8;

    private byte[]?[] _names = new byte[]?[FirstSlots];
    private T[] _values = new T[FirstSlots];

    public int Count { get; private set; }

    public T? Find(ReadOnlySpan<byte> name)
    {
        byte[]?[] names = _names;
        int mask = names.Length - 1;
        for (int slot = (int)Hash(name) & mask; names[slot] is { } there; slot = (slot + 1) & mask)
        {
            if (name.SequenceEqual(there))
            {
                return _values[slot];
            }
        }

        return null;
    }

    /// <summary>Adds a name that is not there yet.</summary>
    public void Add(ReadOnlySpan<byte> name, T value)
    {
        // At most a quarter full: most names that are looked up are not there, and an empty slot says so at once.
        if (4 * (Count + 1) > _names.Length)
        {
            Grow();
        }

        Put(name.ToArray(), value);
        Count++;
    }

    private void Grow()
    {
        byte[]?[] names = _names;
        T[] values = _values;
        _names = new byte[]?[2 * names.Length];
        _values = new T[2 * names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] is { } name)
            {
                Put(name, values[i]);
            }
        }
    }

    private void Put(byte[] name, T value)
    {
        int mask = _names.Length - 1;
        int slot = (int)Hash(name) & mask;
        while (_names[slot] is not null)
        {
            slot = (slot + 1) & mask;
        }

        _names[slot] = name;
        _values[slot] = value;
    }

    // The two ends and the length: names that differ only in the middle are rare, and cost a comparison each.
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        ulong hash = (ulong)name.Length;
        if (name.Length >= 8)
        {
            hash += (BinaryPrimitives.ReadUInt64LittleEndian(name) * 31) ^ BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (name.Length >= 4)
        {
            hash += BinaryPrimitives.ReadUInt32LittleEndian(name) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32);
        }
        else
        {
            foreach (byte b in name)
            {
                hash = (hash << 8) | b;
            }
        }

        return (uint)((hash * 0x9E37_79B9_7F4A_7C15) >> 33);
    }
}
